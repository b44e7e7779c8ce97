"""`cpts-sessions people`: the directory."""

from pathlib import Path

import click

from cpts_sessions.cli.imports import file_argument, run_import
from cpts_sessions.cli.main import cli
from cpts_sessions.organisations.queries import only_or_named


@cli.group("people")
def people_cli() -> None:
    """The persons of the organisation."""


@people_cli.command("import")
@file_argument
@click.option("--programme", metavar="SLUG", help="Enrol them in this programme…")
@click.option("--year", metavar="Y", type=click.IntRange(2000, 2099), help="… for this season.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--no-mail", is_flag=True, help="Write no message to anybody.")
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
def import_file(
    file: Path, programme: str | None, year: int | None, dry_run: bool, no_mail: bool, organisation: str | None
) -> None:
    """Import the persons of FILE (CSV or XLSX); all of it or nothing."""
    from cpts_sessions.registrations.import_people import import_people

    run_import(
        lambda: import_people(
            only_or_named(organisation).id,
            file.read_bytes(),
            file.name,
            programme_slug=programme,
            year=year,
            dry_run=dry_run,
            with_mail=not no_mail,
        ),
        dry_run=dry_run,
    )
