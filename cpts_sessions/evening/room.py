"""What the page of an evening shows: who is expected, who came, on what two devices disagree."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cpts_sessions.attendance import queries as attendance
from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.attendance.queries import Word
from cpts_sessions.attendance.rules import ARRIVALS
from cpts_sessions.evening import rules
from cpts_sessions.people.queries import active_professions, profession_labels
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.registrations.models import Registration, Status
from cpts_sessions.registrations.queries import seats_taken


@dataclass(frozen=True)
class Seat:
    """One line of the list: a person, and what was noted of her."""

    registration: Registration
    profession: str
    mark: str | None
    taken_at: datetime | None
    added_by: tuple[UUID, ...]  # keys of the changes that added her from a device
    disagreement: tuple[Word, Word] | None

    @property
    def is_unannounced(self) -> bool:
        """Whether she came without a seat."""
        return self.registration.status == Status.WALK_IN


@dataclass(frozen=True)
class Count:
    """Presences counted without names, for one profession."""

    slug: str
    label: str
    count: int


@dataclass(frozen=True)
class Room:
    """One evening as it stands."""

    group_session: GroupSession
    seats: list[Seat]
    counts: list[Count]
    is_full: bool

    @property
    def notes_from(self) -> datetime:
        """From when presences are noted."""
        return self.group_session.starts_at - ARRIVALS

    @property
    def present(self) -> int:
        """How many of the list came."""
        return sum(seat.mark == AttendanceStatus.PRESENT for seat in self.seats)

    @property
    def missing(self) -> int:
        """Of how many nothing is noted."""
        return sum(seat.mark is None for seat in self.seats)

    @property
    def nameless(self) -> int:
        """How many presences were counted without names."""
        return sum(count.count for count in self.counts)


def opens_on(group_session: GroupSession) -> datetime:
    """From when the link of its evening serves."""
    return rules.link_opens_at(group_session.starts_at)


def last_day(group_session: GroupSession) -> date:
    """Until when the link of its evening serves, that day included."""
    return rules.link_last_day(group_session.starts_at)


def is_ended(group_session: GroupSession) -> bool:
    """Whether a session was closed, or nobody came to it: its list is shown no more."""
    return rules.is_reopenable(group_session)


def has_begun_to_fill(group_session: GroupSession, *, at: datetime) -> bool:
    """Whether presences may be noted: from one hour before the start, until the session is closed."""
    return group_session.status == SessionStatus.OPEN and at >= group_session.starts_at - ARRIVALS


def room(group_session: GroupSession) -> Room:
    """Return the evening of one session; its number of queries does not grow with those who come."""
    organisation_id = group_session.organisation_id
    labels = profession_labels(organisation_id)
    trace = attendance.trace_of(group_session.id)
    tallies = attendance.tallies_at(group_session.id)
    offered = [(one.slug, one.label) for one in active_professions(organisation_id)]
    others = [(slug, labels.get(slug, slug)) for slug in tallies if slug and slug not in dict(offered)]
    return Room(
        group_session=group_session,
        seats=[_seat(line, labels, trace) for line in attendance.roll(group_session.id).lines],
        counts=[
            Count(slug, label, tallies.get(slug, 0)) for slug, label in [*offered, *others, ("", "profession non dite")]
        ],
        is_full=seats_taken(group_session.id) >= group_session.capacity,
    )


def _seat(line: attendance.Line, labels: dict[str, str], trace: attendance.Trace) -> Seat:
    registration = line.registration
    person_id = registration.person_id
    slug = registration.profession_slug or registration.person.profession_slug or ""
    return Seat(
        registration=registration,
        profession=labels.get(slug, "profession non dite"),
        mark=line.mark,
        taken_at=line.taken_at,
        added_by=tuple(key for key, added in trace.added.items() if added == person_id),
        disagreement=trace.disagreements.get(person_id),
    )
