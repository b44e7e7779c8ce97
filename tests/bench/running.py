"""Real processes on loopback, ended by their process id."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import READY_SECONDS


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
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=READY_SECONDS):
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
