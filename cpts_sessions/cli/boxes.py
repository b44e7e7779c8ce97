"""`cpts-sessions boxes`: what to do when the key of a box is lost."""

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.cli.scope import refusals_shown
from cpts_sessions.core.french import typo
from cpts_sessions.organisations.queries import only_or_named


@cli.group("boxes")
def boxes_cli() -> None:
    """The boxes of sealed answers."""


@boxes_cli.command("renew")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
def renew(yes: bool, organisation: str | None) -> None:
    """Give the boxes whose key is lost another one: they collect again, empty, under the same links."""
    from cpts_sessions.questionnaires import opening, queries

    with refusals_shown():
        known = only_or_named(organisation)
    lost = [box for box in queries.boxes_without_key() if box.organisation_id == known.id]
    if not lost:
        click.echo(typo("Chaque urne a sa clé : rien n’a changé."))
        return
    for box in lost:
        name = f"{box.programme.name}, {box.year}"
        question = f"{name} : sans sa clé, ses réponses sont perdues pour toujours. La faire repartir, vide ?"
        if yes or click.confirm(typo(question)):
            with refusals_shown():
                opening.renew(box.id)
            click.echo(typo(f"{name} : l’urne repart, vide. Les liens déjà envoyés servent encore."))
