"""`cpts-sessions requests`: the register of action 27."""

from pathlib import Path

import click

from cpts_sessions.cli.imports import file_argument, run_import
from cpts_sessions.cli.main import cli
from cpts_sessions.organisations.queries import only_or_named


@cli.group("requests")
def requests_cli() -> None:
    """The requests for help of other CPTS and structures (action 27)."""


@requests_cli.command("import")
@file_argument
@click.option("--year", required=True, type=click.IntRange(2000, 2100), help="The year that the table counts.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
def import_file(file: Path, year: int, dry_run: bool, organisation: str | None) -> None:
    """Import the table of FILE (CSV or XLSX: outil, nombre, nature, besoins), a line a tool; all of it or nothing."""
    from cpts_sessions.registers.import_requests import import_requests

    run_import(
        lambda: import_requests(
            only_or_named(organisation).id, file.read_bytes(), file.name, year=year, dry_run=dry_run
        ),
        dry_run=dry_run,
    )
