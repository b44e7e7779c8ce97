"""The real application behind its real server, on a port of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from cpts_sessions.cli.main import cli
from cpts_sessions.extensions import db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.web.site import create_app
from tests import databases
from tests.conftest import settings
from tests.processes import READY_SECONDS, free_port

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class LiveServer:
    """A server that answers, and the application whose database it reads.

    Rows are added in the test inside `with server.app.app_context():`; public pages may show
    them up to one second later, as for everyone.
    """

    url: str
    app: Flask
    environment: dict[str, str]
    pid: int

    def message_to(self, address: str) -> str:
        """Return the last message to somebody as it would leave, links included: what only the server may see."""
        with self.app.app_context():
            statement = select(OutboxMessage.id).where(OutboxMessage.to_address == address)
            number = db.session.execute(statement.order_by(OutboxMessage.id.desc()).limit(1)).scalar_one()
            shown = self.app.test_cli_runner().invoke(cli, ["outbox", "show", str(number)])
        assert shown.exit_code == 0, shown.output
        return shown.output


@contextlib.contextmanager
def live(engine: str, folder: Path, **changes: str) -> Iterator[LiveServer]:
    """Serve the application on a new migrated database of this engine; all is gone afterwards.

    `changes` are settings by their names in the environment (`TRUSTED_PROXIES="1"`).
    """
    with databases.database(engine, folder) as database_url:
        port = free_port()
        own = {"CPTS_DATA_DIR": str(folder), "DATABASE_URL": database_url, "PORT": str(port), **changes}
        app = create_app(
            settings(folder, database_url, public_url=changes.get("PUBLIC_URL", f"http://127.0.0.1:{port}"))
        )
        with app.app_context():
            upgrade()
        with serving(own) as process:
            yield LiveServer(f"http://127.0.0.1:{port}", app, own, process.pid)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextlib.contextmanager
def serving(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the web server with these settings and no others, until the block ends."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", environment["PORT"], "--workers", "1", "--blocking-threads", "8", "wsgi:app"]
    log = Path(environment["CPTS_DATA_DIR"]) / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=_ROOT, env=inherited | environment, stdout=output, stderr=output)
        try:
            _wait_until_it_answers(process, f"http://127.0.0.1:{environment['PORT']}/healthz", log)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(READY_SECONDS)  # its own processes end with it
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=READY_SECONDS).close()
            return
        except urllib.error.HTTPError as answer:  # it answers, be it to say that it is not well
            answer.close()
            return
        except OSError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)  # look again soon, or at once if it has ended
    raise AssertionError(f"the server did not start:\n{log.read_text(errors='replace')}")
