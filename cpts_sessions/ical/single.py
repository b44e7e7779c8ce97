"""The .ics of one date, to download from a personal page."""

from cpts_sessions.ical.content_lines import PARIS, assembled
from cpts_sessions.ical.invitation import CALENDAR_STARTS, Entry, alarm_lines, event_lines

_OPENING = assembled((*CALENDAR_STARTS, *PARIS))
_CLOSING = assembled(("END:VEVENT", "END:VCALENDAR"))


def build_file(entry: Entry) -> bytes:
    """The date as a file: same UID as the mailed invitation, so that an agenda keeps one copy.

    No METHOD, no ATTENDEE, no ORGANIZER: nothing is asked and nobody is named.
    """
    lines = (*event_lines(entry), "STATUS:CONFIRMED", *alarm_lines(entry.alarm))
    return _OPENING + assembled(lines) + _CLOSING
