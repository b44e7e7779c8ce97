"""A figure typed or copied by hand is marked once the count says otherwise."""

import time
from dataclasses import replace

from cpts_sessions.core.french import normalise
from cpts_sessions.reports.annual.contents import Field, Figure, Page, Text
from cpts_sessions.reports.annual.marks import marks, remembered, replaced, sayings


def page(participants: int, circles: int = 13, attendances: int = 77) -> Page:
    return Page(
        key="30",
        title="Mettre en place des cercles de paroles",
        amount_euros=None,
        fields=(
            Field("cercles", "Les cercles", f"{circles} cercles de paroles", ""),
            Field(
                "participants",
                "Les participants",
                f"{participants} professionnels (1 sage-femme, {participants - 1} psychologues) se sont inscrits",
                "",
            ),
        ),
        figures=(Figure("presences", "Présences cumulées", attendances, 60, ""),),
        grids=(),
        notes=(),
        proposed="{cercles} : {participants}.",
        text=Text(""),
    )


BEFORE, AFTER = page(19), page(20, attendances=78)
SAID = remembered(BEFORE, "", {})


def told(text: str, at: Page = AFTER, said=SAID, left=()):
    return [
        (normalise(one.words), normalise(one.now), normalise(one.put), one.is_broken)
        for one in marks(at, text, said, left)
    ]


def test_a_number_typed_by_hand_is_marked_when_it_is_no_longer_true():
    text = "Cette année, 19 professionnels sont venus."
    assert told(text, BEFORE) == []
    assert told(text) == [("19 professionnels", "20 professionnels", "20 professionnels", True)]


def test_replacing_it_says_the_number_of_today_wherever_it_stands():
    text = "19 professionnels, oui 19\u00a0professionnels, et non 119 professionnels ni 1 019 professionnels."
    (mark,) = marks(AFTER, text, SAID)
    assert (
        replaced(text, mark)
        == "20 professionnels, oui 20 professionnels, et non 119 professionnels ni 1 019 professionnels."
    )


def test_a_field_is_never_marked():
    assert told("{participants} et {cercles}") == []


def test_what_stays_true_is_not_marked():
    assert told("Les 13 cercles de l’année ont réuni du monde ; 1 sage-femme y venait.") == []


def test_a_sentence_copied_whole_may_become_a_field():
    assert told("Ont été tenus 13 cercles de paroles.") == [
        ("13 cercles de paroles", "13 cercles de paroles", "{cercles}", False)
    ]


def test_a_sentence_copied_whole_that_is_no_longer_true_becomes_a_field():
    text = f"En 2025, {normalise(BEFORE.fields[1].exact)}."
    (mark,) = marks(AFTER, text, SAID)
    assert (mark.is_broken, mark.now) == (True, AFTER.fields[1].exact)
    assert replaced(text, mark) == "En 2025, {participants}."


def test_a_copy_is_recognised_whatever_its_spaces_apostrophes_and_first_letter():
    kept = replace(BEFORE.fields[0], exact="une majorité l’a dit : 5 sur 6")
    at = replace(BEFORE, fields=(kept,))
    assert told("Une majorité l'a\u00a0dit\u202f:  5 sur\n6", at, {}) == [
        ("Une majorité l'a dit :  5 sur\n6", "une majorité l'a dit : 5 sur 6", "{cercles}", False)
    ]


def test_a_figure_of_the_table_is_recognised_too():
    assert told("soit 77 présences cumulées") == [("77 présences", "78 présences", "78 présences", True)]


def test_words_left_alone_are_not_marked_again():
    (mark,) = marks(AFTER, "19 professionnels", SAID)
    assert told("19 professionnels", left=[mark.id]) == []


def test_a_mark_outlives_the_next_saving_of_the_text():
    text = "19 professionnels sont venus."
    saved_again = remembered(AFTER, text, SAID)
    assert told(text, page(21), saved_again) == [("19 professionnels", "21 professionnels", "21 professionnels", True)]
    corrected = remembered(AFTER, "20 professionnels sont venus.", saved_again)
    assert corrected == {key: [sentence] for key, sentence in sayings(AFTER).items()}


def test_the_day_of_a_date_is_not_a_count():
    at = replace(BEFORE, fields=(replace(BEFORE.fields[0], exact="4 février et 3 mars"),))
    later = replace(at, fields=(replace(at.fields[0], exact="5 février et 3 mars"),))
    assert told("le 4 février", later, remembered(at, "", {})) == []


def test_what_a_field_that_is_gone_said_is_marked_without_anything_to_put():
    gone = replace(AFTER, fields=AFTER.fields[1:])
    assert told("13 cercles de paroles", gone) == [("13 cercles de paroles", "", "", True)]


def test_a_number_said_by_another_field_is_still_true():
    other = Field("reponses", "Les réponses", "réponses de 19 professionnels", "")
    assert told("19 professionnels", replace(AFTER, fields=(*AFTER.fields, other))) == []


def test_a_sentence_that_another_field_says_today_becomes_that_field():
    other = Field("reunions", "Les réunions", BEFORE.fields[0].exact, "")
    at = replace(page(19, circles=14), fields=(*page(19, circles=14).fields, other))
    assert told("Ont été tenus 13 cercles de paroles.", at) == [
        ("13 cercles de paroles", "13 cercles de paroles", "{reunions}", False)
    ]


def test_a_long_text_full_of_copies_is_read_in_a_moment():
    many = tuple(
        Field(f"f{n}", "", f"19 professionnels ont dit {n} fois que {n + 19} personnes sont venues", "")
        for n in range(30)
    )
    at = replace(AFTER, fields=(*AFTER.fields, *many))
    said = {key: [f"{one} {n}" for n in range(5)] for key, one in sayings(at).items()}
    for text in ("19 professionnels " * 550, "1 " * 5000, "a" * 10_000):
        started = time.process_time()
        remembered(at, text, said)
        assert time.process_time() - started < 3
