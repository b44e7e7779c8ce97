"""`cpts-sessions bench`: what measures need; in a database of their own."""

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.cli.scope import refusals_shown
from cpts_sessions.core.french import counted
from cpts_sessions.installation import neighbours


@cli.group("bench")
def bench_cli() -> None:
    """What measures need; in a database of their own."""


@bench_cli.command("seed")
@click.option("--organisations", type=click.IntRange(1, 10_000), default=800, show_default=True)
@click.option("--years", type=click.IntRange(1, 20), default=5, show_default=True)
def seed(organisations: int, years: int) -> None:
    """Add invented CPTS until there are so many, each with its seasons; refused beside a real one."""
    with refusals_shown():
        added = neighbours.add(organisations, years)
    click.echo(counted(added, "CPTS inventée ajoutée.", "CPTS inventées ajoutées."))
