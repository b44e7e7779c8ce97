"""Noting who came: those expected, and those who came without a seat."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance import services
from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.attendance.queries import roll, statuses_at
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import animation
from cpts_sessions.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import (
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
    told,
)

PRESENT, ABSENT = AttendanceStatus.PRESENT, AttendanceStatus.ABSENT
EVA = 7  # who coordinates, as the journal keeps it


@pytest.fixture
def one(app, clock) -> GroupSession:
    """A session of last evening with one place."""
    programme = make_programme(make_organisation())
    return make_group_session(programme, starts_at=NOW - timedelta(hours=14), capacity=1)


def registered(one: GroupSession, status: str = "confirmed", **changes: object) -> Registration:
    return make_registration(one, make_person(one.organisation), status, **changes)


def came(one: GroupSession, words: Told) -> str:
    return normalise(services.add_walk_in(one.id, words, actor_id=EVA))


def test_a_mark_is_corrected_and_the_journal_keeps_the_two_words_without_a_name(one):
    person_id = registered(one).person_id
    changed = [services.note(one.id, {person_id: mark}, actor_id=EVA) for mark in (ABSENT, ABSENT, PRESENT)]

    entries = [(entry.kind, entry.person_id, entry.values) for entry in db.session.query(AuditEntry)]
    assert (changed, statuses_at(one.id)) == ([1, 0, 1], {person_id: "present"})
    assert entries == [
        ("presences_notees", None, {"n": 1}),
        ("presence_corrigee", person_id, {"avant": "absence", "apres": "présence"}),
    ]


def test_only_those_who_had_a_seat_are_noted(one):
    waits = registered(one, "waiting")

    with pytest.raises(RuleBroken) as refused:
        services.note(one.id, {waits.person_id: PRESENT}, actor_id=EVA)

    assert str(refused.value).startswith("La liste a changé pendant que vous l’aviez ouverte.")
    assert statuses_at(one.id) == {}


def test_somebody_unknown_is_added_to_a_full_session_without_taking_a_seat(one):
    registered(one)
    words = told(first_name="Jean", last_name="Klein", email=None, profession_slug="medecin-generaliste")

    assert came(one, words) == "Ajout fait : la présence de Jean Klein est notée."

    walk_in = db.session.query(Registration).filter_by(status="walk_in").one()
    assert (walk_in.first_name, walk_in.profession_slug, walk_in.person.email) == ("Jean", "medecin-generaliste", None)
    assert [(line.registration.status, line.mark) for line in roll(one.id).lines] == [
        ("walk_in", "present"),
        ("confirmed", None),
    ]


@pytest.mark.parametrize(
    ("status", "becomes", "sentence"),
    [
        ("confirmed", "confirmed", "est déjà sur la liste : sa présence est notée."),
        ("walk_in", "walk_in", "est déjà sur la liste : sa présence est notée."),
        ("waiting", "walk_in", "Ajout fait"),
        ("offered", "walk_in", "Ajout fait"),
        ("requested", "walk_in", "Ajout fait"),
        ("cancelled", "walk_in", "Ajout fait"),
        ("declined", "walk_in", "Ajout fait"),
    ],
)
def test_whoever_asked_for_a_place_and_came_keeps_one_row(one, status, becomes, sentence):
    deadline = {"offer_expires_at": NOW + timedelta(days=1)} if status == "offered" else {}
    ended = {"ended_by": "person", "ended_at": NOW} if status in ("cancelled", "declined") else {}
    registration = registered(one, status, **deadline, **ended)

    assert sentence in came(one, Told.of(registration.person))

    (kept,) = db.session.query(Registration).populate_existing()
    assert (kept.status, kept.offer_expires_at, kept.ended_by) == (becomes, None, None)
    assert statuses_at(one.id) == {registration.person_id: "present"}


def test_whoever_animates_is_not_added_to_the_list(one):
    animator = make_person(one.organisation, first_name="Anne", last_name="Roth")
    with transaction():
        animation.attach(one, animator)

    with pytest.raises(RuleBroken) as refused:
        came(one, Told.of(animator))

    assert normalise(str(refused.value)) == "Anne Roth anime cette séance : sa présence s'écrit à la clôture."
    assert (db.session.query(Person).count(), db.session.query(Registration).count()) == (1, 0)
