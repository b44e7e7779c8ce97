"""`cpts-sessions answers`: answers to questionnaires, given on paper or with another tool."""

from pathlib import Path

import click

from cpts_sessions.cli.imports import file_argument, run_import
from cpts_sessions.cli.main import cli
from cpts_sessions.organisations.queries import only_or_named


@cli.group("answers")
def answers_cli() -> None:
    """The answers to questionnaires."""


@answers_cli.command("import")
@file_argument
@click.option("--programme", required=True, metavar="SLUG", help="The programme that the answers are about.")
@click.option("--year", required=True, type=click.IntRange(2000, 2100), help="The year of what was attended.")
@click.option("--invited", type=click.IntRange(0, 100_000), default=0, help="How many forms were handed out.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
def import_file(file: Path, programme: str, year: int, invited: int, dry_run: bool, organisation: str | None) -> None:
    """Seal the answers of FILE (CSV or XLSX), one line a person; those of a past year are opened and mixed at once."""
    from cpts_sessions.questionnaires.import_answers import import_answers

    run_import(
        lambda: import_answers(
            only_or_named(organisation).id,
            file.read_bytes(),
            file.name,
            programme_slug=programme,
            year=year,
            invited=invited,
            dry_run=dry_run,
        ),
        dry_run=dry_run,
    )
