"""An agenda one subscribes to (RFC 5545; RFC 7986 for its name and how often to ask again)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from icalendar import Calendar, Event, vText

from cpts_sessions.ical import paris
from cpts_sessions.ical.invitation import PRODID, Entry, event_of
from cpts_sessions.ical.texts import cleaned

ASK_AGAIN_AFTER: Final = "PT1H"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Entry):
    """One date of a feed; `stamp` is its last change."""

    cancelled: bool = False


def build_feed(name: str, dates: Iterable[Listed]) -> bytes:
    """The feed: always the same bytes for the same values.

    No METHOD, no ATTENDEE, no ORGANIZER: nothing is asked and nobody is named.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    title = vText(cleaned(name))
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)  # the older name of the same thing, the only one half of the agendas read
    calendar.add("refresh-interval", vText(ASK_AGAIN_AFTER), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(ASK_AGAIN_AFTER))
    calendar.add_component(paris.ZONE)
    for one in dates:
        calendar.add_component(_event(one))
    return bytes(calendar.to_ical(sorted=False))


def _event(one: Listed) -> Event:
    event = event_of(one)
    event.add("last-modified", one.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    return event
