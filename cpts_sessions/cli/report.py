"""`cpts-sessions report`: the counts and sentences of a year."""

import json
from collections.abc import Iterator, Mapping, Sequence

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.cli.report_export import export
from cpts_sessions.cli.scope import Misused, Refused
from cpts_sessions.core import french
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.organisations.queries import only_or_named
from cpts_sessions.reports.asked import day_asked, year_asked
from cpts_sessions.reports.card_effects import CardEffects, effects_of_year
from cpts_sessions.reports.evaluation import Evaluation, evaluations, of_part
from cpts_sessions.reports.season import Part, SeasonReport, season_report
from cpts_sessions.reports.season_json import to_json
from cpts_sessions.reports.sentences import figures


@cli.group("report")
def report_cli() -> None:
    """The annual report."""


report_cli.add_command(export)


@report_cli.command("show")
@click.option("--year", required=True, metavar="Y", help="The calendar year.")
@click.option("--as-of", metavar="DAY", help="Count as on the evening of this day (2025-12-20); default: now.")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
def show(year: str, as_of: str | None, layout: str, organisation: str | None) -> None:
    """Print the dates, figures and sentences of a year, each sentence on a line of its own."""
    try:
        asked = year_asked(year), day_asked(as_of)
    except RuleBroken as refusal:
        raise Misused(str(refusal)) from refusal
    try:
        known = only_or_named(organisation)
    except RuleBroken as refusal:
        raise Refused(str(refusal)) from refusal
    report, evaluated = season_report(known.id, *asked), evaluations(known.id, asked[0])
    cards = effects_of_year(known.id, asked[0])
    if layout == "json":
        click.echo(json.dumps(to_json(report, evaluated, cards), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(known.name, report, evaluated, cards)))


def _lines(
    organisation: str, report: SeasonReport, evaluated: Mapping[int, Evaluation], cards: Mapping[int, CardEffects]
) -> Iterator[str]:
    yield french.typo(f"{organisation}, année {report.year}, au {french.day(report.as_of)}")
    for part in report.parts:
        yield ""
        yield from _part(part)
        yield from _evaluation(of_part(part, evaluated))
        for one in (cards[programme] for programme in part.programme_ids if programme in cards):
            yield french.typo("Avant et après la séance :")
            yield from (*one.sentences, one.note)
    together = report.together.counting
    if report.together.sentence:
        yield ""
        yield "Ensemble"
        yield report.together.sentence
        yield figures.present_and_attendances(together.present_distinct, together.attendances, together.unnamed)


def _evaluation(evaluated: Sequence[Evaluation]) -> Iterator[str]:
    for one in evaluated:
        yield french.typo("Évaluation :" if len(evaluated) == 1 else f"Évaluation, {one.programme} :")
        yield one.rate
        yield from one.sentences


def _part(part: Part) -> Iterator[str]:
    yield french.typo(f"Action {part.action} : {part.title}" if part.action else part.title)
    trained = part.trained_sentence if part.is_training else ""
    told = [trained, part.sessions_sentence, part.discovery_sentence, part.cancelled_sentence, part.figures_sentence]
    yield from filter(None, [*told, part.animators_sentence, *part.notes])
    yield french.typo("Pour la CPAM :")
    yield part.sentence
    yield french.typo("À publier :")
    yield part.public_sentence
