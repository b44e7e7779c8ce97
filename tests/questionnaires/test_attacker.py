"""The short form of `python -m tests.questionnaires.attacker`, on each engine, through the pages of the application."""

import contextvars
import random

import pytest
from flask import Flask

from tests.conftest import Browser
from tests.factories import make_organisation
from tests.questionnaires.attacker.proof import attack_boxes, attack_naive, broken

CAMPAIGNS = 12


@pytest.fixture
def chance() -> random.Random:
    """Other campaigns at each run: the bound holds for all of them."""
    return random.Random(random.SystemRandom().getrandbits(64))


def test_an_attacker_with_every_copy_finds_no_more_than_chance(
    app: Flask, browser: Browser, chance: random.Random
) -> None:
    def send(path: str, fields: dict[str, object]) -> int:
        return contextvars.Context().run(lambda: browser.post(path, data=fields).status_code)

    found = attack_boxes(make_organisation().id, CAMPAIGNS, send, chance)

    assert found.most <= found.bound, found.totals.most_common(3)


def test_the_same_attacker_finds_nearly_everything_where_nothing_is_done_against_it(
    app: Flask, engine_name: str, chance: random.Random
) -> None:
    assert broken(attack_naive(3, chance), engine_name) == {}
