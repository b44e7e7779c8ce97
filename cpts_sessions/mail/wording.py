"""What a screen says of a message: what it is about, and where it stands."""

from dataclasses import dataclass
from datetime import datetime

from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import hour, short_day, typo
from cpts_sessions.mail.envelope import preview
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.rendering import Frame

DAY_BEGINS_AT_HOUR = 8  # nothing leaves at night: see registrations.waiting_list


@dataclass(frozen=True)
class Standing:
    """Where a message stands: the name of its badge, and the sentence beside it (empty when the badge says all)."""

    badge: str
    sentence: str = ""


def standing(row: OutboxMessage, at: datetime) -> Standing:
    """Return where a message stands at an instant."""
    if row.status == MessageStatus.SENT and row.sent_at:
        left = Standing("sent", f"le {short_day(row.sent_at)} à {hour(row.sent_at)}")
        return Standing("undelivered", typo(f"revenu : {row.last_error}")) if row.last_error else left
    if row.status == MessageStatus.FAILED:
        return Standing("failed", row.last_error)
    if row.status == MessageStatus.QUEUED and row.not_before > at:
        if row.attempts:
            return Standing("queued", typo(f"nouvel essai vers {hour(row.not_before)} : {row.last_error}"))
        leaves = local(row.not_before)
        if (leaves.hour, leaves.minute) == (DAY_BEGINS_AT_HOUR, 0):
            return Standing("night")
        return Standing("queued", f"le {short_day(row.not_before)} à {hour(row.not_before)}")
    return Standing(row.status)


def subject_of(row: OutboxMessage, frame: Frame) -> str:
    """Return the subject of a message, left or not; its kind in plain words when it cannot be written any more."""
    if row.subject:
        return row.subject
    try:
        return preview(row, frame).subject
    except (RuleBroken, KeyError, FileNotFoundError):
        return row.kind.replace("_", " ").capitalize()
