"""`cpts-sessions role`: who may do what."""

import click

from cpts_sessions.accounts import services
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.cli.main import cli
from cpts_sessions.cli.scope import Refused
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.organisations.queries import only_or_named

_ROLE = click.Choice([name.value for name in RoleName])


@cli.group("role")
def role_cli() -> None:
    """The roles of the organisation's persons."""


@role_cli.command("grant")
@click.argument("email")
@click.argument("role", type=_ROLE)
@click.option("--name", metavar="“Prénom Nom”", help="Needed for somebody new, or for a shared mailbox.")
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
def grant(email: str, role: str, name: str | None, organisation: str | None) -> None:
    """Give ROLE to the person of EMAIL; she is told by mail."""
    try:
        person = services.grant(only_or_named(organisation), email, RoleName(role), name=name)
    except RuleBroken as refusal:
        raise Refused(str(refusal)) from refusal
    click.echo(f"Accès donné à {person.full_name}.")
