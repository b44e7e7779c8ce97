"""Commands and servers of the tests are real processes; what all who start one need."""

import itertools
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

READY_SECONDS = 90.0
_LOOK_SECONDS = 0.05

#: What the environment of the person who runs the tests says of her own installation.
_OURS = ("CPTS_", "DATABASE_URL", "PUBLIC_URL", "SMTP_URL", "PORT", "HOST", "TRUSTED_PROXIES", "DEMO")


def free_port() -> int:
    """Return a port of loopback where nobody listens, and that nobody else is given before a server has started on it.

    Below those the system gives to whoever connects, each once, another part of them for each worker of a run.
    """
    for port in _ports:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable")


def _own_ports() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    first, start = 11_000 + 2_000 * worker, random.randrange(2_000)
    return (first + number % 2_000 for number in itertools.count(start))


_ports = _own_ports()


def until(is_so: Callable[[], bool], what: str, seconds: float = READY_SECONDS) -> None:
    """Look until something is so.

    Raises:
        TimeoutError: it was not so in time; `what` says what was waited for.
    """
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(what)
        pause.wait(_LOOK_SECONDS)


def with_settings(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of whoever runs the tests, with these settings of the application and no other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | dict(settings)


def environment(folder: Path, port: int, **changes: str) -> dict[str, str]:
    """Return the environment of an installation that lives in a folder."""
    return with_settings({"CPTS_DATA_DIR": str(folder), "PORT": str(port), **changes})


def command(*arguments: str, env: Mapping[str, str]) -> str:
    """Run one `cpts-sessions` command to its end in this environment, and return what it printed.

    Raises:
        RuntimeError: it failed; what it said is in the message.
    """
    done = subprocess.run(
        [str(Path(sys.executable).with_name("cpts-sessions")), *arguments],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stdout}{done.stderr}")
    return done.stdout
