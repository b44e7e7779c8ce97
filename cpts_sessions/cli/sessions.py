"""`cpts-sessions sessions`: the calendar."""

from pathlib import Path

import click

from cpts_sessions.cli.imports import file_argument, run_import
from cpts_sessions.cli.main import cli
from cpts_sessions.organisations.queries import only_or_named


@cli.group("sessions")
def sessions_cli() -> None:
    """The sessions of the organisation."""


@sessions_cli.command("import")
@file_argument
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--no-mail", is_flag=True, help="Write no message to anybody.")
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
def import_file(file: Path, dry_run: bool, no_mail: bool, organisation: str | None) -> None:
    """Import the sessions of FILE (CSV or XLSX): future ones open, past ones held; all of it or nothing."""
    from cpts_sessions.registrations.import_sessions import import_sessions

    run_import(
        lambda: import_sessions(
            only_or_named(organisation).id, file.read_bytes(), file.name, dry_run=dry_run, with_mail=not no_mail
        ),
        dry_run=dry_run,
    )
