"""What may happen to a message once it is written: leave again, leave for another address, be withdrawn, forgotten."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CursorResult, delete, or_, select, update

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import EMPTIED, MessageStatus, OutboxMessage, WorkerBeat

_QUEUED, _SENDING, _FAILED = MessageStatus.QUEUED.value, MessageStatus.SENDING.value, MessageStatus.FAILED.value
_OBSOLETE = MessageStatus.OBSOLETE.value
_REFUSALS: Final[dict[str | None, str]] = {
    MessageStatus.QUEUED: "Ce message attend déjà de partir.",
    MessageStatus.SENDING: "Ce message est en train de partir.",
    MessageStatus.SENT: "Ce message est parti, et son texte est effacé : il ne peut pas repartir.",
    MessageStatus.WITHHELD: "Ce message est retenu : rien ne part de la démonstration.",
    MessageStatus.OBSOLETE: "Ce message ne servirait plus à rien : il ne part pas.",
}


def resend(message: OutboxMessage) -> None:
    """Let a message that failed leave again, with all its tries before it.

    Raises:
        RuleBroken: it did not fail, or what it says is no longer of use.
    """
    moment = now()
    with transaction():
        failed = update(OutboxMessage).where(
            OutboxMessage.id == message.id,
            OutboxMessage.status == _FAILED,
            or_(OutboxMessage.useless_after.is_(None), OutboxMessage.useless_after > moment),
        )
        if _run(failed.values(status=_QUEUED, not_before=moment, attempts=0, last_error="")) == 0:
            is_now = select(OutboxMessage.status).where(OutboxMessage.id == message.id)
            status = db.session.execute(is_now).scalar_one_or_none()
            raise RuleBroken(typo(_REFUSALS.get(status, _REFUSALS[MessageStatus.OBSOLETE])))


def redirect_undelivered(person_id: int, new_address: str, name: str) -> int:
    """Send to a corrected address, under a corrected name, what the person has not received.

    One that is leaving for the old address at this very moment leaves for the new one too.

    Returns:
        How many messages leave again; those that would be of no use by now are withdrawn instead.
    """
    moment = now()
    with transaction():
        undelivered = update(OutboxMessage).where(
            OutboxMessage.person_id == person_id, OutboxMessage.status.in_((_QUEUED, _SENDING, _FAILED))
        )
        _run(undelivered.values(to_address=new_address, to_name=name))
        stopped = undelivered.where(OutboxMessage.status.in_((_SENDING, _FAILED)))
        _run(stopped.values(status=_QUEUED, not_before=moment, lease_until=None))
        _run(undelivered.where(OutboxMessage.useless_after <= moment).values(status=_OBSOLETE, **EMPTIED))
        return _run(undelivered.values(attempts=0, last_error=""))


def drop_for_registration(registration_id: int, kinds: Collection[str] = ()) -> int:
    """Withdraw what still waits about one registration, of these kinds or all: it would say what is no longer true.

    Returns:
        How many messages were withdrawn.
    """
    with transaction():
        waiting = update(OutboxMessage).where(
            OutboxMessage.registration_id == registration_id,
            OutboxMessage.status.in_((_QUEUED, _SENDING, _FAILED)),
        )
        if kinds:
            waiting = waiting.where(OutboxMessage.kind.in_(kinds))
        return _run(waiting.values(status=_OBSOLETE, lease_until=None, **EMPTIED))


def drop_about_session(group_session_id: int, kinds: Collection[str], *, person_id: int | None = None) -> int:
    """Withdraw what still waits about one session, of these kinds, to one person or to all.

    Returns:
        How many messages were withdrawn.
    """
    with transaction():
        waiting = update(OutboxMessage).where(
            OutboxMessage.group_session_id == group_session_id,
            OutboxMessage.kind.in_(kinds),
            OutboxMessage.status.in_((_QUEUED, _SENDING, _FAILED)),
        )
        if person_id is not None:
            waiting = waiting.where(OutboxMessage.person_id == person_id)
        return _run(waiting.values(status=_OBSOLETE, lease_until=None, **EMPTIED))


def drop_to_person(person_id: int, kinds: Collection[str] = ()) -> int:
    """Withdraw what still waits, of these kinds or all, to one person.

    Returns:
        How many messages were withdrawn.
    """
    with transaction():
        waiting = update(OutboxMessage).where(
            OutboxMessage.person_id == person_id, OutboxMessage.status.in_((_QUEUED, _SENDING, _FAILED))
        )
        if kinds:
            waiting = waiting.where(OutboxMessage.kind.in_(kinds))
        return _run(waiting.values(status=_OBSOLETE, lease_until=None, **EMPTIED))


def drop_leading_to(
    organisation_id: int, kinds: Collection[str], purpose: Purpose, public_ids: Collection[UUID]
) -> int:
    """Withdraw what still waits, of these kinds, with a personal link to one of these rows.

    Returns:
        How many messages were withdrawn.
    """
    targets = [[purpose.name, str(public_id)] for public_id in public_ids]
    with transaction():
        waiting = select(OutboxMessage.id, OutboxMessage.links).where(
            OutboxMessage.organisation_id == organisation_id,
            OutboxMessage.kind.in_(kinds),
            OutboxMessage.status.in_((_QUEUED, _SENDING, _FAILED)),
        )
        leading = [id_ for id_, links in db.session.execute(waiting) if any(one in targets for one in links.values())]
        withdrawn = update(OutboxMessage).where(OutboxMessage.id.in_(leading))
        return _run(withdrawn.values(status=_OBSOLETE, lease_until=None, **EMPTIED))


def forget_old(organisation_id: int, before: datetime) -> int:
    """Delete the messages of an organisation written before an instant, but those that still have to leave.

    Returns:
        How many messages were deleted.
    """
    with transaction():
        old = delete(OutboxMessage).where(
            OutboxMessage.organisation_id == organisation_id,
            OutboxMessage.created_at < before,
            OutboxMessage.status.not_in((_QUEUED, _SENDING)),
        )
        return _run(old)


def beat() -> None:
    """Write down that a worker is at work now."""
    with transaction():
        if _run(update(WorkerBeat).values(at=now())) == 0:
            db.session.add(WorkerBeat())


def _run(statement: Any) -> int:
    result = db.session.execute(statement.execution_options(synchronize_session="fetch"))
    assert isinstance(result, CursorResult)
    return result.rowcount
