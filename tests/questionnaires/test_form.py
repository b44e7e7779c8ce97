"""What a page sends becomes answers, whatever is sent."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.questionnaires.definition import Answers, check, default, encode
from cpts_sessions.questionnaires.form import MOST_KEPT, read_form

CIRCLES = default("cercle_eval")
NAMES = ["c1", "c2", "c2-precision", "c3-0", "c3-9", "c3", "c4", "c5", "c6", "c7-precision", "c8", "c9", "csrf_token"]


def read(query: str, key: str = "cercle_eval") -> Answers:
    sent = parse_qs(query, keep_blank_values=True)
    return read_form(default(key), lambda name: sent.get(name, []))


def test_each_kind_of_question_is_read():
    assert read("c1=0&c2=1&c2=0&c3-0=3&c3-2=1&c8=Merci+%21%0D%0AÀ+bientôt") == {
        "c1": "Oui",
        "c2": ["Équilibrée", "Bienveillante"],
        "c3": {"je peux m’exprimer librement": "Tout à fait", "la confidentialité est respectée": "Plutôt non"},
        "c8": "Merci !\nÀ bientôt",
    }
    assert read("e1=0&e2=10&e3=", "cercle_effets") == {"e1": 0, "e2": 10}
    assert read("g9=1&g9-complement=0&g9-complement=4", "gapp_eval") == {
        "g9": ["Fin d’après-midi (17 h – 19 h)"],
        "g9-complement": ["lundi", "vendredi"],
    }


def test_what_is_left_alone_is_no_answer():
    assert read("c1=&c8=++%0A&c2-precision=+") == {}


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ("c2=6&c2-precision=très+douce", {"c2": ["Autre"], "c2-precision": "très douce"}),
        ("c2-precision=très+douce", {"c2": ["Autre"], "c2-precision": "très douce"}),
        ("c7-precision=une+affiche", {"c7": "Autre", "c7-precision": "une affiche"}),
        ("c7=1&c7-precision=une+affiche", {"c7": "Site de la CPTS"}),
        ("c1=0&c1-precision=jamais+demandée", {"c1": "Oui"}),
    ],
)
def test_words_beside_another_choice_go_with_that_choice(query: str, answers: Answers):
    assert read(query) == answers


def test_a_choice_that_is_not_offered_is_pointed_out():
    wrong = check(CIRCLES, read("c1=99&c2=0&c2=x&c3-0=-1&c5=٣"), every_required=False)
    assert list(wrong) == ["c1", "c2", "c3", "c5"]
    assert list(check(default("cercle_effets"), read("e1=11&e2=-1&e3=010", "cercle_effets"))) == ["e1", "e2", "e3"]


def test_a_choice_sent_twice_is_one_choice():
    assert read("c2=0&c2=0&c1=0&c1=1") == {"c1": "Oui", "c2": ["Bienveillante"]}


def test_characters_that_nobody_sees_go_and_a_huge_text_is_cut_and_refused():
    assert read("c8=a%00b%1b%E2%80%A8c") == {"c8": "a b \nc"}
    huge = read("c8=" + "a" * 100_000)
    assert huge == {"c8": "a" * MOST_KEPT}
    assert check(CIRCLES, huge, every_required=False) == {
        "c8": "Le texte compte 3800 caractères de trop. Raccourcissez-le."
    }


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=60), max_size=4)))
def test_whatever_is_sent_is_either_refused_or_fits_a_ballot(sent: dict[str, list[str]]):
    answers = read_form(CIRCLES, lambda name: sent.get(name, []))
    if not check(CIRCLES, answers, every_required=False):
        assert encode(CIRCLES, answers)
