"""What waits, left or failed. Sign-in mails are on no list: they would say who tried to enter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage, WorkerBeat

PER_PAGE: Final = 50


class Box(StrEnum):
    """The lists of messages, by the word in the address of their page."""

    WAITING = "attente"
    SENT = "envoyes"
    FAILED = "echecs"
    WITHHELD = "retenus"
    OBSOLETE = "perimes"


STATUSES: Final[dict[Box, tuple[str, ...]]] = {
    Box.WAITING: (MessageStatus.QUEUED.value, MessageStatus.SENDING.value),
    Box.SENT: (MessageStatus.SENT.value,),
    Box.FAILED: (MessageStatus.FAILED.value,),
    Box.WITHHELD: (MessageStatus.WITHHELD.value,),
    Box.OBSOLETE: (MessageStatus.OBSOLETE.value,),
}


@dataclass(frozen=True)
class MessagePage:
    """One page of a list, the newest message first; `total` counts the whole list."""

    messages: Sequence[OutboxMessage]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages the list has: at least one."""
        return max(1, -(-self.total // PER_PAGE))


def messages(organisation_id: int, box: Box, *, page: int = 1, also: Sequence[ColumnElement[bool]] = ()) -> MessagePage:
    """Return one page of the messages of an organisation in one state; a page that does not exist is empty.

    Args:
        also: what is asked of them besides.
    """
    listed = (*_listed(organisation_id, box), *also)
    rows = (
        select(OutboxMessage)
        .where(*listed)
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    total = db.session.execute(select(func.count()).select_from(OutboxMessage).where(*listed)).scalar_one()
    return MessagePage(db.session.execute(rows).scalars().all(), page, total)


def written_between(first: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a message was written from an instant until before another one."""
    return OutboxMessage.created_at >= first, OutboxMessage.created_at < end


def counts(organisation_id: int, also: Sequence[ColumnElement[bool]] = ()) -> dict[Box, int]:
    """Return how many messages each list of an organisation holds, of those asked for."""
    statement = (
        select(OutboxMessage.status, func.count().label("total"))
        .where(OutboxMessage.organisation_id == organisation_id, OutboxMessage.is_sign_in.is_(False), *also)
        .group_by(OutboxMessage.status)
    )
    by_status = {row.status: row.total for row in db.session.execute(statement)}
    return {box: sum(by_status.get(status, 0) for status in statuses) for box, statuses in STATUSES.items()}


def get(organisation_id: int, public_id: UUID) -> OutboxMessage | None:
    """Return one message that a screen of this organisation may show, or None."""
    statement = select(OutboxMessage).where(
        OutboxMessage.public_id == public_id,
        OutboxMessage.organisation_id == organisation_id,
        OutboxMessage.is_sign_in.is_(False),
    )
    return db.session.execute(statement).scalar_one_or_none()


def of_person(organisation_id: int, person_id: int, most: int = 20) -> Sequence[OutboxMessage]:
    """Return the latest messages to one person that a screen may show."""
    statement = (
        select(OutboxMessage)
        .where(
            OutboxMessage.organisation_id == organisation_id,
            OutboxMessage.person_id == person_id,
            OutboxMessage.is_sign_in.is_(False),
        )
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(most)
    )
    return db.session.execute(statement).scalars().all()


def find(given: str) -> OutboxMessage | None:
    """Return any message, by the number of its row or by its public id: for a command on the server only."""
    if given.isascii() and given.isdigit():
        return db.session.get(OutboxMessage, int(given))
    try:
        public_id = UUID(given)
    except ValueError:
        return None
    return db.session.execute(select(OutboxMessage).where(OutboxMessage.public_id == public_id)).scalar_one_or_none()


def count_waiting() -> int:
    """Return how many messages of the whole installation wait to leave, sign-in mails included."""
    waiting = OutboxMessage.status.in_(STATUSES[Box.WAITING])
    return db.session.execute(select(func.count()).select_from(OutboxMessage).where(waiting)).scalar_one()


def last_beat() -> datetime | None:
    """Return when a worker was last seen at work; None when none ever was."""
    return db.session.execute(select(func.max(WorkerBeat.at))).scalar_one_or_none()


def _listed(organisation_id: int, box: Box) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxMessage.organisation_id == organisation_id,
        OutboxMessage.status.in_(STATUSES[box]),
        OutboxMessage.is_sign_in.is_(False),
    )
