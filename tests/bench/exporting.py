"""How long each file of a report takes by its command, in a fresh process, and the memory it takes.

python -m tests.bench.exporting [--sessions 60] [--people 300]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from cpts_sessions.core.transaction import transaction
from cpts_sessions.reports.exports.formats import Format
from tests.processes import environment, free_port
from tests.questionnaires.attacker.proof import installation
from tests.reports.seasons import Season

SESSIONS, PEOPLE = 60, 300
YEAR = 2025
_PROFESSIONS = (
    "sage-femme",
    "medecin-generaliste",
    "masseur-kinesitherapeute",
    "infirmier-liberal",
    "pharmacien",
    "dieteticien",
    "orthophoniste",
)
_SEATS = 12
_ROUNDS = 3

#: Runs a command and tells its seconds of processor, its largest memory in kB and its exit code. A process of its own:
#: what the command weighs is counted from the process that starts it, and ours is the heavier one.
_LAUNCHER = """
import os, subprocess, sys
started = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(started.pid, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


def figures(sessions: int = SESSIONS, people: int = PEOPLE) -> Iterator[tuple[str, float, str, None]]:
    """Write every kind of file, for both audiences, of a season so large."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with installation("sqlite", folder):
            season(sessions, people)
        env = environment(folder, free_port())
        for kind in Format:
            taken = [export(kind, folder, env, public) for public in (False, True) for _ in range(_ROUNDS)]
            yield f"report as {kind}, {sessions} sessions, {people} people, median", _middle(taken, 0), "s", None
            yield f"report as {kind}, processor, median", _middle(taken, 1), "s", None
            yield f"report as {kind}, memory", max(one[2] for one in taken), "MB", None


def _middle(taken: list[tuple[float, float, float]], index: int) -> float:
    return median(one[index] for one in taken)


def season(sessions: int, people: int) -> None:
    """A year of two programmes: so many sessions held in all, twelve people at each, so many people in all."""
    with transaction():
        made = Season(YEAR)
        programmes = [made.programme("gapp"), made.programme("cercle-de-paroles")]
        persons = [made.person(f"Prénom{number}", _PROFESSIONS[number % len(_PROFESSIONS)]) for number in range(people)]
        for number in range(sessions):
            day = date(YEAR, 1, 6) + timedelta(days=number * 345 // sessions)
            held = made.session(programmes[number % 2], day.isoformat(), status="held")
            for seat in range(min(_SEATS, people)):
                person = persons[(number * _SEATS + seat) % people]
                made.register(person, held)
                made.note(person, held)


def export(kind: Format, folder: Path, env: Mapping[str, str], public: bool) -> tuple[float, float, float]:
    """Run the command once; return its seconds, those of the processor, and its memory at most in MB."""
    command = str(Path(sys.executable).with_name("cpts-sessions"))
    output = folder / f"rapport.{kind}"
    words = ["report", "export", "--year", str(YEAR), "--format", kind, "-o", str(output)]
    asked = [sys.executable, "-c", _LAUNCHER, command, *words, *(["--public"] if public else [])]
    started = time.perf_counter()
    told = subprocess.run(asked, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    seconds = time.perf_counter() - started
    processor, memory, code = told.split()
    if int(code) or not output.stat().st_size:
        raise RuntimeError(f"{words} ended with {code}")
    output.unlink()
    return seconds, float(processor), int(memory) / 1024


def main() -> None:
    """Print what was measured, and the load of the machine meanwhile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--people", type=int, default=PEOPLE)
    given = parser.parse_args()
    for name, value, unit, _ in figures(given.sessions, given.people):
        print(f"{name}\t{value:.1f}\t{unit}\tload {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores", flush=True)


if __name__ == "__main__":
    main()
