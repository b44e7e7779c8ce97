"""Whatever happens to a session, in whatever order: what is promised of seats, lists, mails and agendas holds."""

import os

import time_machine
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import NOW
from tests.registrations.prove_seats import at_length
from tests.registrations.story import Story

RUNS = int(os.environ.get("RUNS", "10"))
STEPS = 30


def test_whatever_happens_in_whatever_order_what_is_promised_holds(app):
    with time_machine.travel(NOW, tick=False) as clock:
        Story.clock = clock
        run_state_machine_as_test(Story, settings=at_length(RUNS, STEPS, derandomize="RUNS" not in os.environ))
