"""A freed seat goes to those who wait, by the clock rule."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.registrations import services, waiting_list
from tests.factories import (
    STARTS_AT,
    signed_up,
)
from tests.registrations.outbox import kinds, last, written
from tests.rows import statuses

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_a_freed_seat_is_offered_at_once_to_the_first_who_waits(group_session):
    seated, _, first, second = (signed_up(group_session) for _ in range(4))

    services.leave(seated.id)

    assert statuses(seated, first, second) == ["cancelled", "offered", "waiting"]
    assert first.offer_expires_at == datetime(2026, 11, 4, 9, 0, tzinfo=UTC)  # 48 hours
    assert written()[-2:] == [("desinscription", seated.person.email), ("place_proposee", first.person.email)]


def test_an_offer_made_at_night_holds_the_seat_and_leaves_at_eight(group_session, clock):
    seated, _, first = (signed_up(group_session) for _ in range(3))
    clock.move_to(datetime(2026, 11, 2, 22, 30, tzinfo=UTC))  # 23 h 30 in Paris

    services.leave(seated.id)

    eight = datetime(2026, 11, 3, 7, 0, tzinfo=UTC)
    assert statuses(first) == ["offered"]
    assert (last().not_before, first.offer_expires_at) == (eight, eight + timedelta(hours=48))


def test_an_expired_offer_goes_to_the_next_and_its_holder_leaves_the_list(group_session, clock):
    seated, _, first, second = (signed_up(group_session) for _ in range(4))
    services.leave(seated.id)
    clock.shift(timedelta(hours=49))

    assert waiting_list.expire_offers() == 1

    assert statuses(first, second) == ["declined", "offered"]
    assert first.ended_by == "clock"
    assert kinds()[-2:] == ["offre_expiree", "place_proposee"]


def test_an_offer_is_taken_until_its_deadline_and_not_after(group_session, clock):
    seated, _, first = (signed_up(group_session) for _ in range(3))
    services.leave(seated.id)
    clock.shift(timedelta(hours=48))

    with pytest.raises(RuleBroken, match="n’est plus gardée"):
        services.take_seat(first.id)

    assert statuses(first) == ["offered"]


def test_taking_an_offer_gives_the_seat_and_the_invitation(group_session):
    seated, _, first = (signed_up(group_session) for _ in range(3))
    services.leave(seated.id)

    outcome = services.take_seat(first.id)

    assert statuses(first) == ["confirmed"]
    assert normalise(outcome.sentence).startswith("La place est à vous")
    assert (last().kind, last().calendar["method"]) == ("inscription_confirmee", "REQUEST")


def test_refusing_an_offer_passes_the_seat_on(group_session):
    seated, _, first, second = (signed_up(group_session) for _ in range(4))
    services.leave(seated.id)

    services.leave(first.id)

    assert statuses(first, second) == ["declined", "offered"]


def test_near_the_start_nothing_is_held_and_the_first_who_posts_has_the_seat(group_session, clock):
    seated, _, first, second = (signed_up(group_session) for _ in range(4))
    clock.move_to(STARTS_AT - timedelta(hours=2, minutes=30))

    services.leave(seated.id)
    assert statuses(first, second) == ["waiting", "waiting"]
    assert kinds()[-2:] == ["place_de_derniere_minute"] * 2

    services.take_seat(second.id)
    with pytest.raises(RuleBroken, match="vient d’être prise"):
        services.take_seat(first.id)
    assert statuses(first, second) == ["waiting", "confirmed"]


def test_near_the_start_a_new_sign_up_may_take_the_free_seat(group_session, clock):
    seated, _, waiting = (signed_up(group_session) for _ in range(3))
    clock.move_to(STARTS_AT - timedelta(hours=2))
    services.leave(seated.id)

    new = signed_up(group_session)

    assert statuses(waiting, new) == ["waiting", "confirmed"]


def test_a_seat_freed_twice_near_the_start_is_told_twice(group_session, clock):
    seated, other, waiting = (signed_up(group_session) for _ in range(3))
    clock.move_to(STARTS_AT - timedelta(hours=2))
    services.leave(seated.id)
    signed_up(group_session)
    services.leave(other.id)

    assert kinds(of=waiting.person).count("place_de_derniere_minute") == 2
