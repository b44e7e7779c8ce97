"""The `cpts-sessions` command."""

import click
from flask.cli import FlaskGroup

from cpts_sessions.web.site import create_app

cli = FlaskGroup(name="cpts-sessions", create_app=create_app, add_default_commands=False, load_dotenv=False)


@cli.group("db")
def db_cli() -> None:
    """The schema of the database."""


@db_cli.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema."""
    from flask_migrate import upgrade as run

    run()
    click.echo("Base de données à jour.")


# each of these files registers its commands
from cpts_sessions.cli import backup, demo, doctor, login_link, outbox, people, report, role, serve, sessions, start  # noqa: E402, F401


def main() -> None:
    """Entry point of the console script."""
    cli()
