"""The short form of `python -m tests.faults.kill`, on each engine."""

import random
from pathlib import Path

from tests.faults.kill import CAPACITY, sign_up_and_kill


def test_killed_in_the_middle_of_sign_ups_nothing_acknowledged_is_lost(engine_name: str, tmp_path: Path) -> None:
    outcome = sign_up_and_kill(engine_name, tmp_path, sign_ups=40, times=1, at_once=True, chance=random.Random(2026))

    assert (outcome.faults, outcome.seats) == ([], CAPACITY)
    assert len(outcome.acknowledged) + len(outcome.unanswered) == 40
    assert len(outcome.unanswered) <= 8  # those whose telephone was speaking
