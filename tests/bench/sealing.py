"""How long one answer takes in a large box: every slot is sealed anew.

python -m tests.bench.sealing [--slots 40]
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from cpts_sessions.questionnaires import services
from tests import databases
from tests.bench.client import percentile
from tests.questionnaires.attacker.proof import installation
from tests.questionnaires.boxes import ballot, collecting

ANSWERS = 60


def answer_times(engine: str, slots: int) -> list[float]:
    """Return the seconds of each answer, from the call of the service to the commit on the disk."""
    with tempfile.TemporaryDirectory() as folder, installation(engine, Path(folder)):
        box, tokens = collecting(slots)
        organisation_id, took = box.organisation_id, []
        for token in random.Random(1).choices(tokens, k=ANSWERS):
            started = time.perf_counter()
            services.answer(organisation_id, token, ballot("un mot"))
            took.append(time.perf_counter() - started)
        return took


def main() -> None:
    """Print the median and the slowest, on each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slots", type=int, default=40)
    given = parser.parse_args()
    for engine in databases.ENGINES:
        took = answer_times(engine, given.slots)
        median, slowest = (f"{seconds * 1000:.1f} ms" for seconds in (percentile(took, 0.5), max(took)))
        print(f"{engine}: {given.slots} slots sealed anew, median {median}, slowest {slowest}", flush=True)


if __name__ == "__main__":
    main()
