"""How the processes of `serve` end together, whatever ends the first of them. Imports nothing heavy."""

import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from typing import Final

FOLLOWED: Final = "CPTS_LIFELINE"  # between our own processes: the end of a pipe that the supervisor holds
SAID: Final = "CPTS_REFUSAL_SAID"  # between them too: a file that whoever says first why nothing starts creates
BAD_SETTINGS: Final = 78  # exit code of a process that will never start better (EX_CONFIG of sysexits.h)


class Stop:
    """Whether this process must end. May be set from a signal handler, where an `Event` could wait for itself."""

    def __init__(self) -> None:
        self.is_set = False
        self._reader, self._writer = os.pipe()

    def set(self, *_signal: object) -> None:
        """Ask to end; `wait` returns at once from now on."""
        self.is_set = True
        os.write(self._writer, b"!")

    def wait(self, seconds: float) -> None:
        """Return after this time, or as soon as the end is asked for."""
        select.select([self._reader], [], [], max(0.0, seconds))

    def on_signals(self) -> None:
        """Set when Ctrl-C is pressed or the end is asked for; a terminal that closes changes nothing."""
        signal.signal(signal.SIGTERM, self.set)
        signal.signal(signal.SIGINT, self.set)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def refuse(why: object) -> None:
    """Say on the error output why nothing starts; once, when the site and the worker both refuse to."""
    said = os.environ.get(SAID)
    try:
        if said:
            os.close(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError:  # said twice rather than never
        pass
    print(why, file=sys.stderr, flush=True)  # noqa: T201  this is a command


def follow(on_end: Callable[[], object]) -> None:
    """Call `on_end` when the supervisor is gone, even killed; nothing happens without a supervisor."""
    pipe = os.environ.pop(FOLLOWED, None)
    if pipe is not None:
        threading.Thread(target=_watch, args=(int(pipe), on_end), daemon=True).start()


def _watch(pipe: int, on_end: Callable[[], object]) -> None:
    while os.read(pipe, 1):  # nobody writes: it returns when the other end is closed
        pass
    on_end()
