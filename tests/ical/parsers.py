"""Four parsers written by four different people, asked the same questions."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import icalendar
import ics
import vobject
from ical.calendar_stream import IcsCalendarStream


class Seen(NamedTuple):
    """What an agenda understands of an entry."""

    uid: str
    starts_at: datetime  # UTC
    ends_at: datetime  # UTC
    summary: str
    description: str
    location: str | None


def by_icalendar(data: bytes) -> Seen:
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    location = event.get("LOCATION")
    return Seen(
        str(event["UID"]),
        event["DTSTART"].dt.astimezone(UTC),
        event["DTEND"].dt.astimezone(UTC),
        str(event["SUMMARY"]),
        str(event["DESCRIPTION"]),
        None if location is None else str(location),
    )


def by_vobject(data: bytes) -> Seen:
    event = vobject.readOne(data.decode()).vevent
    return Seen(
        event.uid.value,
        event.dtstart.value.astimezone(UTC),
        event.dtend.value.astimezone(UTC),
        event.summary.value,
        event.description.value,
        event.location.value if "location" in event.contents else None,
    )


def by_ics(data: bytes) -> Seen:
    (event,) = ics.Calendar(data.decode()).events
    return Seen(
        event.uid,
        event.begin.to("utc").datetime.astimezone(UTC),
        event.end.to("utc").datetime.astimezone(UTC),
        event.name,
        event.description,
        event.location,
    )


def by_ical(data: bytes) -> Seen:
    (event,) = IcsCalendarStream.calendar_from_ics(data.decode()).events
    return Seen(
        event.uid,
        event.dtstart.astimezone(UTC),
        event.dtend.astimezone(UTC),
        event.summary,
        event.description,
        event.location,
    )


PARSERS: dict[str, Callable[[bytes], Seen]] = {
    "icalendar": by_icalendar,
    "vobject": by_vobject,
    "ics": by_ics,
    "ical": by_ical,
}
