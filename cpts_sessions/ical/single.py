"""The .ics of one date, to download from a personal page."""

from cpts_sessions.ical.invitation import Entry, add_alarm, assembled, event_of


def build_file(entry: Entry) -> bytes:
    """The date as a file: same UID as the mailed invitation, so that an agenda keeps one copy.

    No METHOD, no ATTENDEE, no ORGANIZER: nothing is asked and nobody is named.
    """
    event = event_of(entry)
    event.add("status", "CONFIRMED")
    add_alarm(event, entry.alarm)
    return assembled(event)
