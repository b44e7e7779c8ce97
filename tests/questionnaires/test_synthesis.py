"""Counts of an opened box; nothing of a question that fewer than five persons answered."""

from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.questionnaires.definition import default, parse
from cpts_sessions.questionnaires.synthesis import questions, tally_of

CIRCLES = default("cercle_eval")
GROUPS = default("gapp_eval")
MARKS = parse(
    "marks",
    {
        "titre": "Essai",
        "duree_min": 1,
        "intro": "",
        "items": [{"id": "m", "type": "echelle_0_10", "label": "Note", "bornes": ["bas", "haut"], "sens": "hausse"}],
    },
)


def test_each_option_is_counted_in_the_order_of_the_questionnaire():
    tally = tally_of(CIRCLES, {"c5": ["Oui", "Non", "Oui", "Oui", "Oui", "Oui"]}, "c5")

    assert (tally.answered, tally.counts) == (6, (("Oui", 5), ("Non", 1), ("Je ne sais pas", 0)))


def test_several_choices_of_one_person_count_her_once():
    tally = tally_of(CIRCLES, {"c2": [["Bienveillante", "Équilibrée"]] * 4 + [["Structurée"]]}, "c2")

    assert (tally.answered, tally.count("Bienveillante"), tally.count("Structurée")) == (5, 4, 1)


def test_four_answers_say_nothing_not_even_that_they_are_four():
    tally = tally_of(CIRCLES, {"c7": ["Lettre d’information"] * 4}, "c7")

    assert (tally.is_withheld, tally.answered, tally.counts, tally.median) == (True, None, (), None)


def test_each_row_of_a_matrix_is_held_back_by_itself():
    rows = CIRCLES.item("c3").rows
    values = {f"c3/{rows[0]}": ["Plutôt oui"] * 5, f"c3/{rows[1]}": ["Tout à fait"] * 4}

    matrix = questions(CIRCLES, values)[2]

    assert [tally.is_withheld for tally in matrix.tallies] == [False, True, True, True]


def test_a_second_list_is_counted_beside_the_first():
    wanted = questions(GROUPS, {"g9": [["Samedi matin"]] * 5, "g9-complement": [["lundi", "jeudi"]] * 5})[8]

    assert wanted.complement is not None
    assert (wanted.complement.count("lundi"), wanted.complement.count("mardi")) == (5, 0)


@given(st.lists(st.integers(0, 10), min_size=5, max_size=40))
def test_the_median_of_a_scale_is_the_middle_of_its_marks(marks):
    ordered = sorted(marks)
    middle = len(marks) // 2
    expected = ordered[middle] if len(marks) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

    assert tally_of(MARKS, {"m": marks}, "m").median == expected
