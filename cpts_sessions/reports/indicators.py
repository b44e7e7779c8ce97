"""What the rows of a year amount to: dates, the three figures, professions. Pure: rows in, counts out.

The three figures are defined in product terms and never mixed: *inscrits distincts*, *présents distincts*,
*présences cumulées*. Sessions cancelled and séances de découverte are listed apart and count in none of them.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, time, timedelta

from cpts_sessions.core.clock import at, local, now
from cpts_sessions.programmes.models import SessionStatus
from cpts_sessions.registrations.models import Status
from cpts_sessions.reports.queries import AnimatorRow, EnrolmentRow, SeasonRows, SeatRow, SessionRow, TallyRow
from cpts_sessions.reports.sentences.grammar import Gender

_CAME_OR_HOLDS = (Status.CONFIRMED, Status.WALK_IN)
_GENDERS = {"Mme": Gender.FEMININE, "M.": Gender.MASCULINE}


@dataclass(frozen=True)
class Participant:
    """One person counted among the inscrits, as she was in the period; the slug is empty when nobody told it."""

    person_id: int
    profession_slug: str
    gender: Gender | None
    is_animator: bool


@dataclass(frozen=True)
class Dates:
    """The sessions of the programmes counted, oldest first. `unclosed` are those held that nobody closed."""

    held: tuple[SessionRow, ...]
    planned: tuple[SessionRow, ...]
    discovery: tuple[SessionRow, ...]
    discovery_held: tuple[SessionRow, ...]
    cancelled: tuple[SessionRow, ...]
    unclosed: tuple[SessionRow, ...]


@dataclass(frozen=True)
class Counting:
    """The count of some programmes over a year, as of an instant.

    `presences`: sessions held at which each person was present, for those present at least once (all of them are
    among `enrolled`). `apart`: persons who only wait, are offered a seat or asked for one. `animating`: attendances of
    those who animated the session, who take no seat.
    """

    dates: Dates
    enrolled: tuple[Participant, ...]
    presences: dict[int, tuple[int, ...]]
    tallies: tuple[TallyRow, ...]
    apart: frozenset[int]
    animating: int = 0

    @property
    def enrolled_distinct(self) -> int:
        """Inscrits distincts, animators included."""
        return len(self.enrolled)

    @property
    def present_distinct(self) -> int:
        """Présents distincts."""
        return len(self.presences)

    @property
    def without_animators(self) -> int:
        """Inscrits distincts who are not counted as animators."""
        return sum(not one.is_animator for one in self.enrolled)

    @property
    def unnamed_attendances(self) -> int:
        """Attendances noted without a name."""
        return sum(tally.people for tally in self.tallies)

    @property
    def attendances(self) -> int:
        """Présences cumulées, noted with a name or not."""
        return sum(len(sessions) for sessions in self.presences.values()) + self.unnamed_attendances

    @property
    def places(self) -> int:
        """The places of the sessions held."""
        return sum(session.capacity for session in self.dates.held)

    @property
    def places_taken(self) -> int:
        """Places somebody came to: every attendance but those of whoever animated."""
        return self.attendances - self.animating

    @property
    def by_month(self) -> tuple[int, ...]:
        """Présences cumulées of each month, January first, by the local start of the session."""
        month_of = {session.id: local(session.starts_at).month for session in self.dates.held}
        months: Counter[int] = Counter(month_of[id_] for came in self.presences.values() for id_ in came)
        for tally in self.tallies:
            months[month_of[tally.group_session_id]] += tally.people
        return tuple(months[month] for month in range(1, 13))

    @property
    def unnamed(self) -> int:
        """The largest number of people noted without their names in one session; 0 when everyone has a name."""
        by_session: Counter[int] = Counter()
        for tally in self.tallies:
            by_session[tally.group_session_id] += tally.people
        return max(by_session.values(), default=0)


def cut(as_of: Day | None) -> datetime:
    """Return the instant a count stands at: the end of that day in Paris, or now when no day is asked."""
    return now() if as_of is None else at(as_of + timedelta(days=1), time(0))


def count(rows: SeasonRows, programme_ids: Collection[int], instant: datetime) -> Counting:
    """Count these programmes over the year of the rows, as of an instant.

    The instant moves what is held, planned, present, and who animated; the other inscrits are those of the year.
    """
    dates = _dates(rows, programme_ids, instant)
    ordinary = {session.id: session for session in (*dates.held, *dates.planned)}
    held = {session.id for session in dates.held}
    seats = [seat for seat in rows.seats if seat.group_session_id in ordinary]
    enrolments = [one for one in rows.enrolments if one.programme_id in programme_ids]
    grounds = _Grounds(
        seats=[seat for seat in seats if seat.status in _CAME_OR_HOLDS],
        enrolments=[one for one in enrolments if _stayed(one, ordinary)],
        animators=[one for one in rows.animators if one.group_session_id in held and _counts(one, rows, ordinary)],
    )
    enrolled = _participants(rows, grounds, ordinary)
    asking = {seat.person_id for seat in seats} | {
        one.person_id for one in enrolments if one.is_pending and one.left_at is None
    }
    presences = _presences(rows, dates.held, grounds.programmes(ordinary))
    return Counting(
        dates=dates,
        enrolled=enrolled,
        presences=presences,
        tallies=tuple(tally for tally in rows.tallies if tally.group_session_id in held),
        apart=frozenset(asking - {one.person_id for one in enrolled}),
        animating=sum(
            one.group_session_id in presences.get(one.person_id, ())
            for one in rows.animators
            if one.group_session_id in held
        ),
    )


@dataclass(frozen=True)
class _Grounds:
    """Why people are counted among the inscrits: every row that is reason enough."""

    seats: list[SeatRow]
    enrolments: list[EnrolmentRow]
    animators: list[AnimatorRow]

    def programmes(self, ordinary: dict[int, SessionRow]) -> set[tuple[int, int]]:
        """(person, programme) for each programme in which a person is counted."""
        at_sessions = [(one.person_id, ordinary[one.group_session_id].programme_id) for one in self.seats]
        animating = [(one.person_id, ordinary[one.group_session_id].programme_id) for one in self.animators]
        return {*at_sessions, *animating, *((one.person_id, one.programme_id) for one in self.enrolments)}


def _dates(rows: SeasonRows, programme_ids: Collection[int], instant: datetime) -> Dates:
    """Sort the sessions. What has not ended at the instant is planned, so that no date is ever missing."""
    mine = [session for session in rows.sessions if session.programme_id in programme_ids]
    kept = [session for session in mine if session.status != SessionStatus.CANCELLED]
    ordinary = [session for session in kept if not session.is_discovery]
    discovery = [session for session in kept if session.is_discovery]
    held = tuple(session for session in ordinary if session.ends_at <= instant)
    return Dates(
        held=held,
        planned=tuple(session for session in ordinary if session.ends_at > instant),
        discovery=tuple(discovery),
        discovery_held=tuple(session for session in discovery if session.ends_at <= instant),
        cancelled=tuple(session for session in mine if session.status == SessionStatus.CANCELLED),
        unclosed=tuple(session for session in held if session.status != SessionStatus.HELD),
    )


def _participants(rows: SeasonRows, grounds: _Grounds, ordinary: dict[int, SessionRow]) -> tuple[Participant, ...]:
    """Everyone who counts once, with what was told last: by a registration, else the enrolment, else as animator."""

    def start(row: SeatRow | AnimatorRow) -> datetime:
        return ordinary[row.group_session_id].starts_at

    told = _Told()
    seats, animators = (sorted(given, key=start, reverse=True) for given in (grounds.seats, grounds.animators))
    for row in (*seats, *reversed(grounds.enrolments), *animators):
        told.add(row.person_id, row.profession_slug, row.civility)
    for person_id in told.professions:
        record = rows.records[person_id]
        told.add(person_id, record.profession_slug, record.civility)
    animating = {one.person_id for one in grounds.animators}
    return tuple(
        Participant(person_id, profession, told.genders[person_id], person_id in animating)
        for person_id, profession in sorted(told.professions.items())
    )


class _Told:
    """The first profession and the first civility told of each person, in the order they are added."""

    def __init__(self) -> None:
        self.professions: dict[int, str] = {}
        self.genders: dict[int, Gender | None] = {}

    def add(self, person_id: int, profession_slug: str | None, civility: str | None) -> None:
        self.professions[person_id] = self.professions.get(person_id) or profession_slug or ""
        self.genders[person_id] = self.genders.get(person_id) or _GENDERS.get(civility or "")


def _stayed(enrolment: EnrolmentRow, ordinary: dict[int, SessionRow]) -> bool:
    """Whether an enrolment counts: accepted, and not left before its first date.

    Its first date is the first session that starts after it was made; an imported one covers the whole season.
    """
    if enrolment.is_pending:
        return False
    left = enrolment.left_at
    if left is None:
        return True
    afterwards = enrolment.imported_at is not None or enrolment.created_at > left
    return any(
        session.starts_at <= left and (afterwards or session.starts_at >= enrolment.created_at)
        for session in ordinary.values()
        if session.programme_id == enrolment.programme_id
    )


def _counts(animator: AnimatorRow, rows: SeasonRows, ordinary: dict[int, SessionRow]) -> bool:
    """Whether she who animates this session is counted: by the programme's choice, and when her profession is known."""
    programme_id = ordinary[animator.group_session_id].programme_id
    counting = {programme.id for programme in rows.programmes if programme.counts_animators}
    return programme_id in counting and bool(
        animator.profession_slug or rows.records[animator.person_id].profession_slug
    )


def _presences(
    rows: SeasonRows, held: tuple[SessionRow, ...], known: set[tuple[int, int]]
) -> dict[int, tuple[int, ...]]:
    """The sessions each person attended, of those counted among the inscrits of the programme.

    Whoever animates a session of a programme that does not count its animators takes no part in it.
    """
    silent = {programme.id for programme in rows.programmes if not programme.counts_animators}
    programme_of = {session.id: session.programme_id for session in held}
    animating = {
        (one.person_id, one.group_session_id)
        for one in rows.animators
        if programme_of.get(one.group_session_id) in silent
    }
    came: dict[int, set[int]] = {}
    for presence in rows.presences:
        programme_id = programme_of.get(presence.group_session_id)
        if programme_id and (presence.person_id, programme_id) in known and tuple(presence) not in animating:
            came.setdefault(presence.person_id, set()).add(presence.group_session_id)
    return {person_id: tuple(sorted(sessions)) for person_id, sessions in sorted(came.items())}
