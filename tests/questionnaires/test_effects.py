"""What a table of pairs of marks amounts to; numbers of cards; what waits, in memory."""

from datetime import date
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.questionnaires import tray
from cpts_sessions.questionnaires.definition import LARGEST_BALLOT_BYTES, default
from cpts_sessions.questionnaires.effects import (
    MOST,
    Effect,
    asked_on_cards,
    check_batch,
    counts_of,
    effect_of,
    has_middle_passed,
    marks_of,
    number_of,
)
from cpts_sessions.questionnaires.tray import Tray
from tests.conftest import NOW
from tests.questionnaires.on_cards import card, marks

MARKS = st.integers(0, 10)
EVENING = tray.evening_key(date(2026, 11, 2), 7)


def test_figures_of_a_table_follow_the_way_of_the_question():
    pairs = {(6, 3): 9, (5, 5): 2, (4, 6): 1}
    down = effect_of(pairs, lower_is_better=True)
    assert down == Effect(
        cards=12, before=Fraction(6), after=Fraction(3), mean=Fraction(-25, 12), better=9, same=2, worse=1
    )
    up = effect_of(pairs, lower_is_better=False)
    assert up is not None
    assert (up.better, up.same, up.worse) == (1, 2, 9)


def test_the_median_of_an_even_number_of_cards_may_be_a_half():
    found = effect_of({(4, 7): 3, (5, 8): 3}, lower_is_better=False)
    assert found is not None
    assert (found.before, found.after) == (Fraction(9, 2), Fraction(15, 2))


@pytest.mark.parametrize("pairs", [{}, {(7, 3): 4}, {(7, 3): 1, (7, 4): 3}])
def test_nothing_is_told_of_fewer_than_five_cards(pairs):
    assert effect_of(pairs, lower_is_better=True) is None


@given(st.lists(st.tuples(MARKS, MARKS), min_size=5, max_size=40), st.booleans())
def test_every_figure_is_the_one_of_the_cards_themselves(cards, lower_is_better):
    pairs = {}
    for pair in cards:
        pairs[pair] = pairs.get(pair, 0) + 1
    found = effect_of(pairs, lower_is_better=lower_is_better)
    assert found is not None
    assert found.cards == len(cards) == found.better + found.same + found.worse
    assert found.before == median(before for before, _ in cards)
    assert found.after == median(after for _, after in cards)
    assert found.mean == Fraction(sum(after - before for before, after in cards), len(cards))
    assert found.better == sum((after < before) if lower_is_better else (after > before) for before, after in cards)


def test_only_circles_have_cards_and_every_mark_is_expected():
    asked = asked_on_cards("cercle_eval")
    assert asked is not None
    assert [item.id for item in asked.items if item.is_required] == [one.id for one in default("cercle_effets").items]
    assert asked_on_cards("gapp_eval") is None
    assert asked_on_cards(None) is None


@pytest.mark.parametrize("typed", ["A2B3", "a2b3", " a2 b3 "])
def test_a_number_is_read_however_it_is_typed(typed):
    assert number_of(typed) == "A2B3"


@pytest.mark.parametrize("typed", ["", "A2", "2A3B", "A2B34", "A2B", "À2B3", "A²B3", "A2B3\x00"])
def test_what_no_card_carries_is_no_number(typed):
    with pytest.raises(RuleBroken, match="deux lettres et deux chiffres"):
        number_of(typed)


def test_marks_are_those_of_the_scales():
    asked = asked_on_cards("cercle_eval")
    assert marks_of(asked, {"e1": 0, "e2": 11, "e3": "7", "x": 4}) == {"e1": 0}


def test_a_batch_of_four_or_with_a_hole_is_refused():
    asked = asked_on_cards("cercle_eval")
    check_batch(asked, [card()] * 5)
    with pytest.raises(RuleBroken, match="Moins de 5 cartes"):
        check_batch(asked, [card()] * 4)
    for broken in ({"e1": 4}, marks(1, 2, 3, 11)):
        with pytest.raises(RuleBroken, match="une note à chaque ligne"):
            check_batch(asked, [*[card()] * 5, type(card())(marks(1, 1, 1, 1), broken)])


def test_pairs_are_counted_by_question():
    assert counts_of([card(7, 3), card(7, 3), card(2, 2)], "e1") == {(7, 3): 2, (2, 2): 1}


def test_the_second_half_of_a_session_is_the_one_of_leaving():
    start, end = NOW, NOW.replace(hour=11)
    assert [has_middle_passed(start, end, NOW.replace(hour=9 + n)) for n in range(3)] == [False, True, True]


def test_what_waits_is_the_same_once_written_and_read():
    held = Tray()
    held.arrive(EVENING, "A2B3", marks(1, 2, 3, 4))
    held.arrive(EVENING, "C4D5", marks(5, 6, 7, 8))
    held.leave(EVENING, "C4D5", marks(0, 0, 0, 10))
    again = tray.read(tray.write(held))
    assert again == held
    assert [one.before for one in again.complete] == [marks(5, 6, 7, 8)]


def test_what_waits_says_neither_the_number_of_a_complete_card_nor_the_order_of_coming():
    def written(numbers):
        held = Tray()
        for number in numbers:
            held.arrive(EVENING, number, marks(*[ord(number[0]) % 10] * 4))
        for number in reversed(numbers):
            held.leave(EVENING, number, marks(1, 1, 1, 1))
        return tray.write(held)

    assert written(["A2B3", "C4D5", "E6F7"]) == written(["E6F7", "A2B3", "C4D5"])
    assert b"A2B3" not in written(["A2B3"]).split(b'"used"')[0]


def test_four_complete_cards_are_not_taken_and_five_are_once():
    held = Tray(complete=[card()] * 4)
    assert held.take() == []
    held.complete.append(card(1, 1))
    assert len(held.take()) == 5
    assert held.take() == []


def test_an_evening_has_room_for_a_sheet_of_cards_and_no_more():
    held = Tray()
    for n in range(MOST):
        held.arrive(EVENING, f"A{n // 10}B{n % 10}", marks(10, 10, 10, 10))
    with pytest.raises(RuleBroken, match="plus de place"):
        held.arrive(EVENING, "Z9Z9", marks(1, 1, 1, 1))
    held.arrive(EVENING, "A0B0", marks(1, 1, 1, 1))  # hers: she changes her mind
    assert len(tray.write(held)) <= LARGEST_BALLOT_BYTES


def test_more_than_can_be_sealed_is_refused():
    held = Tray()
    with pytest.raises(RuleBroken, match="plus de place"):  # noqa: PT012
        for evening in range(9):
            for n in range(MOST):
                held.arrive(f"{EVENING}{evening}", f"A{n // 10}B{n % 10}", marks(10, 10, 10, 10))
        tray.write(held)


def test_cards_begun_on_earlier_days_are_dropped_and_complete_ones_stay():
    held = Tray()
    held.arrive(EVENING, "A2B3", marks(1, 2, 3, 4))
    held.arrive(EVENING, "C4D5", marks(1, 2, 3, 4))
    held.leave(EVENING, "C4D5", marks(1, 2, 3, 4))
    held.forget_before(date(2026, 11, 2))
    assert (held.begun, held.used) != ({}, {})
    held.forget_before(date(2026, 11, 3))
    assert (held.begun, held.used, len(held.complete)) == ({}, {}, 1)
