"""The real thing: `serve` with its processes, on a port of its own, to be watched and killed."""

import os
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import httpx

from tests.processes import READY_SECONDS, free_port, until


class Site:
    """`cpts-sessions serve` on a database that is ready, open on loopback."""

    def __init__(self, folder: Path, database_url: str, smtp_url: str = "", port: int = 0) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"serve-{secrets.token_hex(4)}.log"
        self._environment = {
            **os.environ,
            "CPTS_DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "SMTP_URL": smtp_url,
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Site":
        self.start()
        try:
            until(self.is_well, "the site to open")
        except TimeoutError:
            self.__exit__(None, None, None)
            raise TimeoutError(f"the site to open; it said: {self.log.read_text()}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait()

    def start(self) -> None:
        """Start without waiting."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from cpts_sessions.cli.entry import main; main()", "serve"],
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def end(self, how: signal.Signals) -> int:
        """Send the supervisor this signal; return its exit code."""
        assert self._process is not None
        self._process.send_signal(how)
        return self._process.wait(READY_SECONDS)

    def is_well(self) -> bool:
        """Whether /healthz says so."""
        return self.health() == 200

    def health(self) -> int:
        """The status of /healthz; 0 when nobody answers."""
        try:
            return httpx.get(f"{self.url}/healthz", timeout=READY_SECONDS).status_code
        except httpx.HTTPError:
            return 0

    def processes(self) -> dict[str, int]:
        """The processes below the supervisor: `web` (which listens), `answering` (which answers), `worker`."""
        assert self._process is not None
        found, every = {}, _every_process()
        for pid, parent, command in every:
            if parent == self._process.pid:
                found["web" if "web_server" in command else "worker"] = pid
        for pid, parent, _ in every:
            if parent == found.get("web"):
                found["answering"] = pid
        return found

    def kill(self, pid: int, how: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to one of its processes."""
        os.kill(pid, how)

    @property
    def pid(self) -> int:
        """The supervisor."""
        assert self._process is not None
        return self._process.pid

    def refusal(self) -> tuple[int, str]:
        """Start it where it cannot run: its exit code, and all that was said."""
        self.start()
        assert self._process is not None
        code = self._process.wait(READY_SECONDS)
        return code, self.log.read_text()

    def kill_all_but_the_supervisor(self) -> None:
        """End the web processes and the worker at once, by SIGKILL."""
        for pid in self.processes().values():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def is_running(pid: int) -> bool:
    """Whether this process still runs; one that is dead and not yet buried does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.strip().startswith("Z")


def _every_process() -> list[tuple[int, int, str]]:
    asked = ["ps", "-A", "-ww", "-o", "pid=,ppid=,command="]  # whole, however long the path of this checkout
    listed = subprocess.run(asked, capture_output=True, text=True, check=True)
    rows = (line.split(None, 2) for line in listed.stdout.splitlines())
    return [(int(row[0]), int(row[1]), row[2]) for row in rows if len(row) == 3]
