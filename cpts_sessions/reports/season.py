"""The counts and sentences of one year: by action, by programme without an action, by training, and all together but
the trainings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from cpts_sessions.core import french
from cpts_sessions.core.clock import local, today
from cpts_sessions.reports import queries
from cpts_sessions.reports.by_profession import NamelessLine, ProfessionLine, nameless_lines, profession_lines
from cpts_sessions.reports.genders import chosen_genders
from cpts_sessions.reports.indicators import Counting, count, cut
from cpts_sessions.reports.queries import ProgrammeRow, SeasonRows, SessionRow
from cpts_sessions.reports.sentences import figures, people, sessions, trainings
from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames
from cpts_sessions.reports.sentences.people import Line, ProfessionForms

_ANY_SESSION = ProgrammeNames("séance", "séances", Gender.FEMININE)


@dataclass(frozen=True)
class Part:
    """One action, one programme without an action, or one training. Sentences have no full stop; they are empty when
    there is nothing to say.

    A training has the key of a programme without an action, and no action here, whatever its programme says: it is
    counted with no other, and never in `Together`.
    """

    key: str
    action: int | None
    programme_ids: tuple[int, ...]
    title: str
    names: ProgrammeNames
    year: int
    counting: Counting
    lines: tuple[ProfessionLine, ...]
    nameless: tuple[NamelessLine, ...]
    is_training: bool = False

    @property
    def has_something(self) -> bool:
        """Whether it had a date in the year, or somebody who follows it: a training that is over has its own year."""
        dates = self.counting.dates
        return bool(self.counting.enrolled or dates.held or dates.planned or dates.discovery or dates.cancelled)

    @property
    def held_days(self) -> list[Day]:
        """One day per session held."""
        return days(self.counting.dates.held)

    @property
    def planned_days(self) -> list[Day]:
        """One day per session planned."""
        return days(self.counting.dates.planned)

    @property
    def dates_sentence(self) -> str:
        """« 19 mars et 12 mai 2025 ; un dernier est prévu le 8 octobre »."""
        return sessions.dates_sentence(self.held_days, self.planned_days, self.names.gender)

    @property
    def sessions_sentence(self) -> str:
        """« 5 GAPP ont été organisés les … »."""
        return sessions.sessions_sentence(self.names, self.year, self.held_days, self.planned_days)

    @property
    def discovery_sentence(self) -> str:
        """« 2 séances de découverte ont été proposées les … »; only those that took place."""
        held = self.counting.dates.discovery_held
        places = {session.place_name for session in held}
        return sessions.discovery_sentence(days(held), places.pop() if len(places) == 1 else "")

    @property
    def cancelled_sentence(self) -> str:
        """« 1 séance a été annulée : le … (motif) »."""
        cancelled = self.counting.dates.cancelled
        told = zip(days(cancelled), cancelled, strict=True)
        return sessions.cancelled_sentence([sessions.Cancelled(day, one.cancel_reason) for day, one in told])

    @property
    def sentence(self) -> str:
        """The exact sentence of the participants, for the CPAM."""
        return people.participants_sentence(self._lines, unnamed=self.counting.unnamed)

    @property
    def public_sentence(self) -> str:
        """The sentence to publish: no profession of fewer than three people."""
        return people.public_sentence(self._lines, unnamed=self.counting.unnamed)

    @property
    def figures_sentence(self) -> str:
        """The three figures, named in full."""
        c = self.counting
        return figures.three_figures(c.enrolled_distinct, c.present_distinct, c.attendances, c.unnamed)

    @property
    def animators_sentence(self) -> str:
        """« 19 en comptant l'animateur, 18 sans lui »."""
        animators = [one.gender for one in self.counting.enrolled if one.is_animator]
        return people.with_and_without_animators(self.counting.enrolled_distinct, animators)

    @property
    def attendances_sentence(self) -> str:
        """« 77 présences cumulées en 13 séances, soit 5,9 en moyenne par séance »."""
        return figures.attendances_sentence(self.counting.attendances, len(self.held_days))

    @property
    def trained_sentence(self) -> str:
        """« 7 professionnels ont été formés les 13 et 20 mai 2025 »: who came at least once, of a training."""
        came = [one.gender for one in self.counting.enrolled if one.person_id in self.counting.presences]
        return trainings.trained_sentence(came, self.held_days, unnamed=self.counting.unnamed)

    @property
    def chart(self) -> list[tuple[str, int]]:
        """Attendances by profession, the largest first, those without names in bars of their own."""
        bars = [(line.name, line.attendances) for line in self.lines]
        bars += [(line.name, line.attendances) for line in self.nameless]
        return sorted(bars, key=lambda bar: -bar[1])

    @property
    def notes(self) -> list[str]:
        """What the reader must know of these figures: whole sentences, usually none."""
        told = [figures.unnamed_sentence(self.counting.unnamed_attendances)]
        n = len(self.counting.dates.unclosed)
        if n == 1:
            told.append("1 séance tenue n’est pas encore close : ses présences manquent")
        elif n:
            told.append(f"{french.number(n)} séances tenues ne sont pas encore closes : leurs présences manquent")
        return [french.held(f"{sentence}.") for sentence in told if sentence]

    @property
    def _lines(self) -> list[Line]:
        return [one.line for one in self.lines]


