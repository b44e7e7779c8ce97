"""Mails as an agenda would answer, one line changed at a time."""

from itertools import count

from cpts_sessions.extensions import Base, db
from cpts_sessions.registrations.received import Letter
from tests.ical.samples import UID

ZOE = "zoe.noel@example.org"
_numbers = count(1)


def reply(
    partstat: str,
    *,
    sequence: int = 0,
    stamp: str = "20261102T080000Z",
    method: str = "REPLY",
    address: str = ZOE,
    uid: str = UID,
    message_id: str | None = None,
    start: str = "20261116T190000Z",
    end: str = "20261116T210000Z",
    comment: str = "",
) -> bytes:
    """Return one mail that answers the invitation of `tests.ical.samples`."""
    lines = (
        f"Message-ID: {message_id or f'<{next(_numbers)}@agenda.example.org>'}",
        f"From: {address}",
        f"Content-Type: text/calendar; charset=utf-8; method={method}",
        "",
        "BEGIN:VCALENDAR",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{stamp}",
        f"DTSTART:{start}",
        f"DTEND:{end}",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{address}",
        *([f"COMMENT:{comment}"] if comment else []),
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "\r\n".join(lines).encode()


def stamped(minutes: int) -> str:
    """Return a DTSTAMP of that day, so many minutes after 8 h UTC."""
    return f"20261102T08{minutes:02}00Z"


def state(registration):
    db.session.expire_all()
    return registration.status, registration.ended_by, registration.partstat


def letters():
    return [(one.why, one.address, one.text) for one in db.session.query(Letter).order_by(Letter.id)]


def everything():
    """Every row of the database, to compare before and after."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select()).all()))
            for table in Base.metadata.sorted_tables
        }
