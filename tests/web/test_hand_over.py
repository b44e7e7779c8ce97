"""The page « Passer la main »: to whom, until when, and back."""

import pytest

from cpts_sessions.accounts import queries, services
from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.people.models import Person
from tests.browsing import page_words, sign_in, submit
from tests.factories import make_coordinator, make_organisation, make_person
from tests.web.coordination import after, stored, text_of

PAGE = "/coordination/passer-la-main"
SAID = {"email": "nadia.roche@example.org", "nom": "Nadia Roche", "administration": "y", "jour": "2026-11-30"}


@pytest.fixture
def organisation(app, clock):
    return make_organisation()


@pytest.fixture
def eva(organisation):
    """Who coordinates and administers, alone."""
    person = make_coordinator(organisation, first_name="Eva", last_name="Martin")
    services.give(person, RoleName.ADMINISTRATOR)
    return person


@pytest.fixture
def here(eva, browser):
    """Her browser."""
    sign_in(browser, eva)
    return browser


def test_she_passes_it_on_and_sees_her_last_day(here):
    page = after(here, submit(here, PAGE, **SAID))

    assert (
        "Nadia Roche reçoit son accès et l'état de la saison. Vous gardez le vôtre jusqu'au 30 novembre 2026." in page
    )
    assert "En attente : Nadia Roche n'a pas encore ouvert son accès" in page
    assert "Vous gardez votre accès jusqu'au 30 novembre 2026 au soir, et au-delà si le sien n'est pas ouvert" in page
    assert "jusqu'au 30 novembre 2026" in text_of(here, "/admin/")


def test_an_address_that_no_message_reaches_is_refused(here):
    assert submit(here, PAGE, **{**SAID, "email": "noémie@example.org"}).status_code == 422


def test_who_is_awaited_is_invited_again_elsewhere_or_no_longer(here):
    submit(here, PAGE, **SAID)

    assert "L'invitation repart à nadia.roche@example.org." in after(here, submit(here, f"{PAGE}/renvoyer", page=PAGE))
    refused = submit(here, f"{PAGE}/adresse", email=SAID["email"], nom="Nadia Roche")
    assert (refused.status_code, "C'est déjà l'adresse de l'invitation" in page_words(refused)) == (422, True)
    page = after(here, submit(here, f"{PAGE}/adresse", email="n.roche@example.org", nom="Nadia Roche"))
    assert "Adresse corrigée : l'invitation part à n.roche@example.org." in page
    page = after(here, submit(here, f"{PAGE}/annuler", page=PAGE))
    assert "Invitation annulée : l'accès de Nadia Roche est retiré, vous gardez le vôtre." in page
    assert "En attente" not in page
    for act in ("renvoyer", "annuler"):
        assert "Aucune invitation n'attend" in after(here, submit(here, f"{PAGE}/{act}", page=PAGE))
    assert here.get(f"{PAGE}/adresse").status_code == 303


def test_she_stays_after_all(here):
    submit(here, PAGE, **SAID)
    page = after(here, submit(here, f"{PAGE}/rester", page=PAGE))

    assert "Vous gardez votre accès." in page
    assert "Votre départ est prévu." not in page
    assert {role.ends_at for role in stored(Role)} == {None}


def test_without_a_day_they_are_two(here):
    page = after(here, submit(here, PAGE, **{**SAID, "jour": ""}))

    assert "Vous gardez le vôtre." in page
    assert "Votre départ est prévu." not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "nadia"}, "Cette adresse ne semble pas complète."),
        ({"nom": ""}, "Personne n'a encore cette adresse : précisez « Prénom Nom »."),
        ({"jour": "2026-11-01"}, "Choisissez un jour entre aujourd'hui et dans un an."),
        ({"administration": ""}, "Personne d'autre n'administre la CPTS"),
    ],
)
def test_what_is_refused_is_said_and_nothing_changes(here, changes, sentence):
    given = {name: value for name, value in {**SAID, **changes}.items() if value or name != "administration"}
    answer = submit(here, PAGE, **given)

    assert answer.status_code == 422
    assert sentence in page_words(answer)
    assert stored(Person).count() == 1


def test_an_overdue_access_that_nobody_can_take_over_says_why_it_stays(here, eva, clock):
    submit(here, PAGE, **SAID)
    nadia = stored(Person).filter_by(email=SAID["email"]).one()
    for role in (RoleName.ADMINISTRATOR, RoleName.COORDINATOR):
        services.revoke(nadia, role)
    clock.move_to("2026-12-01T09:00:00Z")
    sign_in(here, stored(Person).filter_by(first_name="Eva").one())

    assert "Personne d'autre ne peut prendre la suite : votre accès reste ouvert" in text_of(here, PAGE)


def test_who_only_comes_finds_no_such_page(organisation, eva, app):
    other = app.test_client()
    sign_in(other, make_person(organisation))

    assert (other.get(PAGE).status_code, queries.ending(organisation.id)) == (404, {})
