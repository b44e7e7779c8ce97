"""The web server: the only file that knows granian. One process: SQLite has one writer anyway.

python -m cpts_sessions.cli.web_server
"""

import multiprocessing
import os
import signal
import threading
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, Final

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

import config
from cpts_sessions.cli.lifeline import BAD_SETTINGS, follow, refuse
from cpts_sessions.core.french import typo

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIApplication

#: Threads that receive; `web.permits` lets a few of them work at a time, so that slow senders block nobody.
THREADS: Final = 128
#: Said when no CPTS is here, real or invented.
_NOBODY: Final = 'Aucune CPTS ici pour l’instant. Commencez par : cpts-sessions start "CPTS …" --email prenom.nom@…'
#: Said while the demonstration is all there is; who reads this runs the server.
_BEGINNING: Final = "Démonstration : pour commencer avec votre CPTS, depuis le bandeau du site, code {code}"
_LAST_SECONDS: Final = 10  # for requests under way when the end is asked for


def main(loader: "Callable[[], WSGIApplication] | None" = None) -> None:
    """Serve until SIGTERM or Ctrl-C, or until the supervisor is gone.

    Args:
        loader: another application to serve in the same way, for comparison; a function of a module.
    """
    settings = config.from_environment()
    server: Any = Server(
        "wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backlog=1024,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=_LAST_SECONDS,
    )
    # a terminal that closes changes nothing: granian would load the application again
    server.on_startup(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    follow(lambda: os.kill(os.getpid(), signal.SIGTERM))
    server.serve(target_loader=loader or load, wrap_loader=False)


def load() -> "WSGIApplication":
    """Return the application, in the process that answers; it ends when the process that started it does."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    from sqlalchemy.exc import SQLAlchemyError

    from cpts_sessions.core.errors import RuleBroken
    from cpts_sessions.installation.following import follow_settings
    from cpts_sessions.installation.master_key import recognise
    from cpts_sessions.installation.starting_code import starting_code
    from cpts_sessions.organisations.queries import every

    try:
        from wsgi import app
    except ValueError as refused:  # a setting, or the key file, that no new try would mend
        refuse(refused)
        os._exit(BAD_SETTINGS)
    try:
        with app.app_context():
            recognise()
            follow_settings()
            code = starting_code()
            if code:
                print(typo(_BEGINNING.format(code=code)), flush=True)  # noqa: T201
            elif not every():
                print(typo(_NOBODY), flush=True)  # noqa: T201
    except SQLAlchemyError:  # not migrated yet, or out of reach: the pages say so
        pass
    except RuleBroken as refused:
        refuse(refused)
        os._exit(BAD_SETTINGS)
    return app


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


if __name__ == "__main__":
    main()
