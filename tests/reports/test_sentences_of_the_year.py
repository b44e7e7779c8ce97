"""One year against another, and the registers: what the cases of phrases.json do not say."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.core.french import normalise
from cpts_sessions.reports.sentences import registers
from cpts_sessions.reports.sentences.comparisons import Counted, Rate, compared, compared_rates, rate
from cpts_sessions.reports.sentences.grammar import Gender, uncapitalised

ENROLLED = Counted("inscrit distinct", "inscrits distincts", Gender.MASCULINE)
NUMBERS = st.integers(0, 3000)


@given(NUMBERS, NUMBERS)
def test_two_years_are_told_with_their_difference_and_never_in_per_cent(now, before):
    sentence = normalise(compared(ENROLLED, 2027, now, before)).replace(" ", "")
    assert "%" not in sentence
    assert sentence.endswith("2026") or sentence.endswith(")")
    if now and before and now != before:
        assert sentence.endswith(f"({now - before:+d})".replace("-", "\u2212"))
    assert not re.search(r"\b0inscrit", sentence)


def test_a_year_of_which_nothing_is_known_is_no_zero():
    assert normalise(compared(ENROLLED, 2027, 0, None)) == (
        "Aucun inscrit distinct en 2027 (première année, pas de comparaison)"
    )
    assert compared(ENROLLED, 2027, 0, 0) == "Aucun inscrit distinct en 2027, comme en 2026"


def test_a_rate_of_everybody_has_no_percentage_and_one_of_few_no_number():
    everybody, few = Rate(8, 8, 2027), Rate(4, 9, 2026)
    assert normalise(compared_rates("Taux de réponse", everybody, few)) == (
        "Taux de réponse : 8 sur 8 en 2027 ; moins de 5 réponses en 2026"
    )
    assert normalise(rate("Taux de réponse", few)) == "Taux de réponse : moins de 5 réponses en 2026"


def test_requests_are_for_a_tool_at_least_and_for_no_more_tools_than_they_are():
    with pytest.raises(ValueError, match="0 tools"):
        registers.requests_sentence(3, 0, 2027)
    with pytest.raises(ValueError, match="4 tools"):
        registers.requests_sentence(3, 4, 2027)


def test_the_journal_says_its_days():
    assert normalise(registers.step_sentence(date(2025, 5, 1), "stand au forum des internes")) == (
        "1er mai 2025 : stand au forum des internes"
    )
    assert normalise(registers.no_step_sentence(2025)) == "Aucune étape n'a été notée en 2025"


def test_no_amount_makes_no_part_variable():
    assert registers.part_variable_sentence([]) == ""


def test_a_sentence_goes_on_after_a_colon_in_lower_case_but_for_acronyms():
    assert uncapitalised("Les 8 personnes invitées") == "les 8 personnes invitées"
    assert uncapitalised("GAPP et cercles") == "GAPP et cercles"
    assert uncapitalised("") == ""
