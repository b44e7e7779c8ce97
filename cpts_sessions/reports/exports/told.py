"""What one audience is told of a report: every file takes its contents here, and nowhere else; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import (
    AnnualReport,
    Audience,
    Field,
    Figure,
    Freezing,
    Grid,
    Page,
    read_by,
)
from cpts_sessions.reports.annual.markdown import Block, blocks
from cpts_sessions.reports.listings import What
from cpts_sessions.reports.sentences.people import SMALLEST_SHOWN

FOR_WHOM = {Audience.CPAM: "Pour la CPAM", Audience.PUBLIC: "À publier"}
_WHY = {
    Audience.CPAM: "Pour la CPAM : nombres exacts par profession, comme le contrat le demande.",
    Audience.PUBLIC: "À publier : les professions de moins de 3 personnes sont regroupées.",
}
_OF_PEOPLE = {What.ENROLLED, What.PRESENT, What.ATTENDANCES, What.APART}
_SUPPORTED = "accompagnes"  # people too, in a register that names nobody: no row is behind them


@dataclass(frozen=True)
class Sentence:
    """One computed sentence, under the name the editor gives it."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Chapter:
    """One page of the report."""

    key: str
    heading: str
    amount_euros: int | None
    text: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    figures: tuple[Figure, ...]
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A whole report, as one audience reads it. `about`: sentences that say what this document is."""

    title: str
    organisation: str
    report: AnnualReport
    audience: Audience
    about: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    annexes: tuple[Grid, ...]

    @property
    def for_whom(self) -> str:
        """« Pour la CPAM » or « À publier »."""
        return FOR_WHOM[self.audience]


def told(report: AnnualReport, audience: Audience) -> Told:
    """Return what this audience is told. Who wrote or froze the report is not told to everybody."""
    return Told(
        title=f"Rapport d’activité {report.year}, mission 6",
        organisation=french.typo(report.organisation),
        report=report if _may_tell_together(report, audience) else replace(report, together=""),
        audience=audience,
        about=tuple(map(french.typo, _about(report, audience))),
        chapters=tuple(_chapter(page, audience) for page in report.pages),
        annexes=tuple(read_by(report.annexes, audience)),
    )


def figures_told(page: Page, audience: Audience) -> tuple[Figure, ...]:
    """Return the figures of a page that this audience may read.

    Of one or two people, what is published does not say how often they came either.
    """
    told = tuple(one for one in page.figures if _may_be_told(one, audience))
    few = {one.part for one in page.figures if one.what == What.PRESENT and one not in told}
    return tuple(
        one
        for one in told
        if one.what != What.ATTENDANCES
        or audience is Audience.CPAM
        or not (one.part in few or _is_said_otherwise(page.field(one.key)))
    )


def _is_said_otherwise(field: Field | None) -> bool:
    return field is not None and field.exact != field.public


def _may_be_told(figure: Figure, audience: Audience) -> bool:
    """Whether this audience may read a number: to publish, none that counts fewer than three people.

    Nor the number without those who animate: the sentence to publish does not say who they are.
    """
    if audience is Audience.CPAM:
        return True
    if figure.what == What.WITHOUT_ANIMATORS:
        return False
    of_people = figure.what in _OF_PEOPLE or figure.key == _SUPPORTED
    return not of_people or not (_is_few(figure.value) or _is_few(figure.previous))


def with_a_year_before(figures: Sequence[Figure]) -> bool:
    """Whether anything is known of the year before."""
    return any(one.previous is not None for one in figures)


def _may_tell_together(report: AnnualReport, audience: Audience) -> bool:
    """Whether to say how many all programmes make: not where it would show the one or two of a programme."""
    enrolled = [one for page in report.pages for one in page.figures if one.what == What.ENROLLED]
    return all(_may_be_told(one, audience) or not _is_few(one.value) for one in enrolled)


def _is_few(count: int | None) -> bool:
    return count is not None and 0 < count < SMALLEST_SHOWN


def _about(report: AnnualReport, audience: Audience) -> list[str]:
    frozen = [_frozen(report.freezing, audience)] if report.freezing else []
    return [f"Compté au {french.day(report.as_of)}.", _WHY[audience], *frozen]


def _frozen(freezing: Freezing, audience: Audience) -> str:
    by = f" par {freezing.by}" if audience is Audience.CPAM else ""
    return f"Rapport figé le {french.day(freezing.at)}{by}. Les chiffres ne bougent plus."


def _chapter(page: Page, audience: Audience) -> Chapter:
    return Chapter(
        key=page.key,
        heading=french.typo(page.heading),
        amount_euros=page.amount_euros,
        text=tuple(blocks(page, audience)),
        sentences=tuple(Sentence(one.key, one.label, one.said_to(audience)) for one in page.fields),
        figures=figures_told(page, audience),
        grids=tuple(read_by(page.grids, audience)),
        notes=page.notes,
    )
