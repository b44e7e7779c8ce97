"""What is kept how long, and forgotten at night."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cpts_sessions.accounts.models import LimitHit, Role, SignInLink
from cpts_sessions.attendance.models import AttendanceChange
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.models import EveningLink, EveningNote
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Installation
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.rights.retention import apply, months_before, run_nightly
from tests.factories import make_evening_link
from tests.reports.seasons import Season
from tests.rights.test_erase import figures
from tests.rows import rows

pytestmark = pytest.mark.usefixtures("app", "clock")

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LONG_AGO = datetime(2024, 1, 5, tzinfo=UTC)


@pytest.fixture
def season(app):
    return Season(2025)


def night(season, at=NOW):
    apply(season.organisation.id, at)
    db.session.expire_all()


def keep(row):
    with transaction():
        db.session.add(row)
    return row


def holders():
    """The name on each registration, through the person it hangs on, in the order of the sessions."""
    rows = db.session.query(Registration).join(Registration.group_session).order_by("starts_at").all()
    return [(row.person.full_name, row.first_name, row.profession_slug) for row in rows]


def test_twelve_months_after_each_session_the_profession_stays_and_the_name_goes(season):
    circles, anne, luc = season.programme(), season.person("Anne"), season.person("Luc", "medecin-generaliste", "M.")
    for day in ("2025-10-28", "2025-11-25"):
        session = season.session(circles, day, animator=luc)
        season.register(anne, session, first_name="Anne", last_name="Martin")
        season.note(anne, session)
        season.note(luc, session)
    before = figures(season)
    night(season)

    assert holders() == [("une personne effacée", "", "psychologue"), ("Anne Martin", "Anne", "psychologue")]
    assert figures(season) == before
    assert before[1] == (2, 2, 4)

    night(season, datetime(2026, 12, 1, tzinfo=UTC))
    assert [name for name, _, _ in holders()] == ["une personne effacée"] * 2
    assert figures(season) == before
    nameless = db.session.query(Person).filter(Person.erased_at.is_not(None)).all()
    assert [one.identity.startswith("effacée:saison:") for one in nameless] == [False, False]


def test_running_it_again_changes_nothing(season):
    session = season.session(season.programme(), "2025-10-28")
    season.register(season.person("Anne"), session)
    night(season)
    before = [(one.id, one.identity) for one in db.session.query(Person).order_by(Person.id)]
    night(season)

    assert [(one.id, one.identity) for one in db.session.query(Person).order_by(Person.id)] == before
    assert len(before) == 2


def test_an_enrolment_loses_its_name_a_year_after_its_season(season):
    circles, anne = season.programme(), season.person("Anne")
    season.session(circles, "2025-10-28")
    season.enrol(anne, circles)
    before = figures(season)
    night(season, datetime(2026, 12, 31, 12, tzinfo=UTC))
    assert db.session.query(Enrolment).one().person_id == anne.id
    night(season, datetime(2027, 1, 1, 12, tzinfo=UTC))

    assert db.session.query(Enrolment).one().person.full_name == "une personne effacée"
    assert figures(season) == before


def test_an_imported_history_counts_from_its_import(season):
    imported = {"imported_at": NOW - timedelta(days=300)}
    session = season.session(season.programme(), "2023-10-28", **imported)
    season.register(season.person("Anne"), session, **imported)
    night(season)
    assert [name for name, _, _ in holders()] == ["Anne Martin"]
    night(season, NOW + timedelta(days=100))

    assert [name for name, _, _ in holders()] == ["une personne effacée"]


def seen(season, name, **changes):
    person = season.person(name)
    with transaction():
        person.created_at = LONG_AGO
        for attribute, value in changes.items():
            setattr(person, attribute, value)
    return person


def test_a_record_nobody_used_for_two_years_is_erased(season):
    circles = season.programme()
    seen(season, "Partie")
    seen(season, "Connectée", active_at=NOW - timedelta(days=600))
    seen(season, "Importée", imported_at=NOW - timedelta(days=600))
    came = seen(season, "Venue")
    season.register(came, season.session(circles, "2025-01-14"))
    season.enrol(seen(season, "Inscrite"), circles)
    staff = seen(season, "Coordinatrice")
    keep(Role(organisation_id=season.organisation.id, person_id=staff.id, name="coordinator"))
    night(season)

    named = db.session.query(Person).filter(Person.erased_at.is_(None)).order_by(Person.id)
    assert [one.first_name for one in named] == ["Connectée", "Importée", "Venue", "Inscrite", "Coordinatrice"]
    assert came.active_at == datetime(2025, 1, 14, 21, 0, tzinfo=UTC)
    assert db.session.query(OutboxMessage).count() == 0


def test_a_telephone_goes_seven_days_after_the_session(season):
    circles = season.programme()
    past, recent = season.session(circles, "2026-10-20"), season.session(circles, "2026-10-28")
    gone, stays, never_came = (season.person(name) for name in ("Anne", "Luc", "Zoé"))
    with transaction():
        for person in (gone, stays, never_came):
            person.phone = "06 00 00 00 01"
    season.register(gone, past, phone="06 00 00 00 02")
    season.register(stays, past, phone="06 00 00 00 03")
    season.register(stays, recent, phone="06 00 00 00 04")
    night(season)

    assert [one.phone for one in db.session.query(Registration).order_by(Registration.id)] == [
        None,
        None,
        "06 00 00 00 04",
    ]
    assert [one.phone for one in (gone, stays, never_came)] == [None, "06 00 00 00 01", "06 00 00 00 01"]


def message(season, **changes):
    values = {"kind": "desinscription", "to_address": "a@example.org", "to_name": "Anne", "status": "sent", **changes}
    return keep(OutboxMessage(organisation_id=season.organisation.id, **values))


def test_messages_go_after_six_months_and_the_last_one_at_once(season):
    message(season, created_at=NOW - timedelta(days=190))
    recent = message(season, created_at=NOW - timedelta(days=170))
    waits = message(season, kind="effacement_fait", status="queued")
    message(season, kind="effacement_fait")
    kept = [recent.id, waits.id]
    night(season)

    assert [one.id for one in db.session.query(OutboxMessage).order_by(OutboxMessage.id)] == kept


def test_the_journal_goes_after_three_years(season):
    for days in (3 * 366, 3 * 365 - 2):
        keep(AuditEntry(organisation_id=season.organisation.id, kind="import", at=NOW - timedelta(days=days)))
    night(season)

    assert [one.at for one in db.session.query(AuditEntry)] == [NOW - timedelta(days=3 * 365 - 2)]


def test_months_are_counted_on_the_calendar_of_paris():
    assert months_before(datetime(2026, 3, 31, 10, tzinfo=UTC), 1).isoformat() == "2026-02-28T12:00:00+01:00"
    assert months_before(datetime(2026, 1, 15, 10, tzinfo=UTC), 12).isoformat() == "2025-01-15T11:00:00+01:00"
    assert months_before(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 24).isoformat() == "2025-01-01T00:30:00+01:00"


def test_it_runs_once_a_night_from_three_in_the_morning(season, clock):
    keep(Installation())
    keep(LimitHit(key=b"x" * 32, at=NOW - timedelta(days=2)))
    expired = {"person_id": season.person("Anne").id, "token_hash": b"t" * 32, "expires_at": NOW - timedelta(days=2)}
    keep(SignInLink(organisation_id=season.organisation.id, **expired))
    turns = []
    for hour in ("2026-11-03T01:59:59", "2026-11-03T02:00:00", "2026-11-03T22:59:00", "2026-11-04T01:00:00"):
        clock.move_to(datetime.fromisoformat(hour).replace(tzinfo=UTC))
        turns.append(run_nightly())
    clock.move_to(datetime(2026, 11, 4, 2, 0, tzinfo=UTC))
    turns.append(run_nightly())

    assert turns == [False, True, False, False, True]
    assert (db.session.query(LimitHit).count(), db.session.query(SignInLink).count()) == (0, 0)


def test_the_links_and_the_note_of_an_evening_go_with_the_names_of_its_session(season):
    circles, luc = season.programme(), season.person("Luc", "medecin-generaliste", "M.")
    for day in ("2025-10-28", "2025-11-25"):
        session = season.session(circles, day, animator=luc)
        make_evening_link(session, luc)
        about = {"organisation_id": season.organisation.id, "group_session_id": session.id, "person_id": luc.id}
        keep(EveningNote(**about, text=f"La salle du {day}."))
    night(season)

    assert [note.text for note in rows(EveningNote)] == ["La salle du 2025-11-25."]
    assert len(rows(EveningLink)) == 1


def test_what_a_device_sent_of_her_names_nobody_after_twelve_months(season):
    circles, anne = season.programme(), season.person("Anne")
    for day in ("2025-10-28", "2025-11-25"):
        session = season.session(circles, day)
        season.register(anne, session)
        keep(
            AttendanceChange(
                organisation_id=season.organisation.id,
                group_session_id=session.id,
                key=uuid4(),
                kind="mark",
                device=uuid4(),
                said_at=session.ends_at,
                received_at=session.ends_at,
                person_id=anne.id,
                value={"mark": "present"},
            )
        )
    night(season)

    changes = db.session.query(AttendanceChange).order_by(AttendanceChange.said_at)
    assert [change.person_id for change in changes] == [None, anne.id]
