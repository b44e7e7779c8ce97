"""`cpts-sessions login-link`: entering without a mailbox."""

import click

from cpts_sessions.accounts import services
from cpts_sessions.cli.main import cli
from cpts_sessions.cli.scope import Refused
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import NBSP
from cpts_sessions.organisations.queries import only_or_named


@cli.command("login-link")
@click.argument("email")
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
def login_link(email: str, organisation: str | None) -> None:
    """Print a sign-in link for each person of EMAIL; each serves once, in any browser."""
    try:
        ways_in = services.links_for(only_or_named(organisation), email)
    except RuleBroken as refusal:
        raise Refused(str(refusal)) from refusal
    for way_in in ways_in:
        click.echo(f"{way_in.person.full_name}, {way_in.minutes}{NBSP}minutes{NBSP}: {way_in.url}")
