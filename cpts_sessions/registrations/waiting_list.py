"""Freed seats go to the first who waits, by the clock rule."""

from sqlalchemy import select

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.services import drop_for_registration
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.registrations import messages, queries, rules
from cpts_sessions.registrations.models import EndedBy, Registration, Status


def serve(group_session: GroupSession) -> int:
    """Offer every free seat to those who wait, in their order; the session's row is locked by the caller.

    At night the seats are held at once and the mails leave at 8 h. Too near the start no seat is
    held any more: those who wait are told that one is free, and the first who takes it has it.

    Returns:
        How many seats were offered.
    """
    db.session.flush()
    instant = now()
    if group_session.status != SessionStatus.OPEN or instant >= group_session.starts_at:
        return 0
    free = group_session.capacity - queries.seats_taken(group_session.id)
    if free <= 0:
        return 0
    leaves_at = rules.mail_leaves_at(instant)
    deadline = rules.offer_deadline(leaves_at, group_session.starts_at)
    waiting = queries.waiting(group_session.id)
    if deadline is None:
        for registration in waiting:
            if registration.free_seat_told_at is None and leaves_at < group_session.starts_at:
                registration.free_seat_told_at = instant
                messages.free_seat(registration, leaves_at)
        return 0
    for registration in waiting[:free]:
        registration.status = Status.OFFERED.value
        registration.offer_expires_at = deadline
        messages.offered(registration, leaves_at)
    db.session.flush()
    return min(free, len(waiting))


def seat_was_taken(group_session: GroupSession) -> None:
    """Forget that those who wait were told of a free seat, once none is left: the next one is told again."""
    if queries.seats_taken(group_session.id) >= group_session.capacity:
        for registration in queries.waiting(group_session.id):
            forget_offer(registration)


def expire_offers() -> int:
    """End the offers whose deadline has passed and serve the next on each list; one transaction per session.

    Returns:
        How many offers ended.
    """
    statement = (
        select(Registration.group_session_id)
        .join(GroupSession)
        .where(
            Registration.status == Status.OFFERED,
            Registration.offer_expires_at <= now(),
            GroupSession.starts_at > now(),  # after the start nothing moves
        )
        .distinct()
        .order_by(Registration.group_session_id)
    )
    session_ids = list(db.session.execute(statement).scalars())
    return sum(_expire_in(group_session_id) for group_session_id in session_ids)


def _expire_in(group_session_id: int) -> int:
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        late = [
            registration
            for registration in queries.live(group_session_id)
            if registration.status == Status.OFFERED
            and registration.offer_expires_at is not None
            and registration.offer_expires_at <= now()
        ]
        for registration in late:
            expired_at = registration.offer_expires_at
            end(registration, Status.DECLINED, EndedBy.CLOCK)
            assert expired_at is not None
            messages.offer_expired(registration, expired_at)
        serve(group_session)
        return len(late)


def end(registration: Registration, status: Status, by: EndedBy) -> None:
    """Move a registration to cancelled or declined; the caller writes the mail and serves the list."""
    forget_offer(registration)
    if registration.status == Status.CONFIRMED:
        drop_for_registration(registration.id, messages.REMINDERS)
    registration.ended_from, registration.status = registration.status, status.value
    registration.ended_by = by.value
    registration.ended_at = now()
    registration.called_at = None


def forget_offer(registration: Registration) -> None:
    """Forget that a seat was kept for somebody, or told to be free; a message of it that still waits does not leave."""
    if registration.offer_expires_at is not None or registration.free_seat_told_at is not None:
        drop_for_registration(registration.id, messages.OF_A_FREE_SEAT)
    registration.offer_expires_at = registration.free_seat_told_at = None
