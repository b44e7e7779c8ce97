"""The `cpts-sessions` command. The file of a group is loaded when one of its commands is asked for."""

import sys
from importlib import import_module
from typing import Final

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import DatabaseError, OperationalError

from cpts_sessions.core.french import typo
from cpts_sessions.installation.application import without_pages

#: What is typed, and the file of this folder that registers it.
FILES: Final = {
    "answers": "answers",
    "attendance": "attendance",
    "backup": "backup",
    "bench": "bench",
    "boxes": "boxes",
    "db": "db",
    "demo": "demo",
    "doctor": "doctor",
    "login-link": "login_link",
    "outbox": "outbox",
    "people": "people",
    "report": "report",
    "requests": "requests",
    "restore": "backup",
    "role": "role",
    "rsvp": "rsvp",
    "serve": "serve",
    "sessions": "sessions",
    "start": "start",
    "web": "serve",
    "worker": "serve",
}


class Commands(FlaskGroup):
    """The groups and commands, each registered by its file."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command by its name; None when there is none."""
        if name in FILES:
            import_module(f"cpts_sessions.cli.{FILES[name]}")
        return self.commands.get(name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every name, in the order of the alphabet."""
        return sorted(FILES)


def _application() -> Flask:
    """Return the application; a setting that cannot be one ends the command with its sentence."""
    try:
        return without_pages()
    except ValueError as refused:
        raise click.ClickException(typo(str(refused))) from None


cli = Commands(name="cpts-sessions", create_app=_application, add_default_commands=False, load_dotenv=False)
cli.params = []  # those of the flask command: another application, its debug mode, the version of Flask


def main() -> None:
    """Entry point of the console script; a database that cannot be used is said in one sentence."""
    try:
        cli()
    except (OperationalError, DatabaseError) as fault:
        if type(fault) not in {OperationalError, DatabaseError}:  # a fault of ours: its trace is worth having
            raise
        why = str(fault.orig).partition("\n")[0]
        sys.exit(typo(f"La base de données ne peut pas servir : {why}. « cpts-sessions doctor » dit quoi faire."))
