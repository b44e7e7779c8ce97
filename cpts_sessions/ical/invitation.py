"""One private invitation: one date, one person (RFC 5545, 5546, 6047).

Nobody else is named in any byte: one ATTENDEE, the addressee, and the organiser, the CPTS's own mailbox.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cpts_sessions.ical.changes import Method, Partstat
from cpts_sessions.ical.content_lines import PARIS, assembled, escaped, mailbox, named, paris_time, utc_stamp

PRODID: Final = "-//cpts-sessions//FR"
CALENDAR_STARTS: Final = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN")
ALARM_TRIGGER: Final = "-PT2H"  # the time to see the last patient and to come

_PARIS = assembled(PARIS)
_OPENINGS = {method: assembled((*CALENDAR_STARTS, f"METHOD:{method}")) + _PARIS for method in ("REQUEST", "CANCEL")}
_CLOSING = assembled(("END:VEVENT", "END:VCALENDAR"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One date as an agenda shows it: instants are aware, texts are plain, in French.

    A confidential date has a neutral summary, no location and `private`: see `meeting.py`, which cannot forget it.
    """

    uid: str
    sequence: int
    stamp: datetime  # DTSTAMP, to the second
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str | None = None
    private: bool = False
    alarm: str | None = None  # what the bell says
    url: str | None = None

    def __post_init__(self) -> None:
        if any(instant.tzinfo is None for instant in (self.stamp, self.starts_at, self.ends_at)):
            raise ValueError("instants of a calendar must be aware")
        if self.ends_at <= self.starts_at:
            raise ValueError("a date must end after it starts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(Entry):
    """An entry sent to one person, by the mailbox that gets her answer."""

    method: Method
    partstat: Partstat
    organizer_address: str
    organizer_name: str
    attendee_address: str
    attendee_name: str

    @property
    def status(self) -> str:
        """STATUS follows METHOD: it is never chosen."""
        return "CANCELLED" if self.method == "CANCEL" else "CONFIRMED"


def build(invitation: Invitation) -> bytes:
    """The iCalendar object to send: always the same bytes for the same values.

    Raises:
        ValueError: an address is not a plain one.
    """
    asked = f"CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={invitation.partstat};RSVP=TRUE"
    lines = [
        *event_lines(invitation),
        f"ORGANIZER{named(invitation.organizer_name)}:{mailbox(invitation.organizer_address)}",
        f"ATTENDEE;{asked}{named(invitation.attendee_name)}:{mailbox(invitation.attendee_address)}",
        f"STATUS:{invitation.status}",
    ]
    if invitation.method == "REQUEST":
        lines += alarm_lines(invitation.alarm)
    return _OPENINGS[invitation.method] + assembled(lines) + _CLOSING


def event_lines(entry: Entry) -> Iterator[str]:
    """The lines of the VEVENT that do not depend on who reads it, its BEGIN included."""
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(entry.uid)}"
    yield f"DTSTAMP:{utc_stamp(entry.stamp)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield paris_time("DTSTART", entry.starts_at)
    yield paris_time("DTEND", entry.ends_at)
    yield f"SUMMARY:{escaped(entry.summary)}"
    yield f"DESCRIPTION:{escaped(entry.description)}"
    if entry.location:
        yield f"LOCATION:{escaped(entry.location)}"
    if entry.url:
        yield f"URL:{''.join(entry.url.split())}"
    yield f"CLASS:{'PRIVATE' if entry.private else 'PUBLIC'}"
    yield "TRANSP:OPAQUE"


def alarm_lines(text: str | None) -> tuple[str, ...]:
    """The bell, which comes last in its VEVENT; nothing without a text."""
    if not text:
        return ()
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{ALARM_TRIGGER}",
        f"DESCRIPTION:{escaped(text)}",
        "END:VALARM",
    )
