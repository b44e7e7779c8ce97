"""Ending an evening: by whoever animates, before the hour, by two at once; opened again; another animator after all."""

import threading
from datetime import timedelta

import pytest

from cpts_sessions.attendance import services as attendance
from cpts_sessions.attendance.models import AttendanceTally
from cpts_sessions.attendance.queries import statuses_at
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import services
from cpts_sessions.evening.models import Reopening
from cpts_sessions.evening.rules import AlreadyClosed, NotOver
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import animation
from tests.conftest import NOW
from tests.evening.last_evening import (
    EVA,
    PRESENT,
    animated_by,
    figures,
    journal,
    refusal_of,
    somebody,
)
from tests.factories import (
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    told,
)


def tally(one: GroupSession, count: int) -> None:
    with transaction():
        db.session.add(
            AttendanceTally(
                organisation_id=one.organisation_id, group_session_id=one.id, profession_slug="sage-femme", count=count
            )
        )


def test_those_counted_without_names_are_presences_too(over):
    tally(over, 3)
    assert refusal_of(services.nobody_came, over.id) == "3 présences sont pourtant notées : corrigez-les d'abord."

    assert services.close(over.id, actor_id=EVA) == 3


def test_whoever_animates_closes_those_not_noted_are_absent_and_the_coordination_is_told(over):
    sophie = make_coordinator(over.organisation)
    came, forgotten = somebody(over), somebody(over, last_name="Pasnommée")
    attendance.note(over.id, {came.person_id: PRESENT}, actor_id=EVA)
    walk_in = told(profession_slug="medecin-generaliste")
    attendance.add_walk_in(over.id, walk_in, actor_id=EVA)
    tally(over, 2)
    animator_id = animated_by(over, first_name="Marc", last_name="Vidal")

    assert services.close(over.id, actor_id=animator_id, by_animator=True, missing_are_absent=True) == 4

    assert statuses_at(over.id)[forgotten.person_id] == "absent"
    message = db.session.query(OutboxMessage).one()
    assert (message.kind, message.person_id) == ("seance_close", sophie.id)
    said = {name: normalise(value) for name, value in message.values.items()}
    assert (said["auteur"], said["n_presents"], said["n_sur_place"]) == ("Marc Vidal", "4 présences", "1")
    assert said["bilan"] == "Présences : 4. Absences excusées : 0. Absences : 1."
    assert said["par_profession"] == "sage-femme : 3, médecin généraliste : 1"
    assert [name for name in ("Pasnommée", walk_in.last_name) if name in str(said)] == []


def test_a_coordinator_who_animates_is_not_told_what_she_did(over):
    sophie = make_coordinator(over.organisation)
    with transaction():
        animation.attach(over, sophie)
    attendance.note(over.id, {somebody(over).person_id: PRESENT}, actor_id=EVA)

    services.close(over.id, actor_id=sophie.id, by_animator=True)

    assert db.session.query(OutboxMessage).count() == 0


def test_a_session_under_way_is_closed_by_whoever_was_told_so_and_said_yes(app, clock):
    one = make_group_session(make_programme(make_organisation()), starts_at=NOW - timedelta(hours=1))
    with pytest.raises(NotOver):
        services.nobody_came(one.id, actor_id=EVA)

    services.nobody_came(one.id, actor_id=EVA, before_end=True)
    assert one.status == "cancelled"
    services.reopen(one.id, Reopening.MISTAKE, actor_id=EVA)
    attendance.note(one.id, {somebody(one).person_id: PRESENT}, actor_id=EVA)

    assert services.close(one.id, actor_id=EVA, before_end=True) == 1


def test_the_second_of_two_who_close_learns_that_it_is_done(over):
    attendance.note(over.id, {somebody(over).person_id: PRESENT}, actor_id=EVA)
    services.close(over.id, actor_id=EVA)

    with pytest.raises(AlreadyClosed) as refused:
        services.close(over.id, actor_id=EVA, missing_are_absent=True)
    with pytest.raises(AlreadyClosed):
        services.nobody_came(over.id, actor_id=EVA)

    assert normalise(str(refused.value)) == (
        "Cette séance est close depuis le lundi 2 novembre. Pour corriger, la coordination peut la rouvrir."
    )
    assert [kind for kind, _ in journal()].count("seance_close") == 1


def test_two_who_close_at_the_same_moment_close_it_once(app, over):
    attendance.note(over.id, {somebody(over).person_id: PRESENT}, actor_id=EVA)
    session_id, ready, ends = over.id, threading.Barrier(2), []

    def close() -> None:
        with app.app_context():
            ready.wait()
            try:
                ends.append(str(services.close(session_id, actor_id=EVA)))
            except AlreadyClosed:
                ends.append("already")

    both = [threading.Thread(target=close) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)

    assert sorted(ends) == ["1", "already"]
    db.session.rollback()
    assert [kind for kind, _ in journal()].count("seance_close") == 1


def test_who_says_that_nobody_came_once_it_is_said_learns_so(over):
    services.nobody_came(over.id, actor_id=EVA)

    with pytest.raises(AlreadyClosed, match="déjà rangée"):
        services.nobody_came(over.id, actor_id=EVA)


def test_opened_again_whoever_animates_is_told_why_and_the_journal_keeps_it(over):
    attendance.note(over.id, {somebody(over).person_id: PRESENT}, actor_id=EVA)
    animator_id = animated_by(over)
    services.close(over.id, actor_id=EVA)

    services.reopen(over.id, Reopening.ADD, actor_id=EVA)

    message = db.session.query(OutboxMessage).one()
    assert (message.kind, message.person_id) == ("seance_rouverte", animator_id)
    assert message.values["motif"] == "Une personne est à ajouter"
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (entry.kind, entry.values) == ("seance_rouverte", {"motif": "ajouter"})


def test_nobody_is_told_that_a_session_of_an_imported_history_is_opened_again(over):
    animated_by(over)
    with transaction():
        over.status, over.imported_at = "held", NOW

    services.reopen(over.id, Reopening.CORRECT, actor_id=EVA)

    assert db.session.query(OutboxMessage).count() == 0


def test_when_another_person_turns_out_to_have_animated_a_closed_session_presences_follow(over):
    came = somebody(over)
    attendance.note(over.id, {came.person_id: PRESENT}, actor_id=EVA)
    first_id = animated_by(over)
    services.close(over.id, actor_id=EVA)
    assert figures(over) == (2, 2, 2)
    second = make_person(over.organisation)

    services.entrust(over.id, [second.id], None, actor_id=EVA)

    assert first_id not in statuses_at(over.id)
    assert statuses_at(over.id) == {came.person_id: "present", second.id: "present"}
    assert figures(over) == (2, 2, 2)


def test_what_a_file_said_of_a_closed_session_stays_when_its_animator_changes(over):
    first_id = animated_by(over)
    with transaction():
        over.status, over.closed_at, over.imported_at = "held", NOW, NOW
    before = figures(over)

    services.entrust(over.id, [make_person(over.organisation).id], None, actor_id=EVA)

    assert (statuses_at(over.id), figures(over)[1:]) == ({}, before[1:])
    assert first_id not in {animator.person_id for animator in over.animators}
