"""Messages leave the outbox: at least once, each always under one and the same Message-ID.

Claimed for a minute by a guarded UPDATE, handed over outside any transaction, marked one by one. A worker killed
between the server's yes and the mark sends the message again, under the same Message-ID.
"""

import logging
import smtplib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select, update

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail import smtp
from cpts_sessions.mail.answers import Failure, Trouble, trouble_of
from cpts_sessions.mail.envelope import compose
from cpts_sessions.mail.mime import Attached, RawMessage
from cpts_sessions.mail.models import EMPTIED, MessageStatus, OutboxMessage
from cpts_sessions.mail.rendering import Frame

LEASE: Final = timedelta(seconds=60)  # longer than the time-out of SMTP
BATCH: Final = 20
_ENOUGH: Final = timedelta(seconds=40)  # of the lease, to begin one more message: two time-outs of SMTP
#: Between one try and the next; after the last one there is no further try.
WAITS: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60))
#: While the server is out of reach or refuses us; no try of a message is spent on it.
RESTS: Final = tuple(timedelta(seconds=s) for s in (5, 15, 60, 120, 300))

_log = logging.getLogger(__name__)

#: What makes the document that a row names: its file, or None when it is to be sent no more.
Papers = Callable[[Mapping[str, str]], Attached | None]


@dataclass(frozen=True)
class Claim:
    """Rows that nobody else touches before `until`, which also tells them from those of another claim."""

    ids: Sequence[int]
    until: datetime


class Courier:
    """Hands messages over, and remembers to leave a server alone that does not answer."""

    def __init__(self, frame_of: Callable[[int], Frame], papers: Papers) -> None:
        """Know what surrounds the messages of an organisation, from its id, and what makes the documents they carry."""
        self._frame_of = frame_of
        self._papers = papers
        self._rests = 0
        self._resting_until: datetime | None = None

    def deliver(self, go_on: Callable[[], bool] = lambda: True) -> int:
        """Hand over a batch of what is due; without SMTP_URL nothing is claimed.

        Args:
            go_on: asked before each message; when it says no, the others are given back at once.

        Returns:
            How many messages were claimed: none means there is nothing to do for now.
        """
        if not smtp.is_configured() or (self._resting_until and now() < self._resting_until):
            return 0
        return self._deliver(claim_due(), go_on)

    def deliver_one(self, message_id: int) -> None:
        """Hand one message over now, whatever its hour; nothing happens when it does not wait any more."""
        self._deliver(claim_one(message_id), lambda: True)

    def _deliver(self, claim: Claim, go_on: Callable[[], bool]) -> int:
        if not claim.ids:
            return 0
        reason = ""
        try:
            with smtp.connect() as connection:
                self._hand_over(claim, connection, go_on)
            self._rests, self._resting_until = 0, None
        except (OSError, smtplib.SMTPException) as error:
            trouble = trouble_of(error)
            reason = trouble.reason
            self._rest(trouble)
        _give_back(claim, reason)
        return len(claim.ids)

    def _rest(self, trouble: Trouble) -> None:
        rest = RESTS[min(self._rests, len(RESTS) - 1)]
        self._rests += 1
        self._resting_until = now() + rest
        _log.warning("mail server: %s; next try in %s s", trouble.technical, int(rest.total_seconds()))

    def _hand_over(self, claim: Claim, connection: smtp.Connection, go_on: Callable[[], bool]) -> None:
        """Send the messages of a claim one after the other.

        Raises:
            OSError, smtplib.SMTPException: what stopped us is no fault of the message under way.
        """
        frames: dict[int, Frame] = {}
        for row_id in claim.ids:
            if not go_on() or claim.until - now() < _ENOUGH:
                return
            row = _claimed(row_id, claim)
            if row is None:  # withdrawn or readdressed since
                continue
            if row.organisation_id not in frames:
                frames[row.organisation_id] = self._frame_of(row.organisation_id)
            db.session.rollback()  # no transaction stays open while the server is spoken to
            if not self._send(row, frames[row.organisation_id], claim, connection):
                return

    def _send(self, row: OutboxMessage, frame: Frame, claim: Claim, connection: smtp.Connection) -> bool:
        """Send one message and write down what became of it.

        Returns:
            Whether the connection is still good for another one.
        """
        if frame.demonstration:
            _mark(row, claim, status=MessageStatus.WITHHELD.value)
            return True
        try:
            message = self._composed(row, frame)
        except Exception as error:  # whatever a text or an address does must not stop the others
            name = type(error).__name__
            _give_up(row, claim, Trouble(Failure.PERMANENT, f"message impossible à composer ({name})", name))
            return True
        if message is None:
            _mark(row, claim, status=MessageStatus.OBSOLETE.value, **EMPTIED)
            return True
        try:
            connection.send(message)
        except (OSError, smtplib.SMTPException) as error:
            trouble = trouble_of(error)
            if trouble.failure is Failure.SERVER:
                raise
            permanent = trouble.failure is Failure.PERMANENT
            (_give_up if permanent else _try_later)(row, claim, trouble)
            return trouble.failure is not Failure.LOST
        left = {"status": MessageStatus.SENT.value, "sent_at": now(), "subject": message.subject, "last_error": ""}
        nobody = {"to_address": "", "to_name": ""} if row.person_id is None else {}  # her data were erased
        _mark(row, claim, **left, **nobody, **EMPTIED)
        return True

    def _composed(self, row: OutboxMessage, frame: Frame) -> RawMessage | None:
        """The message with its document; None when the document is to be sent no more."""
        try:
            attached = self._papers(row.attachment) if row.attachment else None
        finally:
            db.session.rollback()  # no transaction stays open while the server is spoken to
        if row.attachment and attached is None:
            return None
        return RawMessage(compose(row, frame, attached))


