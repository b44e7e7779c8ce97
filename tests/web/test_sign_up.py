"""The sign-up form and the page that answers: the same whoever asks."""

from datetime import timedelta
from uuid import UUID

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.browsing import page_words, sign_in, submit, token_of
from tests.conftest import NOW, empty_every_table
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.page import words
from tests.rows import rows

ONE = UUID("22222222-2222-4222-8222-222222222222")
FILLED = {
    "prenom": "Nadia",
    "nom": "Ferhat",
    "email": "nadia@example.org",
    "profession": "sage-femme",
    "charte": "y",
}


def path_of(group_session) -> str:
    return f"/seances/{group_session.public_id}/inscription"


@pytest.fixture
def ours(app, clock):
    """A GAPP session with two places; the clock stands still."""
    programme = make_programme(make_organisation(), charter="Ce qui se dit ici reste ici.\nJ’écoute.")
    return make_group_session(programme)


def test_signing_up_takes_one_form_and_says_it_is_noted(browser, ours):
    answer = submit(browser, path_of(ours), **FILLED, civilite="Mme", telephone="06 12 34 56 78")
    shown = browser.get(answer.location)

    assert (answer.status_code, answer.location) == (303, f"/seances/{ours.public_id}/c-est-note")
    assert "C'est noté. Nous écrivons à nadia@example.org . Le message arrive en quelques minutes" in page_words(shown)
    (registration,) = rows(Registration)
    told = (registration.status, registration.first_name, registration.last_name, registration.civility)
    assert told == ("confirmed", "Nadia", "Ferhat", "Mme")
    assert (registration.profession_slug, registration.phone) == ("sage-femme", "06 12 34 56 78")
    assert [message.kind for message in rows(OutboxMessage)] == ["inscription_confirmee"]


def test_only_the_fields_of_the_contract_are_needed(browser, ours):
    submit(browser, path_of(ours), **FILLED)

    (registration,) = rows(Registration)
    assert (registration.civility, registration.phone) == (None, None)


def test_a_full_session_says_that_there_is_a_list(browser, ours):
    for _ in range(2):
        make_registration(ours, make_person(db.session.get_one(Organisation, ours.organisation_id)))

    form = browser.get(path_of(ours))
    shown = browser.get(submit(browser, path_of(ours), **FILLED).location)

    assert "Je m'inscris sur la liste d'attente" in page_words(form)
    assert "La séance est complète : vous entrez sur la liste d'attente. Votre rang est dans l'e-mail" in page_words(
        shown
    )
    assert [one.status for one in rows(Registration)] == ["confirmed", "confirmed", "waiting"]


def worlds(kind: str, *, members: bool = False):
    """The same session, full or with a place, in which she is already in, waits, or was never heard of."""
    empty_every_table()
    organisation = make_organisation(slug="ici")
    programme = (make_circles if members else make_programme)(organisation)
    group_session = make_group_session(programme, public_id=ONE, capacity=1 if kind.startswith("full") else 9)
    state = kind.rpartition(" ")[2]
    others = [make_person(organisation) for _ in range(2)]
    seats = ["confirmed", "waiting"] if kind.startswith("full") else ["confirmed"]
    if state == "unknown":
        holders = others
    else:
        she = make_person(
            organisation, email="nadia@example.org", first_name="Nadia", last_name="Ferhat", is_member=True
        )
        holders = [she, others[0]] if state == "known" else [others[0], she]
    for person, status in zip(holders, seats, strict=False):
        make_registration(group_session, person, status)


@pytest.mark.parametrize("members", [False, True])
@pytest.mark.parametrize("season", ["une", "toutes"])
@pytest.mark.parametrize("kinds", [("full known", "full waiting", "full unknown"), ("free known", "free unknown")])
def test_known_waiting_and_unknown_get_identical_bytes(app, clock, kinds, members, season):
    worlds(kinds[0], members=members)
    browser = app.test_client()
    token = token_of(browser.get(f"/seances/{ONE}/inscription"))
    cookie = browser.get_cookie("cpts").value
    answers = []
    for kind in kinds:
        worlds(kind, members=members)
        browser = app.test_client()
        browser.set_cookie("cpts", cookie)
        posted = browser.post(f"/seances/{ONE}/inscription", data={"csrf_token": token, "dates": season, **FILLED})
        shown = browser.get(posted.location)
        answers.append([(one.status, list(one.headers), one.data) for one in (posted, shown)])

    assert answers[0][0][0] == "303 SEE OTHER"
    assert answers == [answers[0]] * len(kinds)


def test_members_and_others_read_the_same_words(browser, app, clock):
    circle = make_group_session(make_circles(make_organisation()))

    shown = browser.get(submit(browser, path_of(circle), **FILLED).location)

    assert "les membres y trouvent leur place, les autres la suite donnée à leur demande" in page_words(shown)
    assert [one.status for one in rows(Registration)] == ["requested"]


def test_a_whole_season_is_asked_for_in_the_same_form(browser, ours):
    later = make_group_session(ours.programme, starts_at=STARTS_AT + timedelta(days=7))
    make_group_session(ours.programme, starts_at=STARTS_AT + timedelta(days=8), is_discovery=True)

    shown = browser.get(submit(browser, path_of(ours), **FILLED, dates="toutes").location)

    assert "C'est noté pour toutes les séances de 2026." in page_words(shown)
    assert [(one.season, one.left_at) for one in rows(Enrolment)] == [(2026, None)]
    assert [one.group_session_id for one in rows(Registration)] == [ours.id, later.id]


