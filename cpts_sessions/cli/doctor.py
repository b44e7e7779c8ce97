"""`cpts-sessions doctor`: what is well, what is not, what to do."""

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.core.french import NBSP
from cpts_sessions.installation.doctor.examination import examine, worst
from cpts_sessions.installation.doctor.findings import Level


@cli.command("doctor")
def doctor() -> None:
    """Examine the installation, every CPTS of it; exit code 1 when something does not work."""
    findings = examine()
    for finding in findings:
        click.echo(f"{finding.level:<9} {finding.sentence}")
        if finding.advice:
            click.echo(f"{'':<9} → {finding.advice}")
    wrongs = sum(finding.level is Level.WRONG for finding in findings)
    if worst(findings) is Level.WRONG:
        click.echo(f"À corriger{NBSP}: {wrongs}.")
        raise SystemExit(1)
