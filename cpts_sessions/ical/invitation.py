"""One private invitation: one date, one person (RFC 5545, 5546, 6047).

Nobody else is named in any byte: one ATTENDEE, the addressee, and the organiser, the CPTS's own mailbox.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Alarm, Event, vCalAddress, vText, vUri

from cpts_sessions.ical import paris
from cpts_sessions.ical.changes import Method, Partstat
from cpts_sessions.ical.texts import cleaned, common_name, mailbox

PRODID: Final = "-//cpts-sessions//FR"
_HEAD: Final = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n".encode()
ALARM_BEFORE: Final = timedelta(hours=2)  # the time to see the last patient and to come


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
    event = event_of(invitation)
    event.add("organizer", _mailbox(invitation.organizer_address, invitation.organizer_name))
    asked = {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": invitation.partstat,
        "RSVP": "TRUE",
    }
    event.add("attendee", _mailbox(invitation.attendee_address, invitation.attendee_name, asked))
    event.add("status", invitation.status)
    if invitation.method == "REQUEST":
        add_alarm(event, invitation.alarm)
    return assembled(event, invitation.method)


def _mailbox(address: str, name: str, asked: dict[str, str] | None = None) -> vCalAddress:
    one = vCalAddress(mailbox(address))
    for parameter, value in (asked or {}).items():
        one.params[parameter] = value
    if plain := common_name(name):
        one.params["CN"] = vText(plain)
    return one


def event_of(entry: Entry) -> Event:
    """The VEVENT as far as it does not depend on who reads it."""
    event = Event()
    event.add("uid", vText(cleaned(entry.uid)))
    event.add("dtstamp", entry.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("dtstart", paris.time(entry.starts_at))
    event.add("dtend", paris.time(entry.ends_at))
    event.add("summary", vText(cleaned(entry.summary)))
    event.add("description", vText(cleaned(entry.description)))
    if entry.location:
        event.add("location", vText(cleaned(entry.location)))
    if entry.url:
        event.add("url", vUri("".join(entry.url.split())))
    event.add("class", "PRIVATE" if entry.private else "PUBLIC")
    event.add("transp", "OPAQUE")
    return event


def add_alarm(event: Event, text: str | None) -> None:
    """Add the bell, which comes last in its VEVENT; nothing without a text."""
    if not text:
        return
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -ALARM_BEFORE)
    alarm.add("description", vText(cleaned(text)))
    event.add_component(alarm)


def assembled(event: Event, method: Method | None = None) -> bytes:
    """The whole object around one VEVENT: CRLF, lines of 75 octets at most, the hours of Paris told."""
    told = f"METHOD:{method}\r\n".encode() if method else b""
    return b"".join((_HEAD, told, paris.ZONE_AS_WRITTEN, event.to_ical(sorted=False), b"END:VCALENDAR\r\n"))
