"""What the questionnaires ask, and what may be answered."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.questionnaires.definition import (
    LARGEST_BALLOT_BYTES,
    LONG_TEXT_LENGTH,
    SHORT_TEXT_LENGTH,
    Answers,
    Item,
    Kind,
    Questionnaire,
    check,
    decode,
    default,
    defaults,
    encode,
    largest_bytes,
    option_of,
    parse,
)

CIRCLES = default("cercle_eval")
GAPP = default("gapp_eval")
UNKNOWN = "Ce choix n’est pas dans la liste. Choisissez-en un autre."
HIGHEST = "\U0010fffd"  # four bytes in UTF-8


def asking(*items: object) -> str:
    return json.dumps({"titre": "Essai", "duree_min": 1, "intro": "", "items": items})


def longest_answers(questionnaire: Questionnaire) -> Answers:
    answers: Answers = {}
    for item in questionnaire.items:
        if item.kind is Kind.MULTIPLE:
            answers[item.id] = list(item.options)
        elif item.kind is Kind.MATRIX:
            answers[item.id] = {row: max(item.options, key=lambda option: len(option.encode())) for row in item.rows}
        elif item.kind is Kind.SINGLE:
            answers[item.id] = max(item.options, key=lambda option: len(option.encode()))
        elif item.kind is Kind.SCALE:
            answers[item.id] = 10
        else:
            answers[item.id] = HIGHEST * item.length
        if item.precision:
            answers[item.id + "-precision"] = HIGHEST * SHORT_TEXT_LENGTH
        if item.complement:
            answers[item.id + "-complement"] = list(item.complement)
    return answers


def test_two_questionnaires_may_be_chosen_and_the_one_of_the_cards_is_apart():
    assert [(read.key, read.title, read.minutes, len(read.items)) for read in defaults()] == [
        ("cercle_eval", "Votre avis sur les cercles de paroles", 3, 8),
        ("gapp_eval", "Votre avis sur les GAPP", 4, 12),
    ]
    cards = default("cercle_effets")
    assert cards.is_twice
    assert [(item.id, item.kind, item.lower_is_better) for item in cards.items] == [
        ("e1", Kind.SCALE, True),
        ("e2", Kind.SCALE, True),
        ("e3", Kind.SCALE, True),
        ("e4", Kind.SCALE, False),
    ]


def test_a_question_says_what_makes_its_sentence():
    asked = CIRCLES.item("c5")
    assert asked == Item(
        id="c5",
        kind=Kind.SINGLE,
        label="Souhaitez-vous poursuivre ou revenir ?",
        options=("Oui", "Non", "Je ne sais pas"),
        is_required=True,
        positive="Oui",
        mentions={"Non": "« non »", "Je ne sais pas": "« je ne sais pas »"},
    )


@pytest.mark.parametrize("name", ["../definition", "nobody", "cercle_eval.json", ""])
def test_there_is_no_other_questionnaire(name: str):
    with pytest.raises(KeyError):
        default(name)


@pytest.mark.parametrize("questionnaire", [*defaults(), default("cercle_effets")], ids=lambda read: read.key)
def test_the_longest_answers_fit_a_ballot(questionnaire: Questionnaire):
    ballot = encode(questionnaire, longest_answers(questionnaire))
    assert len(ballot) <= largest_bytes(questionnaire) <= LARGEST_BALLOT_BYTES
    assert decode(ballot) == longest_answers(questionnaire)


def test_a_questionnaire_whose_answers_could_outgrow_a_ballot_is_refused():
    long = [{"id": f"q{n}", "type": "texte_long", "label": "?"} for n in range(4)]
    assert len(parse("three", asking(*long[:3])).items) == 3
    with pytest.raises(RuleBroken, match="trop long"):
        parse("four", asking(*long))


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        "{}",
        asking(),
        asking({"id": "q", "type": "curseur", "label": "?"}),
        asking({"id": "q", "type": "choix_unique", "label": "?"}),
        asking({"id": "q-precision", "type": "texte_court", "label": "?"}),
        asking({"id": "q", "type": "echelle_0_10", "label": "?"}),
        asking({"id": "q", "type": "matrice", "label": "?", "options": ["Oui"]}),
        asking({"id": "q", "type": "choix_unique", "label": "?", "options": ["Oui"], "positive": "Non"}),
        asking(*[{"id": "q", "type": "texte_court", "label": "?"}] * 2),
    ],
)
def test_a_file_that_is_no_questionnaire_is_refused(broken: str):
    with pytest.raises(RuleBroken):
        parse("broken", broken)


def test_only_expected_answers_are_asked_for():
    assert check(CIRCLES, {}) == dict.fromkeys(("c1", "c2", "c5"), "Cette question attend une réponse.")
    assert check(CIRCLES, {"c1": "Oui", "c2": ["Structurée"], "c5": "Non"}) == {}
    assert check(CIRCLES, {"c6": ["Horaire"]}, every_required=False) == {}


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"c1": "Peut-être"}, {"c1": UNKNOWN}),
        ({"c1": ["Oui"]}, {"c1": UNKNOWN}),
        ({"c1": 1}, {"c1": UNKNOWN}),
        ({"c2": "Structurée"}, {"c2": UNKNOWN}),
        ({"c2": ["Structurée", "Structurée"]}, {"c2": UNKNOWN}),
        ({"c2": [["Structurée"]]}, {"c2": UNKNOWN}),
        ({"c3": {"je peux m’exprimer librement": "Oui"}}, {"c3": UNKNOWN}),
        ({"c3": {"autre chose": "Tout à fait"}}, {"c3": UNKNOWN}),
        ({"c3": {"je peux m’exprimer librement": "Tout à fait"}}, {}),
        (
            {"c8": "a" * (LONG_TEXT_LENGTH + 2)},
            {"c8": "Le texte compte 2 caractères de trop. Raccourcissez-le."},
        ),
        (
            {"c2-precision": "a" * (SHORT_TEXT_LENGTH + 1)},
            {"c2": "Le texte compte 1 caractère de trop. Raccourcissez-le."},
        ),
        ({"c8": "a\x00"}, {"c8": "Cette réponse contient des signes illisibles. Saisissez-la de nouveau."}),
        ({"c8": "deux\nlignes 🙂 et « l’été »"}, {}),
    ],
)
def test_what_is_wrong_is_said_beside_its_question(answers: Answers, wrong: dict[str, str]):
    assert check(CIRCLES, answers, every_required=False) == wrong


@pytest.mark.parametrize(
    ("mark", "known"), [(0, True), (10, True), (11, False), (-1, False), (True, False), ("5", False)]
)
def test_a_mark_goes_from_0_to_10(mark: int, known: bool):
    assert check(default("cercle_effets"), {"e1": mark}) == ({} if known else {"e1": UNKNOWN})


def test_only_answers_to_the_questionnaire_are_written_on_a_ballot():
    for wrong in ({"c1": "Peut-être"}, {"g1": "Oui"}, {"c1-precision": "x"}, {"c9": "?"}):
        with pytest.raises(RuleBroken):
            encode(CIRCLES, wrong)  # type: ignore[arg-type]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=LONG_TEXT_LENGTH))
def test_every_readable_text_comes_back_as_it_was(text: str):
    assert decode(encode(CIRCLES, {"c8": text})) == {"c8": text}


def test_a_ballot_keeps_the_order_of_the_questions():
    answers: Answers = {"c5": "Oui", "c2-precision": "douce", "c2": ["Autre"], "c1": "Oui"}
    assert list(decode(encode(CIRCLES, answers))) == ["c1", "c2", "c2-precision", "c5"]


@pytest.mark.parametrize("ballot", [b"", b"[]", b"1", b"{", b"\xff"])
def test_what_is_no_ballot_is_not_read(ballot: bytes):
    with pytest.raises(ValueError, match="no ballot"):
        decode(ballot)


def test_an_option_is_recognised_whatever_its_spaces_and_apostrophes():
    assert option_of(GAPP.item("g7").options, " Aucun effet pour l'instant") == "Aucun effet pour l’instant"
    assert option_of(GAPP.item("g9").options, "Midi (12\u00a0h\u00a030 – 14\u00a0h)") == "Midi (12 h 30 – 14 h)"
    assert option_of(GAPP.item("g4").options, "adapté") is None
