"""The text of a page: fields said in place, few marks, nothing that runs."""

import time
from dataclasses import replace

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.reports.annual.contents import Audience, Field, Page, Text
from cpts_sessions.reports.annual.markdown import Block, Run, blocks, quoted, read, unknown

SAID = {
    "reponses": "5 réponses « oui » contre 1",
    "animation": "une majorité",
    "signes": "**a** _b_ <b>c</b> [d](http://e.org) # f",
}
PAGE = Page(
    key="30",
    title="Mettre en place des cercles de paroles",
    amount_euros=None,
    fields=(Field("participants", "Les participants", "1 sage-femme, 2 kinés", "3 professionnels"),),
    figures=(),
    grids=(),
    notes=(),
    proposed="",
    text=Text("{participants} sont venus. {inconnu}, {inconnu}."),
)


def words(text: str) -> list[str]:
    return [normalise(block.text) for block in read(text, SAID)]


def test_a_field_is_said_in_place_and_keeps_its_key():
    assert read("Ils sont {animation} : {reponses}", SAID) == [
        Block(
            "paragraph",
            (
                Run("Ils sont "),
                Run("une majorité", field_key="animation"),
                Run("\u00a0: "),
                Run("5\u00a0réponses «\u00a0oui\u00a0» contre 1", field_key="reponses"),
            ),
        )
    ]


def test_each_audience_reads_its_own_sentence():
    assert [block.text for block in blocks(PAGE, Audience.CPAM)] == [
        "1\u00a0sage-femme, 2\u00a0kinés sont venus. {inconnu}, {inconnu}."
    ]
    assert [block.text for block in blocks(PAGE, Audience.PUBLIC)] == [
        "3\u00a0professionnels sont venus. {inconnu}, {inconnu}."
    ]


def test_a_sentence_copied_by_hand_is_published_in_the_form_that_may_be():
    copied = replace(PAGE, text=Text("En 2025, 1 sage-femme et d’autres. 1 sage-femme,\n2 kinés : c’est peu."))

    assert [normalise(one.text) for one in blocks(copied, Audience.PUBLIC)] == [
        "En 2025, 1 sage-femme et d'autres. 3 professionnels : c'est peu."
    ]
    assert "2\u00a0kinés" in blocks(copied, Audience.CPAM)[0].text


def test_a_key_that_is_no_field_is_told_once():
    assert unknown(PAGE) == ["inconnu"]
    assert unknown(PAGE, "{participants}") == []


def test_a_field_that_begins_a_sentence_has_its_capital():
    assert words("{animation}. {animation} et {animation}\n{animation}") == [
        "Une majorité. Une majorité et une majorité\nUne majorité"
    ]


def test_signs_of_markdown_in_a_field_are_only_words():
    assert words("Bien : {signes}") == ["Bien : **a** _b_ <b>c</b> [d](http://e.org) # f"]
    assert [run.bold for run in read("**{signes}**", SAID)[0].runs] == [True]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("{{animation}}", "{une majorité}"),
        ("{animation", "{animation"),
        ("{Animation} {} {a-b} { animation }", "{Animation} {} {a-b} { animation }"),
        ("\\{animation}", "{animation}"),
        ("{anim{animation}}", "{animune majorité}"),
    ],
)
def test_braces_that_hold_no_key_stay_as_typed(typed: str, shown: str):
    assert words(typed) == [shown]


def test_keys_quoted_are_told_in_their_order_even_in_links_and_lists():
    assert quoted("- {b}\n\n# [{a}](https://example.org) \\{d} {b} {c_2}") == ["b", "a", "c_2"]


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[clic](javascript:alert(1))",
        "[clic](JAVASCRIPT:alert(1))",
        "[clic](data:text/html;base64,AAAA)",
        "[clic](vbscript:x)",
        "[clic](//example.org)",
        "[clic](/coordination)",
        "```\ncode\n```",
    ],
)
def test_what_is_not_one_of_the_marks_stays_words_and_leads_nowhere(typed: str):
    (block,) = read(typed, SAID)
    assert (normalise(block.text), block.kind) == (typed, "paragraph")
    assert {run.link for run in block.runs} == {""}


def test_the_marks_are_bold_italics_links_lists_headings_and_line_ends():
    told = read("# Un\n**a** *b* [c](https://example.org/x)\nd\n\n### Deux\n- e\n  - f\n\n3. g\n4. h", SAID)
    assert told == [
        Block("heading", (Run("Un"),), level=1),
        Block(
            "paragraph",
            (
                *(Run("a", bold=True), Run(" "), Run("b", italic=True), Run(" ")),
                *(Run("c", link="https://example.org/x"), Run("\n"), Run("d")),
            ),
        ),
        Block("heading", (Run("Deux"),), level=2),
        Block("bullets", items=((Run("e"),), (Run("f"),))),
        Block("numbers", items=((Run("g"),), (Run("h"),)), start=3),
    ]


def test_a_text_of_deep_headings_alone_still_begins_at_the_first_level():
    assert [one.level for one in read("#### a\n\n## b\n\n### c", SAID)] == [1, 1, 2]


@pytest.mark.parametrize("typed", ["*", "[", "{animation}", "_a", "[a](", "# ", "- ", "\\", "> ", "**a ", "{", "`"])
def test_ten_thousand_hostile_signs_are_read_in_a_moment(typed: str):
    started = time.process_time()
    read((typed * 10_000)[:10_000], SAID)
    assert time.process_time() - started < 5


def test_lists_within_lists_within_lists_do_not_overflow():
    deep = "\n".join(f"{'  ' * depth}- x" for depth in range(200))
    assert [block.kind for block in read(deep, SAID)][:1] == ["bullets"]


def test_the_sign_that_stands_between_runs_cannot_be_typed():
    assert words("a\ue000b {animation}\ue000") == ["ab une majorité"]
    strange = replace(PAGE.fields[0], exact="a\ue000b")
    assert [
        one.text for one in blocks(replace(PAGE, fields=(strange,), text=Text("{participants}")), Audience.CPAM)
    ] == ["Ab"]