@dataclass(frozen=True)
class Together:
    """Every programme of the year but the trainings: a person who comes to several counts once."""

    counting: Counting
    sentence: str


@dataclass(frozen=True)
class SeasonReport:
    """The count of one year as of a day. `parts` have the trainings that had something in it and no other;
    `programmes` are names, by id; `by_programme` has the part that counts each and no other, by slug.
    """

    year: int
    as_of: Day
    parts: tuple[Part, ...]
    by_programme: Mapping[str, Part]
    together: Together
    programmes: Mapping[int, str]
    professions: Mapping[str, ProfessionForms]

    def part(self, key: str) -> Part | None:
        """Return the part of this key: the number of an action, or the slug of a programme."""
        return next((part for part in self.parts if part.key == key), None) or self.by_programme.get(key)


def season_report(organisation_id: int, year: int, as_of: Day | None = None) -> SeasonReport:
    """Count one year of an organisation.

    Args:
        organisation_id: whose programmes.
        year: a calendar year; sessions belong to it by their start in local time.
        as_of: the day whose evening the count stands at, whatever the clock says; None for now.
    """
    rows, chosen = queries.season_rows(organisation_id, year), chosen_genders(organisation_id, year)
    instant = cut(as_of)
    groups = _groups(rows)
    parts = [_part(rows, key, programmes, instant, chosen) for key, programmes in groups.items()]
    by_programme = {
        one.slug: part if len(programmes) == 1 else _part(rows, one.slug, [one], instant, chosen)
        for part, programmes in zip(parts, groups.values(), strict=True)
        for one in programmes
    }
    parts.sort(key=lambda part: (part.is_training, part.action is None, part.action or 0))
    return SeasonReport(
        year=year,
        as_of=as_of or today(),
        parts=tuple(part for part in parts if not part.is_training or part.has_something),
        by_programme=by_programme,
        together=_together(rows, instant),
        programmes={one.id: one.name for one in rows.programmes},
        professions=rows.professions,
    )


def count_of(rows: SeasonRows, programme_id: int | None, instant: datetime) -> tuple[str, Counting]:
    """Count one programme, or every programme but the trainings; the key is that of its part, empty for all of them."""
    if programme_id is None:
        return "", count(rows, [one.id for one in _together_of(rows)], instant)
    groups = _groups(rows).items()
    keys = {one.id: key if len(programmes) == 1 else one.slug for key, programmes in groups for one in programmes}
    return keys[programme_id], count(rows, [programme_id], instant)


def _groups(rows: SeasonRows) -> dict[str, list[ProgrammeRow]]:
    """The programmes counted together, by the key of their part."""
    groups: dict[str, list[ProgrammeRow]] = {}
    for programme in rows.programmes:
        is_of_an_action = programme.action and not programme.is_training
        groups.setdefault(str(programme.action) if is_of_an_action else programme.slug, []).append(programme)
    return groups


def _together_of(rows: SeasonRows) -> list[ProgrammeRow]:
    return [one for one in rows.programmes if not one.is_training]


def days(held: Sequence[SessionRow]) -> list[Day]:
    """One local day per session."""
    return [local(session.starts_at).date() for session in held]


def _part(
    rows: SeasonRows, key: str, programmes: list[ProgrammeRow], instant: datetime, chosen: Mapping[str, Gender]
) -> Part:
    counting = count(rows, [one.id for one in programmes], instant)
    used = {session.programme_id for session in rows.sessions}
    named = [one for one in programmes if one.id in used] or programmes
    return Part(
        key=key,
        action=None if programmes[0].is_training else programmes[0].action,
        programme_ids=tuple(one.id for one in programmes),
        title=french.listing([one.name for one in named]),
        names=named[0].names if len({one.names for one in named}) == 1 else _ANY_SESSION,
        year=rows.year,
        counting=counting,
        lines=profession_lines(counting, rows.professions, chosen),
        nameless=nameless_lines(counting, rows.professions),
        is_training=programmes[0].is_training,
    )


def _together(rows: SeasonRows, instant: datetime) -> Together:
    """Programmes are named when they had somebody or some date in the year, those called alike once."""
    counted = _together_of(rows)
    counting = count(rows, [one.id for one in counted], instant)
    used = {session.programme_id for session in rows.sessions if not session.is_discovery}
    used |= {enrolment.programme_id for enrolment in rows.enrolments}
    named = list({one.names.plural: one.names for one in counted if one.id in used}.values())
    return Together(counting, figures.together_sentence(counting.enrolled_distinct, named, counting.unnamed))
