"""The stories of a session at length, one process per core, each with a database of its own.

python -m tests.registrations.prove_seats [--runs 10000] [--steps 50] [--engine sqlite|postgresql] [--seed 1]
"""

import argparse
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import time_machine
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from cpts_sessions.extensions import db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.web.site import create_app
from tests import conftest, databases
from tests.registrations.acts import MAY, NEW
from tests.registrations.story import Story

Seen = Counter[tuple[str, str | None, str]]


def at_length(runs: int, steps: int, *, derandomize: bool = False) -> settings:
    """Return how many stories are told, and how long they are; the first that breaks is shown as it came."""
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        derandomize=derandomize,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def tell(engine: str, runs: int, steps: int, chance: int) -> tuple[str | None, Counter[str], Seen]:
    """Tell stories in this process; return what broke, how often each act was done, and what it changed."""
    with tempfile.TemporaryDirectory() as name, databases.database(engine, Path(name)) as url:
        app = create_app(conftest.settings(Path(name), url))
        with app.app_context(), time_machine.travel(conftest.NOW, tick=False) as clock:
            upgrade()
            if engine == "sqlite":
                conftest.do_not_wait_for_the_disk(db.engine)
                db.engine.dispose()
            Story.clock = clock
            broken = None
            try:
                run_state_machine_as_test(seed(chance)(Story), settings=at_length(runs, steps))
            except BaseException:
                broken = traceback.format_exc()
            db.session.remove()
            db.engine.dispose()
    return broken, Story.acts, Story.seen


def main() -> None:
    """Print what the stories showed; exit code 1 when a promise was broken, or a change was never met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--engine", choices=databases.ENGINES, default="sqlite")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    chance = random.SystemRandom().getrandbits(32) if given.seed is None else given.seed
    parts = [(given.runs + n) // given.processes for n in range(given.processes)]
    begun = time.monotonic()
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        under_way = [
            pool.submit(tell, given.engine, part, given.steps, chance + n) for n, part in enumerate(parts) if part
        ]
        results = [one.result() for one in under_way]
    acts, seen = sum((one[1] for one in results), Counter()), sum((one[2] for one in results), Counter())
    broken = [one[0] for one in results if one[0]]
    done = f"{given.runs} stories of at most {given.steps} steps, {acts.total()} acts ({acts['refused']} refused)"
    print(f"{given.engine}, {done}, {seen.total()} changes, seed {chance}, {time.monotonic() - begun:.0f} s")
    for (act, was, state), n in sorted(seen.items(), key=str):
        print(f"  {act}: {was or 'new'} -> {state}: {n}")
    possible = {(act, was, state) for act, pairs in MAY.items() for was, state in pairs}
    possible |= {(act, None, state) for act, states in NEW.items() for state in states}
    for act, was, state in sorted(possible - seen.keys(), key=str):
        print(f"  {act}: {was or 'new'} -> {state}: never met")
    print("\n".join(broken) if broken else "every promise held")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
