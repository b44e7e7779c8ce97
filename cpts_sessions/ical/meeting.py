"""The words of an agenda entry, written in one place so that a confidential date is never named in an agenda.

Whoever shares, shows or synchronises her agenda shows the entry: of a confidential programme it says only the hour.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from cpts_sessions.ical.changes import CalendarState, Change
from cpts_sessions.ical.feed import Listed
from cpts_sessions.ical.invitation import Entry, Invitation

NEUTRAL_TITLE: Final = "Réunion CPTS"
_CANCELLED = "ANNULÉ – {title}"
_REGISTRATION = "Voir mon inscription, ou libérer ma place\u00a0: {link}"
_PUBLIC = "Voir cette date, ou s’inscrire\u00a0: {link}"
_ANIMATION = "Vous animez cette séance."
_ANIMATION_TO_COME = f"{_ANIMATION} Le lien de la soirée arrive la veille à 18\u00a0h."
_ALARM = "{title}, aujourd’hui à {hour}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One date as the CPTS knows it; what an agenda may say of it is decided here."""

    title: str
    confidential: bool
    starts_at: datetime
    ends_at: datetime
    location: str | None  # the place in one line, or the video link
    hour: str  # its start as read by a person: "20 h 30"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Whose name and address are in From, Reply-To and ORGANIZER, or in To and ATTENDEE."""

    address: str
    name: str


class _Words(TypedDict):
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str | None
    private: bool
    alarm: str


def invite(
    meeting: Meeting, change: Change, *, uid: str, link: str | None, cpts: Mailbox, person: Mailbox
) -> Invitation:
    """The invitation, update or cancellation that tells `change` to one person.

    Args:
        link: her registration link; None for an animator, who has none.

    Raises:
        ValueError: the state was never given a SEQUENCE and a DTSTAMP by `changes.change`.
    """
    sequence, stamp = _sent(change.state)
    return Invitation(
        method=change.method,
        uid=uid,
        sequence=sequence,
        stamp=stamp,
        partstat=change.state.partstat,
        organizer_address=cpts.address,
        organizer_name=cpts.name,
        attendee_address=person.address,
        attendee_name=person.name,
        **_words(meeting, link=link, cancelled=change.method == "CANCEL"),
    )


def download(meeting: Meeting, state: CalendarState, *, uid: str, link: str | None) -> Entry:
    """The entry of a file to download, as neutral as the invitation.

    Raises:
        ValueError: the state was never given a SEQUENCE and a DTSTAMP by `changes.change`.
    """
    sequence, stamp = _sent(state)
    return Entry(uid=uid, sequence=sequence, stamp=stamp, **_words(meeting, link=link, cancelled=False))


def listed(
    meeting: Meeting, *, uid: str, sequence: int, stamp: datetime, own: bool, link: str | None, cancelled: bool
) -> Listed:
    """The entry of an agenda one subscribes to, as neutral as the invitation; without bell.

    Args:
        own: whether it is in one person's agenda: her seat, or what she animates when there is no link.
        link: the page to open. Never a link that would act: whoever knows a feed reads all of it.
    """
    words = _words(meeting, link=link, cancelled=cancelled)
    return Listed(
        uid=uid,
        sequence=sequence,
        stamp=stamp,
        starts_at=words["starts_at"],
        ends_at=words["ends_at"],
        summary=words["summary"],
        description=words["description"] if own else _PUBLIC.format(link=link),
        location=words["location"],
        private=words["private"],
        url=link,
        cancelled=cancelled,
    )


def _sent(state: CalendarState) -> tuple[int, datetime]:
    if state.sequence is None or state.stamp is None:
        raise ValueError("nothing was ever sent for this seat")
    return state.sequence, state.stamp


def _words(meeting: Meeting, *, link: str | None, cancelled: bool) -> _Words:
    title = NEUTRAL_TITLE if meeting.confidential else meeting.title
    return _Words(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=_CANCELLED.format(title=title) if cancelled else title,
        description=_REGISTRATION.format(link=link) if link else _ANIMATION if cancelled else _ANIMATION_TO_COME,
        location=None if meeting.confidential else meeting.location,
        private=meeting.confidential,
        alarm=_ALARM.format(title=title, hour=meeting.hour),
    )
