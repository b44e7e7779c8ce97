"""The cards of « avant / après », read back from the file that is printed."""

import re
from collections import defaultdict
from io import BytesIO
from itertools import chain

import pytest
import zxingcpp
from pypdf import PdfReader

from cpts_sessions.core.french import normalise
from cpts_sessions.questionnaires import cards
from cpts_sessions.questionnaires.definition import default
from tests.attendance.test_papers import picture
from tests.factories import make_organisation

EFFECTS = default("cercle_effets")


def pages_of(data: bytes) -> list[str]:
    return [" ".join(normalise(page.extract_text()).split()) for page in PdfReader(BytesIO(data)).pages]


def test_eight_cards_hold_on_a_page_each_with_its_scales_twice(app):
    pages = pages_of(cards.card_sheet(make_organisation(), EFFECTS))

    assert len(pages) == 1
    assert "À couper et à distribuer au hasard. Le numéro relie deux réponses d'une même carte" in pages[0]
    for item in EFFECTS.items:
        assert pages[0].count(normalise(item.label)) == 16
        assert [pages[0].count(normalise(end)) for end in item.bounds] == [16, 16]
    assert pages[0].count("0 1 2 3 4 5 6 7 8 9 10") == 64
    assert (pages[0].count("En arrivant"), pages[0].count("Avant de partir")) == (8, 8)


def test_a_number_is_on_both_halves_of_its_card_and_on_no_other(app):
    pages = pages_of(cards.card_sheet(make_organisation(), EFFECTS, count=9))

    halves = [re.findall(r"(En arrivant|Avant de partir) ([A-Z]\d[A-Z]\d)", page) for page in pages]
    assert [len(half) for half in halves] == [16, 2]
    by_number = defaultdict(list)
    for when, number in chain(*halves):
        by_number[number].append(when)
    assert len(by_number) == 9
    assert set(map(tuple, by_number.values())) == {("En arrivant", "Avant de partir")}


def test_numbers_are_all_different_and_never_in_the_same_order():
    drawn = cards.numbers(cards.MOST)

    assert len(set(drawn)) == cards.MOST
    assert drawn != sorted(drawn)
    assert drawn != cards.numbers(cards.MOST)
    assert not set("".join(drawn)) & set("IOQ01")


@pytest.mark.parametrize("count", [0, -1, cards.MOST + 1])
def test_no_card_or_too_many_are_refused(count):
    with pytest.raises(ValueError, match="cards"):
        cards.numbers(count)


def test_the_file_says_nowhere_what_the_group_is(app):
    reader = PdfReader(BytesIO(cards.card_sheet(make_organisation(), EFFECTS)))

    assert cards.FILENAME == "cartes.pdf"
    assert reader.metadata.title == "Cartes avant/après"
    assert "ercle" not in reader.pages[0].extract_text()


def test_each_printed_code_is_read_and_opens_the_card_of_its_number(app):
    drawn = cards.numbers(cards.PER_PAGE_WITH_CODES)
    values = cards.sheet_values(
        make_organisation(), EFFECTS, drawn, "https://cpts.example.org/carte/abcdefghijklmnop/{}".format, "Aujourd’hui."
    )
    found = zxingcpp.read_barcodes(picture("cards", values))
    assert sorted(one.text for one in found) == sorted(
        f"https://cpts.example.org/carte/abcdefghijklmnop/{number}" for number in drawn
    )