def test_a_discovery_session_offers_no_season(browser, ours):
    discovery = make_group_session(ours.programme, is_discovery=True)

    submit(browser, path_of(discovery), **FILLED, dates="toutes")

    assert "Toutes les séances" not in page_words(browser.get(path_of(discovery)))
    assert rows(Enrolment) == []
    assert [one.group_session_id for one in rows(Registration)] == [discovery.id]


def test_an_empty_form_names_every_missing_field_and_writes_nothing(browser, ours):
    answer = submit(browser, path_of(ours))
    text = page_words(answer)

    assert answer.status_code == 422
    assert text.startswith("Erreur : Je m'inscris · CPTS du Val d'Ambre")
    assert "5 champs sont à corriger. Le reste est gardé." in text
    for sentence in (
        "Prénom : Indiquez votre prénom.",
        "Nom : Indiquez votre nom.",
        "Adresse e-mail : Indiquez votre adresse e-mail : sans elle, nous ne pouvons pas vous confirmer la place.",
        "Profession : Choisissez votre profession dans la liste.",
        "La charte protège tout le groupe : cochez la case pour vous inscrire.",
    ):
        assert sentence in text
    assert (rows(Registration), rows(Person)) == ([], [])


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("prenom", "   ", "Indiquez votre prénom."),
        ("prenom", "\x00\x07", "Indiquez votre prénom."),
        ("nom", "x" * 81, "80 caractères au plus."),
        ("email", "nadia@example", "Cette adresse ne semble pas complète."),
        ("email", "nadia", "Cette adresse ne semble pas complète."),
        ("email", "nàdia@example.org", "Cette adresse ne semble pas complète."),
        ("email", "a@example.org,b@example.org", "Cette adresse ne semble pas complète."),
        ("email", f"{'a' * 250}@example.org", "Cette adresse ne semble pas complète."),
        ("profession", "astronaute", "Choisissez votre profession dans la liste."),
        ("profession", "", "Choisissez votre profession dans la liste."),
        ("telephone", "06 12", "Ce numéro ne semble pas complet."),
        ("telephone", "appelez-moi au 0612345678", "Ce numéro ne semble pas complet."),
        ("charte", "", "La charte protège tout le groupe"),
    ],
)
def test_what_cannot_be_right_is_refused_and_the_rest_is_kept(browser, ours, field, value, sentence):
    answer = submit(browser, path_of(ours), **{**FILLED, "telephone": "0612345678", field: value})
    html = answer.get_data(as_text=True)

    assert (answer.status_code, sentence in words(html)) == (422, True)
    kept = {"prenom": "Nadia", "nom": "Ferhat", "email": "nadia@example.org", "telephone": "0612345678"}
    assert all(f'value="{given}"' in html for name, given in kept.items() if name != field)
    assert rows(Registration) == []


@pytest.mark.parametrize(
    ("told", "kept"), [("mme", "Mme"), ("M.", "M."), ("monsieur", "M."), ("", None), ("Docteur", None)]
)
def test_civility_is_understood_or_left_out(browser, ours, told, kept):
    submit(browser, path_of(ours), **FILLED, civilite=told)

    assert [one.civility for one in rows(Registration)] == [kept]


def test_spaces_and_line_breaks_in_a_name_are_mended(browser, ours):
    submit(browser, path_of(ours), **{**FILLED, "nom": "  D’Haut \r\n Cœur ", "email": " Nadia@Example.org "})

    (registration,) = rows(Registration)
    assert (registration.last_name, registration.person.email) == ("D’Haut Cœur", "nadia@example.org")


def test_a_form_still_posts_after_two_hours(browser, ours, clock):
    token = token_of(browser.get(path_of(ours)))
    clock.move_to(NOW + timedelta(hours=2))

    assert browser.post(path_of(ours), data={"csrf_token": token, **FILLED}).status_code == 303


def test_a_session_closed_meanwhile_is_told_and_what_was_typed_is_kept(browser, ours, clock):
    token = token_of(browser.get(path_of(ours)))
    with transaction():
        ours.closes_at = NOW
    answer = browser.post(path_of(ours), data={"csrf_token": token, "dates": "toutes", **FILLED})

    assert answer.status_code == 422
    assert "Les inscriptions à cette séance sont closes depuis le lundi 2 novembre 2026." in page_words(answer)
    assert 'value="nadia@example.org"' in answer.get_data(as_text=True)
    assert (rows(Registration), rows(Enrolment)) == ([], [])


def test_the_form_is_filled_in_for_who_is_signed_in(browser, ours):
    organisation = db.session.get_one(Organisation, ours.organisation_id)
    sign_in(browser, make_person(organisation, first_name="Zoé", email="zoe@example.org", civility="Mme"))

    html = browser.get(path_of(ours)).get_data(as_text=True)

    assert all(known in html for known in ('value="Zoé"', 'value="zoe@example.org"', "selected"))
    assert "Déjà parmi nous ?" not in html


def test_the_answer_belongs_to_the_browser_that_asked(app, browser, ours):
    answer = submit(browser, path_of(ours), **FILLED)
    stranger = app.test_client().get(answer.location)

    assert (stranger.status_code, stranger.location) == (303, f"/seances/{ours.public_id}")
    assert browser.get(answer.location).status_code == 200


def test_two_persons_of_one_mailbox_are_two_persons(browser, ours):
    submit(browser, path_of(ours), **FILLED)
    submit(browser, path_of(ours), **{**FILLED, "prenom": "Louis"})

    assert [person.first_name for person in rows(Person)] == ["Nadia", "Louis"]


def test_a_form_without_its_token_is_refused(browser, ours):
    assert browser.post(path_of(ours), data=FILLED).status_code >= 400
    assert rows(Registration) == []
