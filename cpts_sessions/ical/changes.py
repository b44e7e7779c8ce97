"""What happens to somebody's calendar copy when something happens to her seat or to the date.

Pure. The table is the one of RFC 5546, sections 3.2.2 and 3.2.5, as agendas really behave: a day that moves is
asked again, a room that changes is not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

Method = Literal["REQUEST", "CANCEL"]
Partstat = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"]

_ONE_SECOND = timedelta(seconds=1)  # DTSTAMP has no finer grain


class Event(StrEnum):
    """What happened, as seen by one holder of a seat, or by an animator for a date she animates."""

    SEAT_ASKED = "seat_asked"  # confirmed, and she asked for it herself on the web
    SEAT_GIVEN = "seat_given"  # confirmed by somebody else: coordination, enrolment of the season, import
    MOVED = "moved"  # day, hour or duration
    PLACE_CHANGED = "place_changed"  # or video link
    TEXT_MENDED = "text_mended"  # title or description
    WITHDRAWN = "withdrawn"  # she gave her seat back, or it was taken from her
    SESSION_CANCELLED = "session_cancelled"
    REINSTATED = "reinstated"  # the session takes place after all


@dataclass(frozen=True, slots=True)
class CalendarState:
    """What was last sent for one (person, session). The default is: nothing yet."""

    sequence: int | None = None
    stamp: datetime | None = None  # aware, whole seconds
    partstat: Partstat = "NEEDS-ACTION"
    live: bool = False  # the last message sent was a REQUEST


class Change(NamedTuple):
    """The state to store, and the METHOD of the message that tells it."""

    state: CalendarState
    method: Method


class _Row(NamedTuple):
    method: Method
    step: int  # added to SEQUENCE while the copy is live
    partstat: Partstat | None  # None: kept


MATRIX: dict[Event, _Row] = {
    Event.SEAT_ASKED: _Row("REQUEST", 1, "ACCEPTED"),
    Event.SEAT_GIVEN: _Row("REQUEST", 1, "NEEDS-ACTION"),
    Event.MOVED: _Row("REQUEST", 1, "NEEDS-ACTION"),
    Event.PLACE_CHANGED: _Row("REQUEST", 1, None),
    Event.TEXT_MENDED: _Row("REQUEST", 0, None),
    Event.WITHDRAWN: _Row("CANCEL", 1, None),
    Event.SESSION_CANCELLED: _Row("CANCEL", 1, None),
    Event.REINSTATED: _Row("REQUEST", 1, "NEEDS-ACTION"),
}


def next_sequence(event: Event, current: CalendarState) -> int:
    """The SEQUENCE of the next message: 0 the first time; never the one of a CANCEL again."""
    if current.sequence is None:
        return 0
    return current.sequence + (MATRIX[event].step if current.live else 1)


def next_stamp(now: datetime, last: datetime | None) -> datetime:
    """The DTSTAMP of the next message: now to the second, and strictly later than the last one."""
    stamp = now.replace(microsecond=0)
    return stamp if last is None else max(stamp, last + _ONE_SECOND)


def change(event: Event, current: CalendarState, now: datetime) -> Change | None:
    """What the calendar part of the next message must say.

    An update to somebody who never had an invitation (imported without mails) is her first invitation.

    Returns:
        None when there is nothing to withdraw: no invitation, or already cancelled. The mail, if any, then goes
        without a calendar part.
    """
    row = MATRIX[event]
    if row.method == "CANCEL" and not current.live:
        return None
    state = CalendarState(
        sequence=next_sequence(event, current),
        stamp=next_stamp(now, current.stamp),
        partstat=row.partstat or current.partstat,
        live=row.method == "REQUEST",
    )
    return Change(state, row.method)
