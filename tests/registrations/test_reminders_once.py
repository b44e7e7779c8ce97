"""A reminder is written once, whatever moves, is cancelled, fails or works twice at the same time."""

import threading
from datetime import timedelta
from time import process_time

import pytest

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.delivery import claim_due
from cpts_sessions.registrations import on_behalf, reminders, services, sessions
from cpts_sessions.registrations.models import Reminder
from tests.counting_queries import statements
from tests.factories import (
    STARTS_AT,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
    signed_up,
)
from tests.registrations.outbox import kinds, last
from tests.registrations.reminded import DAY, EVE, HOUR, WEEK, change, fill, said, standing
from tests.rows import rows


@pytest.fixture
def one(app, clock):
    """A session on Monday 16 November 2026 from 20 h to 22 h in Paris."""
    return make_group_session(make_programme(make_organisation()), capacity=3)


@pytest.fixture
def claire(one):
    return make_registration(one, make_person(one.organisation))


def test_a_session_that_moves_reminds_again_for_its_new_date_and_only_once(one, claire, clock):
    clock.move_to(WEEK)
    assert reminders.run() == 1
    later = STARTS_AT + timedelta(days=9)
    change(one, starts_at=later)
    assert reminders.run() == 0
    clock.move_to(EVE)
    assert reminders.run() == 0

    clock.move_to(WEEK + timedelta(days=9))
    assert [reminders.run(), reminders.run()] == [1, 0]
    assert said(last())[0] == "Dans une semaine : GAPP, mercredi 25 novembre à 20 h"
    assert standing() == [("rappel_j7", "obsolete"), ("rappel_j7", "queued")]


def test_never_for_a_session_moved_to_the_past(one, claire, clock):
    clock.move_to(EVE)
    with transaction():  # the form refuses it
        one.starts_at, one.ends_at = EVE - 3 * HOUR, EVE - HOUR

    assert reminders.run() == 0


def test_one_that_waits_says_the_new_room_or_hour(one, claire, clock):
    clock.move_to(EVE)
    reminders.run()
    place = sessions.place_of(one)
    change(one, place=type(place)(**{**vars(place), "name": "Salle des fêtes"}))
    assert reminders.run() == 1
    assert "Où : Salle des fêtes" in said(last())[1]

    change(one, starts_at=STARTS_AT - HOUR)
    assert reminders.run() == 1
    assert said(last())[0] == "Demain à 19 h : GAPP"
    assert standing() == [("rappel_j1", "queued")]
    assert len(rows(Reminder)) == 1


def test_one_that_left_is_not_written_again_when_the_hour_or_the_room_changes(one, claire, clock):
    clock.move_to(WEEK)
    reminders.run()
    with transaction():
        last().status = "sent"
    change(one, starts_at=STARTS_AT - HOUR)

    assert (reminders.run(), standing()) == (0, [("rappel_j7", "sent")])


def test_one_that_waits_does_not_leave_when_the_session_is_cancelled_or_the_seat_given_back(one, claire, clock):
    other = make_registration(one, make_person(one.organisation))
    clock.move_to(EVE)
    reminders.run()
    services.leave(claire.id)
    assert standing() == [("rappel_j1", "obsolete"), ("rappel_j1", "queued")]

    sessions.cancel(one.id, "intempéries", actor_id=make_coordinator(one.organisation).id)

    assert standing() == [("rappel_j1", "obsolete"), ("rappel_j1", "obsolete")]
    assert (reminders.run(), other.status) == (0, "cancelled")


def test_one_that_did_not_leave_the_day_before_is_written_anew_on_the_day(one, claire, clock):
    clock.move_to(EVE)
    reminders.run()
    clock.move_to(DAY)
    assert reminders.run() == 1  # the mail server was out of reach all night
    assert said(last())[0] == "Aujourd’hui à 20 h : GAPP"

    claim = claim_due()

    assert standing() == [("rappel_j1", "sending")]
    assert list(claim.ids) == [last().id]


def test_two_workers_write_each_once(app, one, clock):
    for _ in range(3):
        make_registration(one, make_person(one.organisation))
    clock.move_to(EVE)
    ready, wrote = threading.Barrier(2), []

    def work():
        with app.app_context():
            ready.wait()
            wrote.append(reminders.run())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert (sorted(wrote), kinds()) == ([0, 3], ["rappel_j1"] * 3)


def test_a_session_reads_the_database_as_often_for_twenty_seats_as_for_two(app, clock):
    programme = make_programme(make_organisation())
    counts = []
    for number, days in ((2, 0), (20, 1)):
        fill(programme, number, starts_at=STARTS_AT + timedelta(days=days))
        clock.move_to(EVE + timedelta(days=days))
        db.session.expire_all()
        with statements() as sent:
            assert reminders.run() == number
        counts.append(sum(statement.startswith("SELECT") for statement in sent))

    assert counts[0] == counts[1]


def test_three_hundred_reminders_take_less_than_two_seconds_of_work(app, clock):
    programme = make_programme(make_organisation())
    for _ in range(3):
        fill(programme, 100)
    clock.move_to(EVE)
    began = process_time()

    assert reminders.run() == 300
    assert process_time() - began < 2


def test_a_seat_that_is_undone_takes_its_reminders_along(one, clock):
    hers = signed_up(one)
    clock.move_to(EVE)
    reminders.run()
    on_behalf.withdraw(hers.id, actor_id=make_coordinator(one.organisation).id, reason="Elle a téléphoné.")
    with transaction():
        db.session.delete(hers)

    assert rows(Reminder) == []
    assert now() == EVE
