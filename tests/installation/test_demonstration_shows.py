"""What the demonstration shows, loaded once: whole, invented, the season 2025 as it was, something on every page."""

from datetime import date, time

import pytest
import time_machine
from sqlalchemy import func, select

from cpts_sessions.core.clock import local, now
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.installation import demonstration
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.queries import forget_sites
from cpts_sessions.people.models import Person
from cpts_sessions.polls.queries import polls_of
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.questionnaires import effect_counts
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.reports.season import season_report
from tests.conftest import NOW, empty_every_table
from tests.installation.databases_read import total
from tests.installation.what_is_shown import THE_19, states


@pytest.fixture(scope="module")
def loaded(migrated_app):
    """The demonstration; these tests only read it."""
    with time_machine.travel(NOW, tick=False), migrated_app.app_context():
        demonstration.load()
        yield demonstration.find()
        migrated_app.extensions["public_pages"].forget()
        forget_sites()
        db.session.remove()
        empty_every_table()


def test_the_season_2025_is_told_character_for_character(loaded):
    report = season_report(loaded.id, 2025, date(2025, 12, 20))
    told = {part.key: part for part in report.parts}

    assert normalise(told["30"].sentence) == THE_19
    assert normalise(told["29"].dates_sentence) == "19 mars, 12 mai, 16 septembre, 8 octobre et 17 novembre 2025"
    assert normalise(told["30"].dates_sentence) == (
        "23 janvier, 4 et 20 février, 4 et 20 mars, 1er et 17 avril, 6 mai, 3 juin, 24 septembre, 29 octobre, "
        "27 novembre et 18 décembre 2025 ; un dernier est prévu le 30 décembre"
    )
    assert {key: normalise(part.figures_sentence) for key, part in told.items()} == {
        "29": "11 inscrits distincts, 11 présents distincts, 30 présences cumulées",
        "30": "19 inscrits distincts, 17 présents distincts, 77 présences cumulées",
        "vade-mecum-printemps": "7 inscrits distincts, 7 présents distincts, 12 présences cumulées",
        "vade-mecum-automne": "6 inscrits distincts, 6 présents distincts, 16 présences cumulées",
    }
    assert normalise(report.together.sentence) == "26 inscrits distincts, GAPP et cercles de paroles réunis"
    together = report.together.counting
    assert (together.enrolled_distinct, together.present_distinct, together.attendances) == (26, 24, 107)
    assert {normalise(part.discovery_sentence) for part in report.parts if not part.is_training} == {
        "2 séances de découverte ont été proposées les 26 et 27 juin 2025 (Colloque pluriprofessionnel) ; "
        "elles ne sont pas comptées ci-dessus"
    }


def test_the_two_trainings_of_2025_trained_seven_and_six_people_of_the_season_and_are_put_away(loaded):
    report = season_report(loaded.id, 2025, date(2025, 12, 20))
    told = {part.key: normalise(part.trained_sentence) for part in report.parts if part.is_training}
    trained = {one.person_id for part in report.parts if part.is_training for one in part.counting.enrolled}

    assert told == {
        "vade-mecum-printemps": "7 professionnels ont été formés les 13 et 20 mai 2025",
        "vade-mecum-automne": "6 professionnels ont été formés les 2, 9 et 16 octobre 2025",
    }
    assert trained <= {one.person_id for one in report.together.counting.enrolled}
    assert [(one.slug, one.is_archived) for one in db.session.query(Programme).filter_by(goes_together=True)] == [
        ("vade-mecum-printemps", True),
        ("vade-mecum-automne", True),
    ]


def test_every_page_has_something_to_show(loaded):
    assert states() == {
        "gapp: open": 4,
        "gapp: discovery open": 1,
        "gapp: draft": 1,
        "cercle-de-paroles: to_close": 1,
        "cercle-de-paroles: below_minimum": 1,
        "cercle-de-paroles: full": 1,
        "cercle-de-paroles: open": 2,
        "cercle-de-paroles: cancelled": 1,
    }
    waiting = select(Registration.status, func.count()).where(
        Registration.status.in_(("offered", "waiting", "requested"))
    )
    assert dict(db.session.execute(waiting.group_by(Registration.status)).all()) == {
        "offered": 1,
        "waiting": 2,
        "requested": 1,
    }
    assert total(Enrolment, Enrolment.season == 2026) == 3
    [circles] = [one.id for one in db.session.query(Programme).filter_by(slug="cercle-de-paroles")]
    assert (effect_counts.years(circles), effect_counts.cards_counted(circles, 2026)) == ([2026], 5)
    assert total(Person, Person.email.is_(None)) == 1
    assert total(Person, Person.email == "cabinet.keller@example.org") == 2


def test_a_poll_waits_for_answers_and_five_have_answered(loaded):
    (line,) = polls_of(loaded.id)
    assert (line.poll.programme.slug, line.slots, line.answered, line.is_open) == ("gapp", 3, 5, True)
    assert line.asked > line.answered
    weekdays = sorted(local(one.starts_at).weekday() for one in line.poll.slots)
    assert (weekdays[-1], set(weekdays[:2]) <= {1, 3}) == (5, True)


def test_a_circle_to_come_lasts_an_hour_and_a_half_and_a_gapp_two_hours(loaded):
    to_come = db.session.execute(select(GroupSession).where(GroupSession.starts_at > now())).scalars()
    evening = [one for one in to_come if local(one.starts_at).weekday() < 5]
    assert {(one.programme.slug, local(one.starts_at).time(), local(one.ends_at).time()) for one in evening} == {
        ("gapp", time(19, 30), time(21, 30)),
        ("cercle-de-paroles", time(19, 30), time(21)),
    }


def test_everybody_is_invented_and_no_message_will_ever_leave(loaded):
    known = db.session.execute(select(Person.email).where(Person.email.is_not(None))).scalars().all()
    assert [email for email in known if not email.endswith("@example.org")] == []
    statuses = db.session.execute(select(OutboxMessage.status).distinct()).scalars().all()
    assert statuses == ["withheld"]
