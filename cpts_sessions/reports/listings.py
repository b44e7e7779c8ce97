"""The rows behind every figure, and the tables that leave as workbooks."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import time
from enum import Enum, StrEnum
from uuid import UUID

from cpts_sessions.core import french
from cpts_sessions.core.clock import local, now
from cpts_sessions.programmes.models import SessionStatus
from cpts_sessions.reports import queries
from cpts_sessions.reports.by_profession import nameless, nameless_forms, profession_forms
from cpts_sessions.reports.indicators import Counting
from cpts_sessions.reports.queries import NameRow, SessionRow
from cpts_sessions.reports.season import Part, SeasonReport
from cpts_sessions.reports.sentences.grammar import Gender
from cpts_sessions.reports.sentences.people import SMALLEST_SHOWN, large_enough

Cell = str | int | Day | time | None


class Kind(Enum):
    """What the cells of a column are."""

    TEXT = "text"
    COUNT = "count"
    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True)
class Column:
    """One column: its title, and what its cells are."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Row:
    """One row. `person` and `group_session` are the public ids of what it is about, when it has a page."""

    cells: tuple[Cell, ...]
    person: UUID | None = None
    group_session: UUID | None = None


@dataclass(frozen=True)
class Table:
    """Rows under their columns. `title` says what is listed; `about` is what the reader must know of it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    about: str = ""


class What(StrEnum):
    """What a figure counts; the values are in the addresses of its pages."""

    ENROLLED = "inscrits"
    WITHOUT_ANIMATORS = "sans-animation"
    PRESENT = "presents"
    ATTENDANCES = "presences"
    UNNAMED = "sans-noms"
    APART = "a-part"
    HELD = "tenues"
    PLANNED = "prevues"
    DISCOVERY = "decouvertes"
    CANCELLED = "annulees"
    UNCLOSED = "a-clore"


TITLES = {
    What.ENROLLED: "Inscrits distincts",
    What.WITHOUT_ANIMATORS: "Inscrits distincts, sans l’animation",
    What.PRESENT: "Présents distincts",
    What.ATTENDANCES: "Présences cumulées",
    What.UNNAMED: "Présences relevées sans nom",
    What.APART: "En attente, place proposée ou demande en cours",
    What.HELD: "Séances tenues",
    What.PLANNED: "Séances prévues",
    What.DISCOVERY: "Séances de découverte",
    What.CANCELLED: "Séances annulées",
    What.UNCLOSED: "Séances tenues à clore",
}

_NAMED = "Liste nominative : pour la coordination seulement, à ne transmettre à personne."
_NAMELESS = (
    "Présences comptées sans noms : elles entrent dans les présences cumulées, jamais dans les présents distincts."
)
_PEOPLE = (Column("Nom"), Column("Prénom"), Column("Profession"), Column("Présences", Kind.COUNT), Column("Animation"))
_ATTENDANCES = (
    *(Column("Jour", Kind.DAY), Column("Dispositif"), Column("Nom"), Column("Prénom"), Column("Profession")),
    Column("Présences", Kind.COUNT),
)
_SESSIONS = (
    *(Column("Jour", Kind.DAY), Column("Début", Kind.HOUR), Column("Fin", Kind.HOUR), Column("Dispositif")),
    *(Column("État"), Column("Places", Kind.COUNT), Column("Présences", Kind.COUNT), Column("Remarque")),
)
_PROFESSIONS = (
    *(Column("Profession"), Column("Inscrits distincts", Kind.COUNT), Column("Présents distincts", Kind.COUNT)),
    *(Column("Présences cumulées", Kind.COUNT), Column("Animation", Kind.COUNT)),
)


def rows_behind(
    organisation_id: int, report: SeasonReport, part: Part | None, what: What, profession: str | None = None
) -> Table:
    """Return the rows a figure counts: of one part of the report, or of every programme when `part` is None.

    Args:
        organisation_id: whose persons.
        report: the count.
        part: one of its parts.
        what: the figure.
        profession: only the people of this profession (its slug, empty when nobody told it); of the attendances, only
            those with a name.
    """
    counting = part.counting if part else report.together.counting
    if what in _SESSIONS_OF:
        return Table(TITLES[what], _SESSIONS, tuple(_session_rows(report, counting, _SESSIONS_OF[what](counting))))
    if what is What.UNNAMED:
        rows = (row for one in counting.dates.held for row in _nameless_rows(report, counting, one, profession))
        return Table(TITLES[what], _ATTENDANCES, tuple(rows), _NAMELESS)
    if what is What.APART:
        names = queries.names(organisation_id, counting.apart)
        return Table(TITLES[what], _PEOPLE[:2], tuple(Row(_name(one), _page(one)) for one in names), _NAMED)
    people = {
        one.person_id: one
        for one in counting.enrolled
        if profession is None or one.profession_slug == profession
        if what is not What.WITHOUT_ANIMATORS or not one.is_animator
        if what in (What.ENROLLED, What.WITHOUT_ANIMATORS) or one.person_id in counting.presences
    }
    names = queries.names(organisation_id, people)
    told = {person_id: _profession(report, one.profession_slug, one.gender) for person_id, one in people.items()}
    if what is What.ATTENDANCES:
        noted = _attendance_rows(report, counting, names, told, with_tallies=profession is None)
        return Table(TITLES[what], _ATTENDANCES, tuple(noted), _NAMED)
    animators = {person_id for person_id, one in people.items() if one.is_animator}
    return Table(TITLES[what], _PEOPLE, tuple(_people_rows(counting, names, told, animators)), _NAMED)


def professions(part: Part) -> Table:
    """Return the exact table by profession, for the CPAM; its lines add up to the three figures."""
    rows = [
        Row((line.name, line.count, line.present, line.attendances, len(line.line.animators))) for line in part.lines
    ]
    rows += [Row((line.name, None, None, line.attendances, None)) for line in part.nameless]
    return Table("Par profession, pour la CPAM", _PROFESSIONS, tuple(rows))


def public_professions(part: Part) -> Table:
    """Return the table that may be published: the same professions as the public sentence shows, the others together.

    Under three people in all it gives no number. Animators, the present and their attendances are not in it.
    """
    total = part.counting.enrolled_distinct
    shown = large_enough([line.line for line in part.lines])
    rows = [Row((line.name, line.count)) for line in part.lines if any(line.line is one for one in shown)]
    rest = total - sum(line.count for line in shown)
    if 0 < total < SMALLEST_SHOWN:
        rows = [Row((f"moins de {SMALLEST_SHOWN} professionnels", None))]
    elif rest:
        rows.append(Row(("autres professionnels" if shown else "professionnels, toutes professions", rest)))
    about = "Les professions de moins de 3 personnes sont regroupées."
    return Table("Par profession, à publier", _PROFESSIONS[:2], tuple(rows), about)


_SESSIONS_OF = {
    What.HELD: lambda counting: counting.dates.held,
    What.PLANNED: lambda counting: counting.dates.planned,
    What.DISCOVERY: lambda counting: counting.dates.discovery,
    What.CANCELLED: lambda counting: counting.dates.cancelled,
    What.UNCLOSED: lambda counting: counting.dates.unclosed,
}


def _people_rows(
    counting: Counting, names: Iterable[NameRow], told: dict[int, str], animators: Collection[int]
) -> Iterable[Row]:
    for one in names:
        came = len(counting.presences.get(one.id, ()))
        yield Row((*_name(one), told[one.id], came, "oui" if one.id in animators else ""), _page(one))


def _attendance_rows(
    report: SeasonReport, counting: Counting, names: Sequence[NameRow], told: dict[int, str], *, with_tallies: bool
) -> Iterable[Row]:
    for session in counting.dates.held:
        where = (local(session.starts_at).date(), report.programmes[session.programme_id])
        for one in names:
            if session.id in counting.presences[one.id]:
                yield Row((*where, *_name(one), told[one.id], 1), _page(one), session.public_id)
        if with_tallies:
            yield from _nameless_rows(report, counting, session)


def _nameless_rows(
    report: SeasonReport, counting: Counting, session: SessionRow, profession: str | None = None
) -> Iterable[Row]:
    """One row per profession noted without names at a session: « 3 IDEL, sans noms »."""
    where = (local(session.starts_at).date(), report.programmes[session.programme_id])
    for tally in counting.tallies:
        slug = tally.profession_slug
        if tally.group_session_id == session.id and profession in (None, slug):
            told = nameless(nameless_forms(slug, report.professions), tally.people)
            known = _profession(report, slug) if slug else ""
            yield Row((*where, told, "", known, tally.people), None, session.public_id)


def _session_rows(report: SeasonReport, counting: Counting, sessions: Iterable[SessionRow]) -> Iterable[Row]:
    came = Counter(session_id for sessions in counting.presences.values() for session_id in sessions)
    for tally in counting.tallies:
        came[tally.group_session_id] += tally.people
    for session in sessions:
        start, end = local(session.starts_at), local(session.ends_at)
        cells = (
            *(start.date(), start.time(), end.time(), report.programmes[session.programme_id]),
            *(_state(session), session.capacity, came[session.id], french.typo(session.cancel_reason)),
        )
        yield Row(cells, group_session=session.public_id)


def _state(session: SessionRow) -> str:
    if session.status == SessionStatus.OPEN and session.ends_at < now():
        return "à clore"
    words = {SessionStatus.OPEN: "ouverte", SessionStatus.HELD: "close", SessionStatus.CANCELLED: "annulée"}
    return words[SessionStatus(session.status)]


def _profession(report: SeasonReport, slug: str, gender: Gender | None = None) -> str:
    forms = profession_forms(slug, report.professions)
    return forms.singular_f if gender is Gender.FEMININE else forms.singular_m


def _name(one: NameRow) -> tuple[str, str]:
    return ("une personne effacée", "") if one.erased_at else (one.last_name, one.first_name)


def _page(one: NameRow) -> UUID | None:
    return None if one.erased_at else one.public_id
