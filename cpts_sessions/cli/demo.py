"""`cpts-sessions demo`: the demonstration."""

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.cli.scope import refusals_shown
from cpts_sessions.core.french import NBSP, typo
from cpts_sessions.installation import demonstration


@cli.group("demo")
def demo_cli() -> None:
    """The invented CPTS one tries everything with."""


@demo_cli.command("load")
@click.option("--if-never", is_flag=True, help="Only when no organisation ever existed here.")
def load(if_never: bool) -> None:
    """Load the demonstration; it follows PUBLIC_URL and CPTS_MAIL_ADDRESS."""
    with refusals_shown():
        if demonstration.load(if_never=if_never):
            click.echo(typo("Démonstration chargée : les personnes sont inventées, aucun message ne part."))
        else:
            demonstration.follow_settings()


@demo_cli.command("links")
def links() -> None:
    """Print a sign-in link for each role of the demonstration; nothing when there is none."""
    for entrance in demonstration.entrances():
        click.echo(f"{entrance.role} ({entrance.person.full_name}){NBSP}: {entrance.url}")
