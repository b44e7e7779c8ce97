"""Reminders of a seat, seven days before and the day before: who is written to, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.delivery import claim_due
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations import reminders, services
from cpts_sessions.registrations.models import Reminder
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.registrations.outbox import kinds, last
from tests.registrations.reminded import DAY, EVE, HOUR, MINUTE, WEEK, said
from tests.rows import rows


@pytest.fixture
def one(app, clock):
    """A session on Monday 16 November 2026 from 20 h to 22 h in Paris."""
    return make_group_session(make_programme(make_organisation()), capacity=3)


@pytest.fixture
def claire(one):
    return make_registration(one, make_person(one.organisation))


def test_seven_days_before_at_10_h_then_the_day_before_at_18_h(one, claire, clock):
    made = []
    for moment in (WEEK - MINUTE, WEEK, WEEK + HOUR, EVE - MINUTE, EVE, EVE + HOUR):
        clock.move_to(moment)
        made.append(reminders.run())

    assert made == [0, 1, 0, 0, 1, 0]
    assert kinds(of=claire.person) == ["rappel_j7", "rappel_j1"]
    week, eve = rows(OutboxMessage)
    assert week.links == {"lien_inscription": ["REGISTRATION", str(claire.public_id)]}
    assert (week.registration_id, week.group_session_id, week.calendar) == (claire.id, one.id, None)
    assert (week.created_at, week.useless_after) == (WEEK, WEEK + timedelta(hours=24))
    assert said(week)[0] == "Dans une semaine : GAPP, lundi 16 novembre à 20 h"
    assert said(eve)[0] == "Demain à 20 h : GAPP"
    assert "Où : Maison de santé, 1 rue des Tilleuls, Ambreville" in said(eve)[1]
    assert eve.useless_after == datetime(2026, 11, 15, 23, tzinfo=UTC)  # midnight: « demain » would be wrong


@pytest.mark.parametrize(
    ("waiting", "sentence"),
    [
        (0, "Libérez votre place maintenant : votre place sera utile."),
        (1, "Libérez votre place maintenant : 1 personne attend une place."),
        (2, "Libérez votre place maintenant : 2 personnes attendent une place."),
    ],
)
def test_it_says_how_many_wait_and_how_to_give_the_seat_back(one, claire, clock, waiting, sentence):
    for _ in range(waiting):
        make_registration(one, make_person(one.organisation), "waiting")
    clock.move_to(WEEK)
    reminders.run()

    assert sentence in said(last())[1]


def test_a_confidential_programme_is_only_named_in_the_body(app, clock):
    circle = make_group_session(make_circles(make_organisation()))
    make_registration(circle, make_person(circle.organisation))
    for moment, subject in (
        (WEEK, "Dans une semaine : Réunion CPTS, lundi 16 novembre à 20 h"),
        (EVE, "Demain à 20 h : Réunion CPTS"),
    ):
        clock.move_to(moment)
        reminders.run()
        assert (said(last())[0], "Cercle de paroles" in said(last())[1]) == (subject, True)


@pytest.mark.parametrize("status", ["requested", "offered", "waiting", "cancelled", "declined", "walk_in"])
def test_only_who_has_a_seat_is_reminded(one, clock, status):
    until = {"offer_expires_at": STARTS_AT} if status == "offered" else {}
    make_registration(one, make_person(one.organisation), status, **until)
    for moment in (WEEK, EVE, DAY):
        clock.move_to(moment)
        assert reminders.run() == 0


def test_who_has_no_e_mail_stops_nobody_else(one, clock):
    make_registration(one, make_person(one.organisation, email=None))
    other = make_person(one.organisation)
    make_registration(one, other)
    clock.move_to(WEEK)

    assert (reminders.run(), last().person_id, len(rows(Reminder))) == (1, other.id, 1)


@pytest.mark.parametrize("status", ["draft", "held", "cancelled"])
def test_never_for_a_session_that_is_not_announced_or_does_not_take_place(one, claire, clock, status):
    with transaction():
        one.status = status
    for moment in (WEEK, EVE, DAY):
        clock.move_to(moment)
        assert reminders.run() == 0


@pytest.mark.parametrize(
    ("off", "left"),
    [("reminds_week_before", ["rappel_j1"]), ("reminds_day_before", ["rappel_j7"])],
)
def test_a_programme_may_do_without_one(one, claire, clock, off, left):
    with transaction():
        setattr(one.programme, off, False)
    for moment in (WEEK, EVE):
        clock.move_to(moment)
        reminders.run()

    assert kinds() == left


@pytest.mark.parametrize(
    ("before", "left"),
    [
        (timedelta(days=8, minutes=1), ["rappel_j7", "rappel_j1"]),
        (timedelta(days=8), ["rappel_j1"]),
        (timedelta(hours=44, minutes=1), ["rappel_j1"]),  # 23 h 59, two days before
        (timedelta(hours=44), []),  # midnight: the day before begins
    ],
)
def test_who_signed_up_too_late_for_a_reminder_does_without(one, clock, before, left):
    make_registration(one, make_person(one.organisation), queued_at=STARTS_AT - before)
    for moment in (WEEK, EVE, DAY):
        clock.move_to(moment)
        reminders.run()
        claim_due()  # what is written leaves

    assert kinds() == left


def test_who_waited_long_and_has_her_seat_since_the_day_before_does_without(one, clock):
    late = make_registration(one, make_person(one.organisation), "waiting")
    clock.move_to(EVE - 5 * HOUR)
    services.take_seat(late.id)
    clock.move_to(EVE)

    assert (reminders.run(), kinds()) == (0, ["inscription_confirmee"])


def test_who_left_and_came_back_the_day_before_does_without(one, claire, clock):
    clock.move_to(EVE - 5 * HOUR)
    services.leave(claire.id)
    services.take_back(claire.id)
    clock.move_to(EVE)

    assert (reminders.run(), kinds()) == (0, ["desinscription", "inscription_confirmee"])


def test_a_worker_that_was_stopped_drops_what_is_late(one, claire, clock):
    clock.move_to(WEEK + timedelta(hours=23, minutes=59))
    assert reminders.run() == 1
    assert last().kind == "rappel_j7"
    with transaction():
        for row in rows(Reminder):
            db.session.delete(row)
    for moment in (WEEK + timedelta(hours=24), WEEK + timedelta(days=2), EVE - MINUTE):
        clock.move_to(moment)
        assert reminders.run() == 0


def test_on_the_day_itself_the_late_one_says_so_up_to_three_hours_before(one, claire, clock):
    for moment in (DAY - MINUTE, STARTS_AT - 3 * HOUR + MINUTE, STARTS_AT - HOUR, STARTS_AT, STARTS_AT + HOUR):
        clock.move_to(moment)
        assert reminders.run() == 0
    clock.move_to(STARTS_AT - 3 * HOUR)

    assert reminders.run() == 1
    assert said(last())[0] == "Aujourd’hui à 20 h : GAPP"
    assert "C’est aujourd’hui." in said(last())[1]
    assert "À tout à l’heure," in said(last())[1]


def test_after_two_days_without_a_worker_each_person_gets_one_message_at_most(app, clock):
    programme = make_programme(make_organisation())
    for days in (-1, 0, 1, 2, 5, 6, 7, 8):
        one = make_group_session(programme, starts_at=DAY + timedelta(days=days, hours=11))
        make_registration(one, make_person(one.organisation))
    clock.move_to(DAY - timedelta(days=2))
    reminders.run()
    before = len(kinds())
    clock.move_to(DAY + 2 * HOUR)

    assert reminders.run() == 2
    assert sorted(kinds()[before:]) == ["rappel_j1", "rappel_j7"]  # today's, and the one in seven days
    assert reminders.run() == 0


@pytest.mark.parametrize(
    "moment",
    [
        WEEK + 10 * HOUR,  # 20 h, seven days before
        WEEK + 23 * HOUR - MINUTE,  # 8 h 59, the next day
        EVE + 2 * HOUR,  # 20 h, the day before
        DAY - MINUTE,  # 8 h 59, on the day
    ],
)
def test_nothing_is_written_at_night(one, claire, clock, moment):
    clock.move_to(moment)

    assert reminders.run() == 0