def claim_due() -> Claim:
    """Claim a batch of what is due, sign-in mails first; what would come too late becomes obsolete."""
    moment = now()
    claim = Claim([], moment + LEASE)
    anything = db.session.execute(select(OutboxMessage.id).where(_is_due(moment)).limit(1)).first()
    db.session.rollback()  # a look takes no lock and leaves no transaction open
    if not anything:
        return claim
    with transaction():
        late = update(OutboxMessage).where(_is_due(moment), OutboxMessage.useless_after <= moment)
        _run(late.values(status=MessageStatus.OBSOLETE.value, lease_until=None, **EMPTIED))
        order = (OutboxMessage.is_sign_in.desc(), OutboxMessage.not_before, OutboxMessage.id)
        due = select(OutboxMessage.id).where(_is_due(moment)).order_by(*order).limit(BATCH)
        claim = Claim(db.session.execute(due.with_for_update(skip_locked=True)).scalars().all(), claim.until)
        taken = update(OutboxMessage).where(OutboxMessage.id.in_(claim.ids))
        _run(taken.values(status=MessageStatus.SENDING.value, lease_until=claim.until))
    return claim


def claim_one(message_id: int) -> Claim:
    """Claim one message that waits; nothing when another process has it, or it waits no more."""
    claim = Claim([], now() + LEASE)
    with transaction():
        waits = OutboxMessage.id == message_id, OutboxMessage.status == MessageStatus.QUEUED.value
        taken = select(OutboxMessage.id).where(*waits).with_for_update(skip_locked=True)
        claim = Claim(db.session.execute(taken).scalars().all(), claim.until)
        mine = update(OutboxMessage).where(OutboxMessage.id.in_(claim.ids))
        _run(mine.values(status=MessageStatus.SENDING.value, lease_until=claim.until))
    return claim


def _is_due(moment: datetime) -> ColumnElement[bool]:
    waits = OutboxMessage.status == MessageStatus.QUEUED.value
    abandoned = and_(OutboxMessage.status == MessageStatus.SENDING.value, OutboxMessage.lease_until < moment)
    too_late = OutboxMessage.useless_after <= moment
    return or_(and_(waits, or_(OutboxMessage.not_before <= moment, too_late)), abandoned)


def _claimed(row_id: int, claim: Claim) -> OutboxMessage | None:
    """The row as it now is, detached, or None when it is no longer ours."""
    statement = select(OutboxMessage).where(OutboxMessage.id == row_id, *_still_ours(claim))
    row = db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is not None:
        db.session.expunge(row)
    return row


def _still_ours(claim: Claim) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return OutboxMessage.status == MessageStatus.SENDING.value, OutboxMessage.lease_until == claim.until


def _mark(row: OutboxMessage, claim: Claim, **values: Any) -> None:
    with transaction():
        mine = update(OutboxMessage).where(OutboxMessage.id == row.id, *_still_ours(claim))
        _run(mine.values(lease_until=None, attempts=row.attempts + 1, **values))


def _give_up(row: OutboxMessage, claim: Claim, trouble: Trouble) -> None:
    _log.warning("message %s (%s) failed for good: %s", row.id, row.kind, trouble.technical)
    _mark(row, claim, status=MessageStatus.FAILED.value, last_error=trouble.reason)


def _try_later(row: OutboxMessage, claim: Claim, trouble: Trouble) -> None:
    if row.attempts >= len(WAITS):
        _give_up(row, claim, trouble)
        return
    _log.warning("message %s (%s) put off, try %s: %s", row.id, row.kind, row.attempts + 1, trouble.technical)
    later = now() + WAITS[row.attempts]
    _mark(row, claim, status=MessageStatus.QUEUED.value, not_before=later, last_error=trouble.reason)


def _give_back(claim: Claim, reason: str) -> None:
    """Let what was claimed and not handed over wait again, at no cost to its tries."""
    values: dict[str, Any] = {"status": MessageStatus.QUEUED.value, "lease_until": None}
    mine = update(OutboxMessage).where(OutboxMessage.id.in_(claim.ids), *_still_ours(claim))
    with transaction():
        _run(mine.values(**values, **({"last_error": reason} if reason else {})))


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
