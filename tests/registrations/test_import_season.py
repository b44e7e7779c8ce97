"""The files of a whole season: sessions, persons, presences, in any order, through the same imports."""

from datetime import UTC, date, datetime

import pytest

from cpts_sessions.accounts.models import Role
from cpts_sessions.attendance.import_attendance import import_attendance
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.programmes.models import GroupSession, SessionAnimator
from cpts_sessions.registrations.import_people import import_people
from cpts_sessions.registrations.import_report import LineState
from cpts_sessions.registrations.import_sessions import import_sessions
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.reports.season import season_report
from tests.reports.seasons import SEASON_2025, Season

pytestmark = pytest.mark.usefixtures("app", "clock")

THE_19 = (
    "19 professionnels (1 sage-femme, 3 médecins généralistes dont l'animateur, 2 kinés, 2 IDEL, 1 audioprothésiste, "
    "1 pharmacien, 3 diététiciennes, 3 orthophonistes, 2 psychologues, 1 ergothérapeute) se sont inscrits à l'activité"
)
FILES = {"cercle-de-paroles": "cercles", "gapp": "gapp"}


def read(name):
    return SEASON_2025.joinpath(name).read_bytes()


@pytest.fixture
def organisation(app):
    season = Season(2025)
    for slug in FILES:
        season.programme(slug)
    return season.organisation


def bring_sessions(organisation):
    return import_sessions(organisation.id, read("seances.csv"), "seances.csv")


def bring_people(organisation):
    return [
        import_people(organisation.id, read(f"inscrits-{name}.csv"), "inscrits.csv", programme_slug=slug, year=2025)
        for slug, name in FILES.items()
    ]


def bring_presences(organisation):
    return [
        import_attendance(organisation.id, read(f"presences-{name}.csv"), "presences.csv", programme_slug=slug)
        for slug, name in FILES.items()
    ]


def figures(organisation, key):
    part = season_report(organisation.id, 2025, date(2025, 12, 20)).part(key)
    return normalise(part.sentence), normalise(part.dates_sentence)


@pytest.mark.parametrize("sessions_first", [True, False])
def test_the_files_of_2025_give_the_sentence_of_the_report_in_any_order(organisation, sessions_first):
    for bring in (bring_sessions, bring_people) if sessions_first else (bring_people, bring_sessions):
        bring(organisation)
    reports = bring_presences(organisation)

    assert [(one.is_written, one.refusal, one.count(LineState.CREATED)) for one in reports] == [
        (True, "", 103),
        (True, "", 44),
    ]
    assert figures(organisation, "30")[0] == THE_19
    assert figures(organisation, "29")[1] == "19 mars, 12 mai, 16 septembre, 8 octobre et 17 novembre 2025"
    assert db.session.query(OutboxMessage).count() == 0


def test_the_animator_of_2025_animates_its_sessions_and_is_not_enrolled(organisation):
    bring_people(organisation)
    bring_sessions(organisation)

    animators = db.session.query(SessionAnimator).all()
    assert len(animators) == 16
    assert {one.person.email for one in animators} == {"olivier.chastel@example.org"}
    assert {one.profession_slug for one in animators} == {"medecin-generaliste"}
    assert db.session.query(Enrolment).filter_by(person_id=animators[0].person_id).count() == 0
    assert [role.name for role in db.session.query(Role)] == ["animator"]


def test_importing_everything_again_changes_nothing(organisation):
    for bring in (bring_sessions, bring_people, bring_presences):
        bring(organisation)
    before = {table: db.session.query(table).count() for table in (GroupSession, Enrolment, Registration, Role)}

    again = [bring_sessions(organisation), *bring_people(organisation), *bring_presences(organisation)]

    assert [one.changes_nothing for one in again] == [True] * 5
    assert {one.summary for one in again} == {"Ce fichier a déjà été importé\u00a0: rien n’a changé."}
    assert {table: db.session.query(table).count() for table in before} == before


def test_an_imported_history_is_closed_and_keeps_the_day_it_came_in(organisation):
    bring_sessions(organisation)

    assert {(one.status, one.imported_at, one.closed_at) for one in db.session.query(GroupSession)} == {
        ("held", datetime(2026, 11, 2, 9, 0, tzinfo=UTC), datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    }
