"""Slots as they are typed: one date a line, each with its own hour when it has one."""

from datetime import UTC, datetime, time, timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.polls.slots import typed_slots

TWO_HOURS = timedelta(hours=2)


def test_each_line_is_a_slot_at_the_common_hour_or_at_its_own():
    typed = "16/01/2027 10:00\n\nmardi 12 janvier 2027\n2027-01-14 à 18 h 30\n12/01/2027"
    assert typed_slots(typed, time(20), TWO_HOURS) == [
        (datetime(2027, 1, 12, 19, 0, tzinfo=UTC), datetime(2027, 1, 12, 21, 0, tzinfo=UTC)),
        (datetime(2027, 1, 14, 17, 30, tzinfo=UTC), datetime(2027, 1, 14, 19, 30, tzinfo=UTC)),
        (datetime(2027, 1, 16, 9, 0, tzinfo=UTC), datetime(2027, 1, 16, 11, 0, tzinfo=UTC)),
    ]
    assert typed_slots("12/01/2027", time(20), None) == [(datetime(2027, 1, 12, 19, 0, tzinfo=UTC), None)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Proposez au moins un créneau."),
        ("12/01/2027 25 h", "cette heure n’existe pas"),
        ("demain soir", "Date non comprise"),
        ("lundi 12 janvier 2027", "cette date est un mardi"),
    ],
)
def test_what_is_not_a_slot_is_said(typed, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        typed_slots(typed, time(20), TWO_HOURS)
