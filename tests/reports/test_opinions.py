"""What is said of answers is what their figures say, whatever they are."""

import re
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cpts_sessions.core.french import normalise, punctuate
from cpts_sessions.reports.sentences import citations, effects, opinions, response_rate
from cpts_sessions.reports.sentences.grammar import Gender
from cpts_sessions.reports.sentences.opinions import Statement

RETURN = Statement("souhaite", "souhaitent", "poursuivre ou revenir")
RHYTHM = Statement("estime", "estiment", "le rythme adapté")
HELP = Statement("juge", "jugent", "l’accompagnement adapté à sa situation", "l’accompagnement adapté à leur situation")
STATEMENTS = st.sampled_from([RETURN, RHYTHM, HELP])
QUANTITIES = re.compile(r"unanim|majorité|moitié|minorité|la plupart|globalement|très|souvent")
WITHHELD = "Moins de 5 réponses : résultat non publié"
WORDS = ["bienveillante", "équilibrée", "rassurante", "structurée", "trop directive"]


def numbers(sentence):
    return [int(n) for n in re.findall(r"\d+", normalise(sentence))]


@st.composite
def parts(draw, most=400):
    whole = draw(st.integers(1, most))
    return draw(st.integers(0, whole)), whole


@given(parts(), STATEMENTS)
def test_the_word_of_quantity_is_the_one_its_figures_allow(given_, statement):
    part, whole = given_
    told = normalise(opinions.opinion(part, whole, statement))
    if whole < 5:
        assert told == WITHHELD
        return
    word = QUANTITIES.findall(told)
    if part == whole:
        assert word == ["unanim"]
    elif part > whole / 2:
        assert word == ["majorité"]
    elif part == whole / 2:
        assert word == ["moitié"]
    else:
        assert word == (["minorité"] if part > 1 else [])
    assert told.startswith("Aucun des") == (part == 0)
    assert told.startswith("1 répondant sur ") == (part == 1)


@given(parts(), STATEMENTS)
def test_every_number_of_an_opinion_is_right(given_, statement):
    part, whole = given_
    assume(whole >= 5)
    told = opinions.opinion(part, whole, statement)
    if part == 0:
        assert numbers(told) == [whole]
    elif part == whole:
        assert numbers(told) == [whole, whole]
    else:
        *counts, rate = numbers(told)
        assert counts == [part, whole]
        assert 1 <= rate <= 99
        assert rate in (1, 99) or abs(Fraction(100 * part, whole) - rate) <= Fraction(1, 2)


@given(parts(), STATEMENTS)
def test_the_verb_agrees_with_its_subject(given_, statement):
    part, whole = given_
    assume(whole >= 5)
    told = normalise(opinions.opinion(part, whole, statement))
    many = part == whole
    assert (f" {statement.plural} " in told) == many
    assert bool(re.search(rf"[ ']{statement.singular} ", told)) == (not many)
    assert ("leur situation" in told) == (many and statement is HELP)


