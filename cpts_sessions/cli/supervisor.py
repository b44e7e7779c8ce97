"""Keeps the site and its worker running: starts both, starts again whichever dies, ends both together.

A process of its own, which never imports the application: 15 MB instead of 90.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import config
from cpts_sessions.cli.lifeline import BAD_SETTINGS, FOLLOWED, SAID, Stop
from cpts_sessions.cli.port import is_taken, taken
from cpts_sessions.core.french import typo

_TURN_SECONDS: Final = 0.1
_WAITS_SECONDS: Final = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
_SETTLED_SECONDS: Final = 60.0  # a process that lived this long did not die of its start
_LAST_SECONDS: Final = 12.0  # to end by itself; longer than requests under way are given


class Child:
    """One process to keep running, in a process group of its own: Ctrl-C reaches the supervisor only."""

    def __init__(self, name: str, module: str, lifeline: int, said: Path) -> None:
        self.name = name
        self._said = said
        self._command = [sys.executable, "-m", module]
        self._lifeline = lifeline
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._due = time.monotonic()
        self._deaths = 0

    def tend(self) -> bool:
        """Start it, or start it again when its wait is over.

        Returns:
            Whether it may ever run: not with settings it refuses.
        """
        clock = time.monotonic()
        if self._process is None:
            if clock >= self._due:
                self._start(clock)
            return True
        code = self._process.poll()
        if code is None:
            return True
        self._process = None
        self._deaths = 1 if clock - self._started > _SETTLED_SECONDS else self._deaths + 1
        wait = _WAITS_SECONDS[min(self._deaths, len(_WAITS_SECONDS)) - 1]
        self._due = clock + wait
        is_fit = code != BAD_SETTINGS and not self._said.exists()  # granian ends with a code of its own
        if is_fit:
            _say(f"{self.name} s’est arrêté (code {code}) ; nouveau départ dans {wait:g} s.")
        return is_fit

    def ask_to_end(self) -> None:
        """Let it finish what it is doing."""
        if self._process is not None:
            self._process.terminate()

    def end(self, before: float) -> None:
        """Wait for its end until this instant of the monotonic clock, then end it, with the processes it made."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, before - time.monotonic()))
        except subprocess.TimeoutExpired:
            _say(f"{self.name} ne s’arrête pas : arrêt forcé.")
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _start(self, clock: float) -> None:
        environment = {**os.environ, FOLLOWED: str(self._lifeline), SAID: str(self._said)}
        self._process = subprocess.Popen(
            self._command, env=environment, pass_fds=[self._lifeline], process_group=0, stdin=subprocess.DEVNULL
        )
        self._started = clock


def main() -> int:
    """Run until Ctrl-C or SIGTERM. Returns the exit code."""
    settings = config.from_environment()
    if is_taken(settings.host, settings.port):
        _say(taken(settings.port))
        return 1
    stop = Stop()
    stop.on_signals()
    lifeline, _held = os.pipe()  # the other end is ours alone: closed by our death, whatever the cause
    said = Path(tempfile.gettempdir()) / f"cpts-sessions-{secrets.token_hex(16)}"
    children = [
        Child("Le site", "cpts_sessions.cli.web_server", lifeline, said),
        Child("Le travail de fond", "cpts_sessions.cli.worker", lifeline, said),
    ]
    is_fit, is_open = True, False
    while is_fit and not stop.is_set:
        tended = [child.tend() for child in children]
        is_fit = all(tended)
        if not is_open and _is_open(settings.host, settings.port):
            is_open = True
            _say(f"Le site est ouvert : {settings.public_url}")
            _say("Ctrl-C l’arrête.")
        stop.wait(_TURN_SECONDS)
    for child in children:
        child.ask_to_end()
    before = time.monotonic() + _LAST_SECONDS
    for child in children:
        child.end(before)
    said.unlink(missing_ok=True)
    return 0 if is_fit else 1


def _say(sentence: str) -> None:
    print(typo(sentence), flush=True)  # noqa: T201  this is a command


def _is_open(host: str, port: int) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        socket.create_connection((reachable, port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
