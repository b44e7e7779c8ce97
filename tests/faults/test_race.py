"""200 people for 12 places at the same instant, through the real server."""

import pytest

from tests import databases
from tests.bench.race import race


@pytest.mark.parametrize("engine", databases.ENGINES)
def test_two_hundred_at_once_for_twelve_places(engine: str) -> None:
    found = race(engine, people=200, places=12)

    assert found == {
        "answers": {303: 200},
        "by_status": {"confirmed": 12, "waiting": 188},
        "outbox_rows": 200,
        "ranks": list(range(1, 189)),
    }
