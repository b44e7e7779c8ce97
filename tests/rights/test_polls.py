"""What people answer to polls: their names go, the counts stay."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.polls import services
from cpts_sessions.polls.models import PollAnswer, PollInvitation, PollSlot
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.export import export_person
from cpts_sessions.rights.merge import merge
from cpts_sessions.rights.retention import apply
from tests.polls.conftest import MAYBE, NO, YES, cpts, eva, gapp, poll, says

__all__ = ["cpts", "eva", "gapp", "poll", "says"]

pytestmark = pytest.mark.usefixtures("app", "clock")


def named(first_name: str) -> Person:
    return db.session.query(Person).filter_by(first_name=first_name).one()


def nameless() -> list[tuple[int, int, int]]:
    db.session.rollback()
    rows = db.session.query(PollSlot).order_by(PollSlot.starts_at)
    return [(one.nameless_yes, one.nameless_if_needed, one.nameless_no) for one in rows]


def left() -> tuple[int, int]:
    db.session.rollback()
    return db.session.query(PollAnswer).count(), db.session.query(PollInvitation).count()


def test_who_is_erased_stays_counted_slot_by_slot(says):
    says("Ana", YES, MAYBE, NO)
    says("Bea", YES)
    erase(named("Ana").id, by_herself=True)
    assert (nameless(), left()) == ([(1, 0, 0), (0, 1, 0), (0, 0, 1)], (1, 3))


def test_answers_lose_their_names_three_months_after_the_choice(poll, eva, says):
    says("Ana", YES, NO)
    services.give_up(poll.id, actor_id=eva.id)
    apply(poll.organisation_id, at=datetime(2027, 2, 2, 8, 59, tzinfo=UTC))
    assert left() == (2, 4)
    apply(poll.organisation_id, at=datetime(2027, 2, 2, 9, 0, tzinfo=UTC))
    apply(poll.organisation_id, at=datetime(2027, 2, 3, 9, 0, tzinfo=UTC))
    assert (nameless(), left()) == ([(1, 0, 0), (0, 0, 1), (0, 0, 0)], (0, 0))


def test_a_poll_nobody_decides_is_forgotten_a_year_after_its_deadline(poll, says):
    says("Ana", YES)
    apply(poll.organisation_id, at=datetime(2027, 12, 1, 22, 58, tzinfo=UTC))
    assert left() == (1, 4)
    apply(poll.organisation_id, at=datetime(2027, 12, 1, 22, 59, tzinfo=UTC))
    assert (nameless()[0], left()) == ((1, 0, 0), (0, 0))


def test_two_records_of_one_person_keep_what_she_said_last(clock, poll, says):
    says("Ana", YES, YES)
    clock.move_to(datetime(2026, 11, 4, tzinfo=UTC))
    says("Bea", NO, None, MAYBE)
    merge(named("Ana").id, named("Bea").id, actor_id=None)
    db.session.rollback()
    rows = db.session.query(PollAnswer).order_by(PollAnswer.slot_id)
    assert [(one.person.first_name, one.reply) for one in rows] == [("Ana", "no"), ("Ana", "yes"), ("Ana", "if_needed")]
    assert left() == (3, 3)


def test_one_takes_away_what_one_said_and_nothing_of_the_others(poll, says):
    says("Ana", YES, suggestion="Le midi")
    says("Bea", NO, suggestion="Le soir")
    (told,) = export_person(named("Ana").id)["sondages_de_dates"]
    assert (told["dispositif"], told["suggestion"]) == ("GAPP", "Le midi")
    assert told["reponses"] == [
        {"creneau": "2027-01-12T19:00:00+00:00", "reponse": "yes", "le": "2026-11-02T09:00:00+00:00"}
    ]
