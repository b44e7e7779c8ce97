"""Real processes on loopback, ended by their process id."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_S = 30.0


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def environment(folder: Path, port: int, **changes: str) -> dict[str, str]:
    """Return the settings of an installation that lives in a folder, and nothing of the caller's own."""
    ours = ("CPTS_", "DATABASE_URL", "PUBLIC_URL", "SMTP_URL", "PORT", "HOST", "TRUSTED_PROXIES")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "CPTS_DATA_DIR": str(folder), "PORT": str(port), **changes}


def command(*arguments: str, env: dict[str, str]) -> str:
    """Run one `cpts-sessions` command to its end and return what it printed.

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


@contextmanager
def running(
    *arguments: str, env: dict[str, str], path: str = "/healthz"
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Run a server until the end of the block; give its process, and the seconds to its first answer."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *arguments], env=env, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{env['PORT']}{path}", process)
        yield process, time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the page answers 200.

    Raises:
        RuntimeError: the process ended, or nothing answered in time.
    """
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"{url} did not answer")


def memory_mb(root: int) -> float:
    """Return the resident memory of a process and of all below it, shared pages counted once each (PSS), in MB."""
    total = 0
    for pid in family(root):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def family(root: int) -> list[int]:
    """Return a process and all its descendants (Linux)."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found
