"""`cpts-sessions demo`: the demonstration."""

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.cli.scope import refusals_shown
from cpts_sessions.core.french import NBSP, typo
from cpts_sessions.installation import demonstration
from cpts_sessions.installation.starting_code import starting_code


@cli.group("demo")
def demo_cli() -> None:
    """The invented CPTS one tries everything with."""


@demo_cli.command("load")
@click.option("--if-never", is_flag=True, help="Only when no organisation ever existed here.")
def load(if_never: bool) -> None:
    """Load the demonstration and print a way in per role; it follows PUBLIC_URL and CPTS_MAIL_ADDRESS."""
    with refusals_shown():
        if demonstration.load(if_never=if_never):
            click.echo(typo("Démonstration chargée : les personnes sont inventées, aucun message ne part."))
        else:
            demonstration.follow_settings()
    _print_links()


@demo_cli.command("links")
def links() -> None:
    """Print a sign-in link for each role of the demonstration, and the code that replaces it; nothing without one."""
    _print_links()


def _print_links() -> None:
    entrances = demonstration.entrances()
    if entrances:
        minutes = int(demonstration.LINK_LASTS.total_seconds() // 60)
        click.echo(typo(f"Pour entrer dans la démonstration, pendant {minutes} minutes, une fois par lien :"))
    for entrance in entrances:
        click.echo(f"  {entrance.role} ({entrance.person.full_name}){NBSP}: {entrance.url}")
    code = starting_code()
    if code:
        click.echo(typo(f"Pour commencer avec votre CPTS, depuis le bandeau du site : code {code}"))
