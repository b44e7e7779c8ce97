"""`cpts-sessions attendance`: who came."""

from pathlib import Path

import click

from cpts_sessions.cli.imports import file_argument, run_import
from cpts_sessions.cli.main import cli
from cpts_sessions.organisations.queries import only_or_named


@cli.group("attendance")
def attendance_cli() -> None:
    """The presences at sessions already held."""


@attendance_cli.command("import")
@file_argument
@click.option("--programme", metavar="SLUG", required=True, help="The programme of these sessions.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
def import_file(file: Path, programme: str, dry_run: bool, organisation: str | None) -> None:
    """Note who came, from FILE (CSV or XLSX: date, email, statut, perhaps prénom, nom, profession); no mail leaves."""
    from cpts_sessions.attendance.import_attendance import import_attendance

    run_import(
        lambda: import_attendance(
            only_or_named(organisation).id, file.read_bytes(), file.name, programme_slug=programme, dry_run=dry_run
        ),
        dry_run=dry_run,
    )
