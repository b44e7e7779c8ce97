"""Noted present while people settle down, then a seat given back before the start: she came, and counts as anyone."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance import check_in, own_presence
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.attendance.queries import roll, statuses_at, tallies_at
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.evening import services
from cpts_sessions.evening.models import Reopening
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import services as seats
from cpts_sessions.registrations import undoing
from cpts_sessions.registrations.models import Registration
from cpts_sessions.registrations.sessions import Plan, place_of
from tests.conftest import NOW
from tests.evening.sending import send, tally
from tests.evening.test_closing import EVA, animated_by, figures, somebody
from tests.factories import make_group_session, make_organisation, make_programme, told


@pytest.fixture
def soon(app, clock):
    """A session that begins in twenty minutes."""
    return make_group_session(make_programme(make_organisation()), starts_at=NOW + timedelta(minutes=20))


@pytest.fixture
def link_of_soon(soon):
    """The link of whoever animates it."""
    return services.link_for(soon.id, animated_by(soon))


def note(registration: Registration) -> None:
    own_presence.note_own(registration, proof=check_in.passage(registration.group_session))


def in_time(one: GroupSession, later: timedelta) -> Plan:
    starts_at, ends_at = one.starts_at + later, one.ends_at + later
    return Plan(starts_at=starts_at, ends_at=ends_at, place=place_of(one), capacity=one.capacity, minimum=one.minimum)


def test_she_stays_on_the_list_and_counts_once_it_is_closed(soon, clock):
    her, other = somebody(soon), somebody(soon)
    note(her)
    note(other)
    seats.leave(her.id)
    assert [line.mark for line in roll(soon.id).lines] == ["present", "present"]
    clock.shift(timedelta(hours=4))

    assert services.close(soon.id, actor_id=EVA) == 2

    assert (her.status, her.ended_at, other.status) == ("walk_in", None, "confirmed")
    assert figures(soon) == (2, 2, 2)
    assert db.session.query(Attestation).count() == 2


def test_alone_she_is_enough_for_the_session_to_have_been_held(soon, clock):
    her = somebody(soon)
    note(her)
    seats.leave(her.id)
    clock.shift(timedelta(hours=4))

    with pytest.raises(RuleBroken, match="est pourtant notée"):
        services.nobody_came(soon.id, actor_id=EVA)

    assert services.close(soon.id, actor_id=EVA) == 1


def test_once_it_is_opened_again_she_may_be_corrected(soon, clock):
    her, other = somebody(soon), somebody(soon)
    note(her)
    note(other)
    seats.leave(her.id)
    clock.shift(timedelta(hours=4))
    services.close(soon.id, actor_id=EVA)

    services.reopen(soon.id, Reopening.CORRECT, actor_id=EVA)

    assert statuses_at(soon.id) == {her.person_id: "present", other.person_id: "present"}


def test_somebody_who_gave_her_seat_back_and_animates_is_not_on_the_list(soon, clock):
    other = somebody(soon)
    animator = animated_by(soon)
    hers = somebody(soon)
    hers.person_id = animator
    db.session.commit()
    note(other)
    seats.leave(hers.id)
    clock.shift(timedelta(hours=4))

    assert services.close(soon.id, actor_id=EVA) == 1

    assert [line.registration.id for line in roll(soon.id).lines] == [other.id]
    assert hers.status == "cancelled"


def test_not_me_after_somebody_was_noted_keeps_who_came(soon, clock):
    seats.sign_up(soon.id, told(email="quelqu-un-d-autre@example.org"))
    hers = db.session.query(Registration).one()
    note(hers)

    undoing.not_me(hers.id)

    assert (hers.status, statuses_at(soon.id)) == ("cancelled", {hers.person_id: "present"})
    assert db.session.get(Person, hers.person_id) is not None
    clock.shift(timedelta(hours=4))
    assert services.close(soon.id, actor_id=EVA) == 1


def test_who_was_noted_and_sent_home_did_not_come_to_the_new_date(soon, link_of_soon, clock):
    her, gone = somebody(soon), somebody(soon)
    note(her)
    note(gone)
    send(link_of_soon, tally(1))
    soon = db.session.get_one(GroupSession, soon.id)
    week = timedelta(days=7)

    services.change(soon.id, in_time(soon, week), actor_id=EVA, revision=soon.revision)
    seats.leave(gone.id)

    assert (statuses_at(soon.id), tallies_at(soon.id)) == ({}, {})
    assert [(line.registration.id, line.mark) for line in roll(soon.id).lines] == [(her.id, None)]


def test_another_room_or_a_quarter_of_an_hour_forgets_nobody(soon, clock):
    her = somebody(soon)
    note(her)

    services.change(soon.id, in_time(soon, timedelta(minutes=15)), actor_id=EVA, revision=soon.revision)

    assert statuses_at(soon.id) == {her.person_id: "present"}
