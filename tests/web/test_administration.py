"""The administrator gives and takes accesses, closes connections, and changes the addresses of the CPTS."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.accounts.models import OpenSignIn, Role, RoleName
from cpts_sessions.accounts.services import give
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage, WorkerBeat
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from tests.browsing import sign_in, submit
from tests.factories import make_organisation, make_person
from tests.page import words
from tests.web.coordination import after, stored, text_of
from tests.web.counted_queries import queries_for

PAGE = "/admin/"
GRANT = "/admin/acces/donner"
ADDRESSES = {"public_url": "http://localhost", "mail_address": "contact@cpts.example.org", "lu": "y"}


@pytest.fixture
def administrator(browser, organisation):
    """The browser of whoever administers the CPTS."""
    person = make_person(organisation, first_name="Ada", last_name="Lovelace")
    give(person, RoleName.ADMINISTRATOR)
    sign_in(browser, person)
    return browser


def colleague(organisation, role=RoleName.COORDINATOR, **changes):
    person = make_person(organisation, **{"first_name": "Eva", "last_name": "Martin", **changes})
    give(person, role)
    return person


def revoking(person, role):
    return f"/admin/acces/{person.public_id}/{role}/retirer"


def test_alone_one_is_told_to_give_an_access(administrator):
    page = text_of(administrator, PAGE)

    assert "Vous êtes la seule personne à avoir un accès." in page
    assert "Aucune autre connexion ouverte." in page


def test_an_access_is_given_to_somebody_new_and_she_is_told(administrator, organisation):
    sent = {"email": "eva@example.org", "nom": "Eva Martin", "acces": "coordinator", "dispositif": ""}
    page = after(administrator, submit(administrator, GRANT, **sent))

    assert "Accès donné à Eva Martin." in page
    assert [one.name for one in stored(Role).join(Person).filter(Person.last_name == "Martin")] == ["coordinator"]
    assert [one.to_address for one in stored(OutboxMessage).filter_by(kind="role_accorde")] == ["eva@example.org"]


def test_an_animator_may_be_given_a_whole_programme(administrator, organisation, programme):
    sent = {"email": "eva@example.org", "nom": "Eva Martin", "acces": "animator", "dispositif": "gapp"}
    submit(administrator, GRANT, **sent)

    assert [one.programme_id for one in stored(Role).filter_by(name="animator")] == [programme.id]


def test_without_a_name_an_unknown_address_is_asked_back(administrator):
    response = submit(administrator, GRANT, email="eva@example.org", nom="", acces="coordinator", dispositif="")

    assert response.status_code == 422
    assert "Personne n'a encore cette adresse : précisez « Prénom Nom »." in words(response.get_data(as_text=True))


def test_an_access_is_taken_back_at_once_after_a_question(app, administrator, organisation):
    eva = colleague(organisation)
    her_browser = app.test_client()
    sign_in(her_browser, eva)
    assert her_browser.get("/coordination/").status_code == 200

    assert "Retirer l'accès d'Eva Martin ?" in text_of(administrator, revoking(eva, "coordinator"))
    page = after(administrator, submit(administrator, revoking(eva, "coordinator")))

    assert "Accès retiré, dès maintenant." in page
    assert her_browser.get("/coordination/").status_code == 303
    assert [one.to_address for one in stored(OutboxMessage).filter_by(kind="role_retire")] == [eva.email]
    assert administrator.get(revoking(eva, "coordinator")).status_code == 404


def test_the_last_administrator_stays(administrator, organisation):
    ada = stored(Person).filter_by(last_name="Lovelace").one()

    response = submit(administrator, revoking(ada, "administrator"))

    assert response.status_code == 422
    assert "Personne d'autre n'administre la CPTS" in words(response.get_data(as_text=True))
    assert stored(Role).filter_by(name="administrator").count() == 1


def test_the_connections_of_somebody_are_closed(app, administrator, organisation):
    eva = colleague(organisation)
    her_browser = app.test_client()
    sign_in(her_browser, eva)
    assert "Eva Martin" in text_of(administrator, PAGE).partition("Connexions ouvertes")[2]

    page = after(administrator, submit(administrator, f"/admin/connexions/{eva.public_id}/fermer", page=PAGE))

    assert "Connexion fermée." in page
    assert stored(OpenSignIn).filter_by(person_id=eva.id).count() == 0
    assert stored(AuditEntry).filter_by(kind="sign_ins_closed", person_id=eva.id).count() == 1


def test_the_list_of_accesses_asks_the_same_number_of_queries_whatever_it_shows(administrator, organisation):
    colleague(organisation)
    one = queries_for(administrator, PAGE)
    for number in range(2):
        colleague(organisation, last_name=f"Autre{number}")

    assert queries_for(administrator, PAGE) == one


def test_the_addresses_change_once_they_were_checked(administrator, organisation):
    page = "/admin/installation"
    unchecked = submit(administrator, page, **{**ADDRESSES, "lu": ""})
    assert submit(administrator, page, **{**ADDRESSES, "mail_address": "séances@example.org"}).status_code == 422
    told = after(
        administrator, submit(administrator, page, **{**ADDRESSES, "mail_address": "Seances@cpts.example.org"})
    )

    assert "Cochez la case : une adresse fausse coupe tous les liens." in words(unchecked.get_data(as_text=True))
    assert "Enregistré." in told
    assert stored(Organisation).one().mail_address == "seances@cpts.example.org"
    assert [one.values for one in stored(AuditEntry).filter_by(kind="reglages_modifies")] == [
        {"champs": "adresse des messages"}
    ]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://localhost", "n'est pas l'adresse d'un site"),
        ("https://cpts.example.org/agenda", "n'est pas l'adresse d'un site"),
        ("http://autre.example.org:80", "Une autre CPTS de cette installation a déjà l'adresse"),
    ],
)
def test_an_address_that_cannot_be_ours_is_refused(administrator, organisation, url, sentence):
    make_organisation(public_url="http://autre.example.org")

    response = submit(administrator, "/admin/installation", **{**ADDRESSES, "public_url": url})

    assert response.status_code == 422
    assert sentence in words(response.get_data(as_text=True))
    assert [one.public_url for one in stored(Organisation).order_by(Organisation.id)] == [
        "http://localhost",
        "http://autre.example.org",
    ]


@pytest.mark.parametrize("page", ["/admin/installation", "/coordination/premiers-pas/boite"])
def test_nobody_moves_the_demonstration_where_anybody_administers(administrator, organisation, page):
    with transaction():
        stored(Organisation).one().is_demonstration = True

    response = submit(administrator, page, **{**ADDRESSES, "public_url": "https://ailleurs.example.org"})

    assert response.status_code == 422
    assert "Démonstration : ces adresses sont celles des réglages du serveur." in words(response.text)
    assert stored(Organisation).one().public_url == "http://localhost"


def test_the_page_says_whether_messages_leave(administrator, organisation):
    with transaction():
        db.session.add(WorkerBeat(at=datetime(2026, 11, 2, 8, 30, tzinfo=UTC)))

    page = text_of(administrator, "/admin/installation")

    assert "Aucun serveur d'envoi n'est réglé" in page
    assert "Dernier passage de ce qui envoie lundi 2 novembre 2026 à 9 h 30" in page


def test_the_state_says_what_the_doctor_says(administrator, organisation):
    assert "La base répond" in text_of(administrator, "/admin/etat")
