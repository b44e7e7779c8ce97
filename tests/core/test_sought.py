"""What is typed into a field of search."""

import pytest

from cpts_sessions.core.sought import begins_one, halves, is_near, phone_of, words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  Béatrice  LE MOYNE ", ["beatrice", "le", "moyne"]),
        ("d’Almeida-Roux", ["d", "almeida", "roux"]),
        ("Bœglin", ["boeglin"]),
        ("Cabinet@Example.org", ["cabinet@example.org"]),
        ("anne.", ["anne"]),
        ("« GAPP », GAPP", ["gapp"]),
        ("— % _ \\", []),
    ],
)
def test_words_lose_accents_case_and_hyphens(typed, words):
    assert words_of(typed) == words


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("06 12 34 56 78", "612345678"),
        ("+33 6 12 34 56 78", "612345678"),
        ("0033612345678", "612345678"),
        ("06.12", "612"),
        ("345678", "345678"),
        ("2026", ""),
        ("06 1", ""),
        ("06 12 a", ""),
        ("12/03/2026", ""),
    ],
)
def test_a_telephone_number_is_told_from_a_year_or_a_date(typed, digits):
    assert phone_of(typed) == digits


def test_a_word_begins_another_and_figures_are_whole():
    assert begins_one("lam", ["sophie", "lambert"])
    assert not begins_one("bert", ["sophie", "lambert"])
    assert not begins_one("2", ["2026"])
    assert begins_one("2026", ["2026"])


SLIPS = ["lambertt", "lamert", "lambret", "lanbert", "ambert", "almbert", "lamb"]


@pytest.mark.parametrize("typed", SLIPS)
def test_one_slip_is_forgiven_and_the_database_is_asked_for_a_piece_that_is_there(typed):
    assert is_near(typed, "lambert")
    assert any(piece in "lambert" for piece in halves(typed))


@pytest.mark.parametrize("typed", ["lanbret", "xlambertx", "lbrt", "lom", "bert", "martin"])
def test_two_slips_or_a_short_word_are_not(typed):
    assert not is_near(typed, "lambert")