@given(st.integers(0, 30), st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_the_counts_by_option_are_all_said_and_only_once(positive, others):
    mentions = [(f"mention de « {word} »", count) for word, count in zip(WORDS, others, strict=False)]
    told = normalise(opinions.against("oui", positive, mentions))
    assert numbers(told) == [n for n in [positive, *others] if n]
    assert ("aucune réponse" in told, "aucune autre" in told) == (positive == 0, not any(others))
    assert len(re.findall(r"\bmentions\b", told)) == sum(n > 1 for n in others)
    assert len(re.findall(r"\bmention\b", told)) == others.count(1)


@st.composite
def chosen(draw):
    whole = draw(st.integers(1, 40))
    return [(word, draw(st.integers(0, whole) | st.just(whole))) for word in WORDS], whole


@given(chosen())
def test_each_word_of_the_animation_is_under_the_quantity_it_reached(given_):
    counts, whole = given_
    told = normalise(opinions.perception(counts, whole))
    if whole < 5:
        assert told == WITHHELD
        return
    by_word = dict(counts)
    assert ("unanimement" in told) == (whole in by_word.values())
    unanimous, _, rest = told.partition(" ; ") if "unanimement" in told else ("", "", told)
    for word, count in counts:
        assert (word in unanimous) == (count == whole)
        in_majority = re.search("majorité (la|perçoit)", rest) and word in rest
        assert bool(in_majority) == (whole / 2 < count < whole)
        if word in rest and count < whole:
            assert f"« {word} » ({count} sur {whole}, " in rest
    assert ("aucun mot ne réunit la majorité" in told) == (0 < max(by_word.values()) <= whole / 2)
    assert told.startswith("Aucun mot n'est choisi") == (not any(by_word.values()))


@given(chosen())
def test_what_is_cited_comes_in_order_with_its_figures(given_):
    counts, whole = given_
    assume(whole >= 5)
    told = normalise(citations.citations(counts, whole, "effet", "effets", Gender.MASCULINE))
    expected = sorted((count for _, count in counts if count), reverse=True)
    assert [int(n) for n in re.findall(r"\((\d+) sur", told)] == expected
    assert told.startswith("Aucun effet cité par") == (not expected)
    assert told.startswith("Effet cité : ") == (len(expected) == 1)
    assert told.startswith("Effets cités : ") == (len(expected) > 1)
    assert not re.search(r"\b(0|100) %", told)


@given(st.integers(0, 60), st.integers(0, 60), st.data())
def test_the_rate_of_answers_is_only_given_when_it_means_something(answers, invited, data):
    paper = data.draw(st.integers(0, answers))
    rate, sentence = (
        normalise(told(answers, invited, paper))
        for told in (response_rate.response_rate, response_rate.response_sentence)
    )
    if answers < 5:
        assert rate == sentence == "Moins de 5 réponses, reportées à l'année suivante"
        return
    assert ("%" in rate) == ("%" in sentence) == (paper < answers < invited)
    assert not re.search(r"\b(0|100) %", rate)
    assert ("sur papier" in rate) == ("sur papier" in sentence) == (paper > 0)
    assert ("toutes sur papier" in rate) == ("toutes sur papier" in sentence) == (paper == answers)
    assert answers in numbers(rate)
    assert answers in numbers(sentence)


@given(st.integers(5, 60), st.integers(5, 60), st.integers(0, 60), st.fractions(-10, 10))
def test_the_mean_difference_is_nil_only_when_it_is(better, same, worse, mean):
    change = effects.Change(better + same + worse, Fraction(6), Fraction(9, 2), mean, better, same, worse)
    told = normalise(effects.effect("Le stress", change))
    assert ("écart moyen nul" in told) == (mean == 0)
    assert "0 point" not in told.replace("10 point", "")
    assert told.endswith(f"mieux pour {better}, stable pour {same}, moins bien pour {worse or 'aucune'}")
    shown = re.search(r"moyen : (−?)(\d+),?(\d?) (points?)\)", told)
    if shown:
        value = int(shown[2]) + int(shown[3] or 0) / 10
        assert (shown[1] == "−") == (mean < 0)
        assert abs(abs(float(mean)) - value) <= 0.05 + 1e-9
        assert shown[4] == ("point" if value < 2 else "points")


def test_a_half_of_a_hundredth_of_a_point_is_not_nil():
    change = effects.Change(200, Fraction(5), Fraction(5), Fraction(1, 200), 1, 199, 0)
    assert "(écart moyen de moins de 0,1 point)" in normalise(effects.effect("Le stress", change))


def test_nothing_is_said_of_four_answers_or_four_cards():
    assert normalise(opinions.perception([("bienveillante", 4)], 4)) == WITHHELD
    assert normalise(citations.citations([("Prendre du recul", 4)], 4, "effet", "effets", Gender.MASCULINE)) == WITHHELD
    change = effects.Change(4, Fraction(6), Fraction(3), Fraction(-3), 4, 0, 0)
    assert normalise(effects.effect("Le stress", change)) == "Moins de 5 cartes complètes : résultat non publié"


def test_more_answers_than_invitations_give_no_rate():
    assert normalise(response_rate.response_rate(7, 6)) == "7 réponses reçues pour 6 personnes invitées"
    assert normalise(response_rate.response_sentence(7, 0)) == "7 réponses ont été reçues"


def test_a_question_that_nobody_used_is_said_plainly():
    assert normalise(opinions.perception([("bienveillante", 0)], 6)) == (
        "Aucun mot n'est choisi par les 6 répondants pour qualifier l'animation"
    )


def test_one_theme_is_singular():
    assert citations.themes([("salle", 2)]) == punctuate("Thème relevé dans les commentaires : salle (2)")


def test_figures_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="no part"):
        opinions.opinion(7, 6, RETURN)
    with pytest.raises(ValueError, match="no part"):
        opinions.perception([("bienveillante", 7)], 6)
    with pytest.raises(ValueError, match="on paper"):
        response_rate.response_rate(5, 6, 6)
    with pytest.raises(ValueError, match="every card"):
        effects.Change(5, Fraction(6), Fraction(3), Fraction(-3), 4, 0, 0)
