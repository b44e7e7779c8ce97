"""`cpts-sessions serve`, `web` and `worker`, as `--help` lists them; `entry` starts them without coming here."""

from typing import NoReturn

from cpts_sessions.cli.entry import become
from cpts_sessions.cli.main import cli


@cli.command("serve", with_appcontext=False)
def serve() -> NoReturn:
    """Serve the site and do its background work, until Ctrl-C."""
    become("serve")


@cli.command("web", with_appcontext=False)
def web() -> NoReturn:
    """Serve the site alone."""
    become("web")


@cli.command("worker", with_appcontext=False)
def worker() -> NoReturn:
    """Do the background work alone: messages leave, offers expire."""
    become("worker")
