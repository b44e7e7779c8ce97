"""The `cpts-sessions` command, before anything is imported: what runs for long starts at once, in a small process."""

import gc
import os
import sys
from typing import Final, NoReturn

PROCESSES: Final = {
    "serve": "cpts_sessions.cli.supervisor",
    "web": "cpts_sessions.cli.web_server",
    "worker": "cpts_sessions.cli.worker",
}


def main() -> None:
    """Entry point of the console script."""
    if len(sys.argv) == 2 and sys.argv[1] in PROCESSES:
        become(sys.argv[1])
    gc.set_threshold(50_000)  # what is loaded is kept: looking for what could go takes a seventh of a short command
    from cpts_sessions.cli.main import main as run_command

    run_command()


def become(name: str) -> NoReturn:
    """Replace this process by the one of that name."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", PROCESSES[name]])
