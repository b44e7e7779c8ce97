"""What came back on paper is noted, also months later; what it says is counted in its own year."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cpts_sessions.attendance import paper, queries
from cpts_sessions.attendance.models import Attendance, AttendanceStatus, AttendanceTally
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.evening import services as evening
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.reports.season import season_report
from tests.conftest import NOW
from tests.factories import (
    make_circles,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_registration,
    told,
)
from tests.registrations.outbox import kinds

PRESENT, ABSENT, EXCUSED = AttendanceStatus.PRESENT, AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED


@pytest.fixture
def one(app, clock) -> GroupSession:
    """A talking circle of last evening."""
    return make_group_session(make_circles(make_organisation()), starts_at=NOW - timedelta(hours=14))


@pytest.fixture
def coordinator(one) -> Person:
    """Whoever coordinates."""
    return make_coordinator(one.organisation)


def noted(one: GroupSession) -> set[tuple[str, str, str]]:
    """Of whom what is noted, and how it was taken."""
    statement = (
        select(Person.first_name, Attendance.status, Attendance.means)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.group_session_id == one.id)
    )
    return {tuple(row) for row in db.session.execute(statement)}


def tallies(one: GroupSession) -> dict[str, int]:
    rows = db.session.query(AttendanceTally).filter_by(group_session_id=one.id)
    return {row.profession_slug: row.count for row in rows.populate_existing()}


def test_a_signed_sheet_is_noted_in_one_act_with_who_came_anyway(one, coordinator):
    ana, bea, eli = (make_person(one.organisation, first_name=name) for name in ("Ana", "Béa", "Eli"))
    for person in (ana, bea, eli):
        make_registration(one, person, "walk_in" if person is eli else "confirmed")

    said = paper.note_sheet(
        one.id,
        {ana.id: PRESENT, bea.id: EXCUSED},
        came=told(first_name="Yann", last_name="Le Goff", email=None),
        others_absent=True,
        actor_id=coordinator.id,
    )

    assert said == "Ajout fait : la présence de Yann Le Goff est notée.".replace(" :", "\u00a0:")
    assert noted(one) == {
        ("Ana", "present", "paper"),
        ("Béa", "excused", "paper"),
        ("Yann", "present", "paper"),
        ("Eli", "absent", "coordination"),
    }
    assert kinds() == []


def test_a_sheet_that_says_what_is_known_changes_nothing(one, coordinator):
    ana = make_person(one.organisation)
    make_registration(one, ana)
    assert paper.note_sheet(one.id, {ana.id: PRESENT}, actor_id=coordinator.id) == "Enregistré."

    assert paper.note_sheet(one.id, {ana.id: PRESENT}, actor_id=coordinator.id) == ""


def test_nothing_of_a_sheet_is_noted_when_one_line_is_refused(one, coordinator):
    ana, stranger = make_person(one.organisation, first_name="Ana"), make_person(one.organisation)
    make_registration(one, ana)

    with pytest.raises(RuleBroken, match="La liste a changé"):
        paper.note_sheet(one.id, {ana.id: PRESENT, stranger.id: PRESENT}, came=told(), actor_id=coordinator.id)

    assert noted(one) == set()


def test_the_sheet_of_a_december_evening_is_noted_in_june_and_counts_in_its_own_year(clock, app):
    circles = make_circles(make_organisation())
    one = make_group_session(circles, starts_at=datetime(2025, 12, 30, 19, 0, tzinfo=UTC))
    coordinator = make_coordinator(one.organisation)
    ana, bea = make_person(one.organisation), make_person(one.organisation)
    make_registration(one, ana)
    make_registration(one, bea)
    clock.move_to(datetime(2026, 6, 2, 9, 0, tzinfo=UTC))

    paper.note_sheet(one.id, {ana.id: PRESENT}, came=told(email=None), others_absent=True, actor_id=coordinator.id)
    evening.close(one.id, actor_id=coordinator.id)

    assert counted(one, 2025) == (3, 2, 2)
    assert counted(one, 2026) == (0, 0, 0)


def counted(one: GroupSession, year: int) -> tuple[int, int, int]:
    """Inscrits distincts, présents distincts, présences cumulées of action 30."""
    part = season_report(one.organisation_id, year).part("30")
    assert part is not None
    return part.counting.enrolled_distinct, part.counting.present_distinct, part.counting.attendances


def test_numbers_without_names_take_the_place_of_those_before(one, coordinator):
    assert paper.note_numbers(one.id, {"sage-femme": 3, "": 1, "medecin-generaliste": 0}, actor_id=coordinator.id)
    assert tallies(one) == {"sage-femme": 3, "": 1}

    assert paper.note_numbers(one.id, {"sage-femme": 2, "": 0}, actor_id=coordinator.id)
    assert tallies(one) == {"sage-femme": 2, "": 0}

    assert not paper.note_numbers(one.id, {"sage-femme": 2, "": 0}, actor_id=coordinator.id)
    entries = db.session.query(AuditEntry).filter_by(kind="decompte_note").order_by(AuditEntry.id)
    assert [entry.values for entry in entries] == [{"n": 4}, {"n": 2}]


def test_no_number_is_noted_before_the_evening_or_after_it_is_closed(one, coordinator):
    to_come = make_group_session(one.programme)
    with pytest.raises(RuleBroken, match="à partir du début"):
        paper.note_numbers(to_come.id, {"sage-femme": 1}, actor_id=coordinator.id)
    paper.note_numbers(one.id, {"sage-femme": 1}, actor_id=coordinator.id)
    evening.close(one.id, actor_id=coordinator.id)

    with pytest.raises(RuleBroken, match="close"):
        paper.note_numbers(one.id, {"sage-femme": 2}, actor_id=coordinator.id)
    assert tallies(one) == {"sage-femme": 1}


def test_the_list_is_in_the_order_of_the_paper_whatever_the_accents(one):
    for name in ("Zola", "Étienne", "Eluard", "de Staël", "Œuvrard"):
        make_registration(one, make_person(one.organisation, last_name=name), "walk_in")

    names = [line.registration.person.last_name for line in queries.roll(one.id).lines]

    assert names == ["de Staël", "Eluard", "Étienne", "Œuvrard", "Zola"]
