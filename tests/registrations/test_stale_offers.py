"""A message that waits for the morning does not leave when what it says is no longer true."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations import services, sessions
from tests.factories import (
    STARTS_AT,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_programme,
    signed_up,
)

pytestmark = pytest.mark.usefixtures("app", "clock")

NIGHT = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)  # 23 h 30 in Paris


@pytest.fixture
def group_session(app):
    """An open session with one place."""
    return make_group_session(make_programme(make_organisation()), capacity=1)


def waiting_to_leave(person):
    """The kinds of the messages that will leave for somebody."""
    db.session.expire_all()
    query = db.session.query(OutboxMessage).filter_by(person_id=person.id, status="queued").order_by(OutboxMessage.id)
    return [message.kind for message in query]


def test_an_offer_taken_in_the_night_is_not_made_again_in_the_morning(group_session, clock):
    seated, first = (signed_up(group_session) for _ in range(2))
    clock.move_to(NIGHT)
    services.leave(seated.id)

    services.take_seat(first.id)

    assert waiting_to_leave(first.person) == ["liste_attente", "inscription_confirmee"]


def test_no_offer_leaves_for_a_session_cancelled_in_the_night(group_session, clock):
    seated, first = (signed_up(group_session) for _ in range(2))
    clock.move_to(NIGHT)
    services.leave(seated.id)

    sessions.cancel(group_session.id, "intempéries", actor_id=make_coordinator(group_session.organisation).id)

    assert waiting_to_leave(first.person) == ["liste_attente", "seance_annulee_attente"]


def test_a_free_seat_taken_in_the_night_is_told_to_nobody_in_the_morning(group_session, clock):
    seated, first, second = (signed_up(group_session) for _ in range(3))
    clock.move_to(datetime(2026, 11, 15, 22, 30, tzinfo=UTC))
    sessions.change(
        group_session.id,
        sessions.Plan(
            starts_at=STARTS_AT.replace(hour=8),
            ends_at=STARTS_AT.replace(hour=10),
            place=sessions.place_of(group_session),
            capacity=1,
            minimum=0,
        ),
        actor_id=make_coordinator(group_session.organisation).id,
        revision=group_session.revision,
    )
    services.leave(seated.id)
    assert waiting_to_leave(second.person)[-1] == "place_de_derniere_minute"

    services.take_seat(first.id)

    assert "place_de_derniere_minute" not in waiting_to_leave(first.person) + waiting_to_leave(second.person)


def test_who_was_told_of_a_free_seat_of_the_old_date_is_told_of_one_of_the_new(group_session, clock):
    seated, first, second = (signed_up(group_session) for _ in range(3))
    clock.move_to(STARTS_AT - timedelta(hours=2))
    services.leave(seated.id)  # too near: both are told
    sessions.change(
        group_session.id,
        sessions.Plan(
            starts_at=STARTS_AT + timedelta(hours=3),
            ends_at=STARTS_AT + timedelta(hours=4),
            place=sessions.place_of(group_session),
            capacity=1,
            minimum=0,
        ),
        actor_id=make_coordinator(group_session.organisation).id,
        revision=group_session.revision,
    )
    clock.shift(timedelta(hours=2, minutes=25))

    services.leave(first.id)  # she refuses the seat that was kept for her, too late to keep it for another

    assert waiting_to_leave(second.person)[-2:] == ["seance_deplacee_attente", "place_de_derniere_minute"]


def test_an_offer_made_anew_for_another_date_replaces_the_first(group_session, clock):
    seated, first = (signed_up(group_session) for _ in range(2))
    clock.move_to(NIGHT)
    services.leave(seated.id)

    sessions.change(
        group_session.id,
        sessions.Plan(
            starts_at=STARTS_AT + timedelta(days=1),
            ends_at=STARTS_AT + timedelta(days=1, hours=2),
            place=sessions.place_of(group_session),
            capacity=1,
            minimum=0,
        ),
        actor_id=make_coordinator(group_session.organisation).id,
        revision=group_session.revision,
    )

    assert waiting_to_leave(first.person) == ["liste_attente", "place_proposee"]
