"""`cpts-sessions db`: the schema of the database."""

import click

from cpts_sessions.cli.main import cli


@cli.group("db")
def db_cli() -> None:
    """The schema of the database."""


@db_cli.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema."""
    from cpts_sessions.installation.schema import upgrade as run

    run()
    click.echo("Base de données à jour.")
