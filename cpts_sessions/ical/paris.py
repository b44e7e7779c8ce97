"""The hours of Paris: the zone as calendars are told it, and instants written in it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Timezone

TZID = "Europe/Paris"
_ZONE = ZoneInfo(TZID)

# Section 3.6.5: the rules in force since 1996, told as if they had begun in 1970, as calendars do.
_LINES = (
    "BEGIN:VTIMEZONE",
    f"TZID:{TZID}",
    "BEGIN:DAYLIGHT",
    "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "TZNAME:CEST",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "TZNAME:CET",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "END:STANDARD",
    "END:VTIMEZONE",
)
ZONE = Timezone.from_ical("\r\n".join(_LINES) + "\r\n")
ZONE_AS_WRITTEN = bytes(ZONE.to_ical(sorted=False))  # once: it is half of every invitation


def time(instant: datetime) -> datetime:
    """The instant as a wall clock in Paris shows it, to the second.

    In the hour that comes twice in October a local time means the first one (section 3.3.5): the second is
    written in UTC.
    """
    local = instant.astimezone(_ZONE).replace(microsecond=0)
    return local.astimezone(UTC) if local.fold else local
