"""The `cpts-sessions` command."""

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import DatabaseError, OperationalError

from cpts_sessions.core.french import typo
from cpts_sessions.web.site import create_app


def _application() -> Flask:
    """Return the application; a setting that cannot be one ends the command with its sentence."""
    try:
        return create_app()
    except ValueError as refused:
        raise click.ClickException(typo(str(refused))) from None


cli = FlaskGroup(name="cpts-sessions", create_app=_application, add_default_commands=False, load_dotenv=False)
cli.params = []  # those of the flask command: another application, its debug mode, the version of Flask


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
from cpts_sessions.cli import (  # noqa: E402, F401
    answers,
    attendance,
    backup,
    bench,
    boxes,
    demo,
    doctor,
    login_link,
    outbox,
    people,
    report,
    requests,
    role,
    rsvp,
    serve,
    sessions,
    start,
)


def main() -> None:
    """Entry point of the console script; a database that cannot be used is said in one sentence."""
    try:
        cli()
    except (OperationalError, DatabaseError) as fault:
        if type(fault) not in {OperationalError, DatabaseError}:  # a fault of ours: its trace is worth having
            raise
        why = str(fault.orig).partition("\n")[0]
        sys.exit(typo(f"La base de données ne peut pas servir : {why}. « cpts-sessions doctor » dit quoi faire."))
