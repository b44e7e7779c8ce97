"""What every import command shares: the file it takes, the lines it prints, when it fails."""

from collections.abc import Callable
from pathlib import Path

import click

from cpts_sessions.cli.scope import Refused, refusals_shown
from cpts_sessions.core.french import typo
from cpts_sessions.registrations.import_report import ImportReport

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def run_import(do: Callable[[], ImportReport], *, dry_run: bool) -> None:
    """Print what an import does line by line; exit 1 when the file or one of its lines is refused."""
    with refusals_shown():
        report = do()
    for line in report.lines:
        said = [f"Ligne {line.number}", line.label, line.said(done=report.is_written)]
        click.echo(typo(" : ".join(filter(None, said))))
        for sentence in line.refusals:
            click.echo(f"    {sentence}")
    for notice in report.notices:
        click.echo(f"À vérifier : {notice}")
    if report.absent_sentence:
        click.echo(report.absent_sentence)
    click.echo(report.summary)
    click.echo(report.mails_sentence)
    if report.is_refused:
        raise Refused(report.refusal)
    if dry_run:
        click.echo("Rien n’est encore enregistré.")
