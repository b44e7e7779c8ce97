"""`python -m tests.faults.opening`, on each engine: a process of its own, since it kills its children."""

import subprocess
import sys


def test_killed_at_any_step_of_an_opening_all_answers_are_there_or_none(engine_name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.opening", "--engine", engine_name],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
