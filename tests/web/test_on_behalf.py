"""The coordination acts for somebody who telephones, and answers requests."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.browsing import sign_in
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_coordinator,
    make_enrolment,
    make_group_session,
    make_person,
    make_registration,
)
from tests.page import words
from tests.registrations.outbox import kinds, last
from tests.web.coordination import after, page_of, text_of
from tests.web.forms_read import send


def act(coordinator: FlaskClient, registration: Registration, name: str) -> str:
    """Press one of the buttons of the page of a session."""
    one = db.session.get_one(GroupSession, registration.group_session_id)
    to = f"/coordination/inscriptions/{registration.public_id}/{name}"
    shown = after(coordinator, send(coordinator, page_of(one), holding="csrf_token", to=to))
    db.session.refresh(registration)
    return shown


def journal() -> list[tuple[str, int | None]]:
    entries = db.session.query(AuditEntry).order_by(AuditEntry.id)
    return [(entry.kind, entry.person_id) for entry in entries if not entry.kind.startswith("login")]


def test_she_is_found_without_her_accents_nor_capitals(coordinator, organisation, programme):
    one = make_group_session(programme)
    make_person(organisation, first_name="Hélène", last_name="D’Hautcœur", email="hd@example.org")

    def looked_for(words: str) -> str:
        response = send(coordinator, page_of(one, "inscrire"), holding="q", q=words)
        assert response.location == page_of(one, "inscrire?recherche=1")  # no name in an address
        return after(coordinator, response)

    found = ["Inscrire Hélène D'Hautcœur" in looked_for(words) for words in ("helene", "DHAUTCOEUR", "hd@example.org")]

    assert found == [True, True, True]
    assert "Rien ne correspond à « bernard »" in looked_for("bernard")


def test_a_known_person_is_registered_and_told(coordinator, organisation, programme):
    one = make_group_session(programme)
    person = make_person(organisation)

    response = send(coordinator, page_of(one, f"inscrire/{person.public_id}"), holding="charte", charte="y")

    assert "Inscription faite. Un message part à son adresse." in after(coordinator, response)
    assert kinds(of=person) == ["inscrit_par_la_coordination"]
    assert last().calendar["method"] == "REQUEST"
    assert journal() == [("inscription", person.id)]


def test_somebody_new_without_e_mail_is_registered_and_no_message_leaves(coordinator, organisation, programme):
    one = make_group_session(programme)

    response = send(
        coordinator,
        page_of(one, "inscrire/nouvelle"),
        holding="charte",
        prenom="Jean",
        nom="Klein",
        profession="sage-femme",
        telephone="06 12 34 56 78",
        charte="y",
    )

    assert "Inscription faite. Aucun message ne part : pas d'adresse." in after(coordinator, response)
    person = db.session.query(Person).filter_by(last_name="Klein").one()
    (registration,) = db.session.query(Registration).all()
    assert (person.email, registration.status, registration.phone) == (None, "confirmed", "06 12 34 56 78")
    assert kinds(of=person) == []
    assert "sage-femme · sans e-mail · 06 12 34 56 78" in text_of(coordinator, page_of(one))


def test_the_charter_is_read_before_anybody_is_registered(coordinator, organisation, programme):
    one = make_group_session(programme)
    person = make_person(organisation)

    response = send(coordinator, page_of(one, f"inscrire/{person.public_id}"), holding="charte")

    assert response.status_code == 422
    assert "la charte protège tout le groupe" in words(response.get_data(as_text=True))
    assert db.session.query(Registration).count() == 0


def test_of_a_full_session_she_learns_her_rank(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=1)
    make_registration(one, make_person(organisation))
    person = make_person(organisation, first_name="Nadia", last_name="Ferhat")

    response = send(coordinator, page_of(one, f"inscrire/{person.public_id}"), holding="charte", charte="y")

    assert "La séance est complète : Nadia Ferhat entre sur la liste d'attente, 1re place." in after(
        coordinator, response
    )


def test_asking_twice_changes_nothing_and_says_so(coordinator, organisation, programme):
    one = make_group_session(programme)
    person = make_person(organisation)
    make_registration(one, person)

    response = send(coordinator, page_of(one, f"inscrire/{person.public_id}"), holding="charte", charte="y")

    assert "a déjà une place ou attend. Rien n'a changé." in after(coordinator, response)
    assert kinds(of=person) == []


def test_a_session_that_has_begun_refuses_with_its_sentence(coordinator, organisation, programme, clock):
    one = make_group_session(programme)
    person = make_person(organisation)
    clock.move_to(STARTS_AT + timedelta(minutes=5))
    sign_in(coordinator, make_coordinator(organisation))

    response = send(coordinator, page_of(one, f"inscrire/{person.public_id}"), holding="charte", charte="y")

    assert response.status_code == 422
    assert "La séance a commencé." in words(response.get_data(as_text=True))


def test_she_is_enrolled_for_the_whole_season_members_only_or_not(coordinator, organisation):
    circles = make_circles(organisation)
    one, two = make_group_session(circles), make_group_session(circles, starts_at=STARTS_AT + timedelta(weeks=2))
    stranger = make_person(organisation, is_member=False)
    path = page_of(one, f"inscrire/{stranger.public_id}")

    first = after(coordinator, send(coordinator, path, holding="charte", dates="toutes", charte="y"))
    again = after(coordinator, send(coordinator, path, holding="charte", dates="toutes", charte="y"))

    assert "Inscription faite à toute la saison 2026 (2 dates). Un message part à son adresse." in first
    assert "suit déjà les cercles de paroles en 2026. Rien n'a changé." in again
    statuses = {r.group_session_id: r.status for r in db.session.query(Registration)}
    assert statuses == {one.id: "confirmed", two.id: "confirmed"}
    assert kinds(of=stranger) == ["inscription_dispositif", "inscription_confirmee", "inscription_confirmee"]
    assert db.session.query(Enrolment).one().is_pending is False


def test_somebody_who_waits_takes_a_free_seat_ahead_of_the_list(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=1)
    first, second = (make_registration(one, make_person(organisation), "waiting") for _ in range(2))

    shown = act(coordinator, second, "avancer")

    assert "La place est à Claire" in shown
    db.session.refresh(first)
    assert (first.status, second.status) == ("waiting", "confirmed")
    assert kinds(of=second.person) == ["place_donnee"]


def test_nobody_is_moved_up_while_no_seat_is_free(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=1)
    make_registration(one, make_person(organisation))
    waiting = make_registration(one, make_person(organisation), "waiting")

    assert "Lui donner cette place" not in text_of(coordinator, page_of(one))
    assert "Aucune place n'est libre" in act(coordinator, waiting, "avancer")
    assert waiting.status == "waiting"


def test_an_offer_is_taken_or_left_in_her_name(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=2)
    until = STARTS_AT - timedelta(days=10)
    taker, leaver = (
        make_registration(one, make_person(organisation), "offered", offer_expires_at=until) for _ in range(2)
    )
    next_one = make_registration(one, make_person(organisation), "waiting")

    assert "La place est à" in act(coordinator, taker, "prendre")
    assert "est libérée" in act(coordinator, leaver, "laisser")

    db.session.refresh(next_one)
    assert (taker.status, leaver.status, leaver.ended_by, next_one.status) == (
        "confirmed",
        "declined",
        "coordination",
        "offered",
    )
    assert journal() == [("place_prise", taker.person_id), ("place_laissee", leaver.person_id)]


@pytest.mark.parametrize(
    ("reason", "kind"), [("", "desinscription_demandee"), ("Doublon", "desinscription_par_la_coordination")]
)
def test_a_registration_is_withdrawn_at_her_wish_or_with_a_reason(coordinator, organisation, programme, reason, kind):
    one = make_group_session(programme, capacity=1)
    seated = make_registration(one, make_person(organisation))
    waiting = make_registration(one, make_person(organisation), "waiting")
    page = f"/coordination/inscriptions/{seated.public_id}/retirer"

    shown = after(coordinator, send(coordinator, page, holding="motif", motif=reason))

    assert "Inscription retirée, la personne est prévenue." in shown
    for registration in (seated, waiting):
        db.session.refresh(registration)
    assert (seated.status, waiting.status) == ("cancelled", "offered")
    assert kinds(of=seated.person) == [kind]


def test_a_request_is_accepted_in_one_click(coordinator, organisation):
    one = make_group_session(make_circles(organisation))
    asked = make_registration(one, make_person(organisation, last_name="Roth"), "requested")
    shown = text_of(coordinator, "/coordination/demandes")
    assert "Claire Roth" in shown
    assert "lundi 16 novembre 2026 de 20 h à 22 h" in shown

    response = send(
        coordinator,
        "/coordination/demandes",
        holding="csrf_token",
        to=f"/coordination/demandes/{asked.public_id}/accepter",
    )

    assert "Demande acceptée, la personne est prévenue." in after(coordinator, response)
    db.session.refresh(asked)
    assert (asked.status, kinds(of=asked.person)) == ("confirmed", ["inscription_confirmee"])


def test_a_request_for_a_season_is_one_request_refused_as_a_whole_with_its_reason(coordinator, organisation):
    circles = make_circles(organisation)
    person = make_person(organisation)
    enrolment = make_enrolment(circles, person, is_pending=True)
    asked = [
        make_registration(
            make_group_session(circles, starts_at=STARTS_AT + timedelta(weeks=n)),
            person,
            "requested",
            enrolment_id=enrolment.id,
        )
        for n in range(3)
    ]
    assert "1 demande attend votre accord" in text_of(coordinator, "/coordination/")
    assert "toute la saison 2026" in text_of(coordinator, "/coordination/demandes")
    page = f"/coordination/demandes/{asked[0].public_id}/refuser"
    question = text_of(coordinator, page)
    assert "Sa demande porte sur toute la saison 2026 : elle est refusée en entier." in question
    assert "Un message part à son adresse." in question

    response = send(coordinator, page, holding="motif", motif="groupe complet")

    assert "Demande refusée, la personne est prévenue." in after(coordinator, response)
    for registration in asked:
        db.session.refresh(registration)
    assert [registration.status for registration in asked] == ["declined"] * 3
    assert last().values["raison"] == "groupe complet"
    assert "Aucune demande n'attend votre accord." in text_of(coordinator, "/coordination/demandes")
