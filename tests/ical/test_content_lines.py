from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpts_sessions.ical.content_lines import cleaned, escaped, folded, mailbox, named, paris_time

BREAKS = "\r\n", "\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"
ENCODABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"))


@pytest.mark.parametrize(
    ("length", "lines"),
    [(0, [0]), (74, [74]), (75, [75]), (76, [75, 2]), (149, [75, 75]), (150, [75, 75, 2]), (223, [75, 75, 75])],
)
def test_a_line_is_broken_at_75_octets_its_space_included(length, lines):
    assert [len(line) for line in folded("a" * length).split(b"\r\n")] == [*lines, 0]


@settings(deadline=None)
@given(ENCODABLE | st.text("é€😀a", min_size=60))
def test_no_line_is_longer_than_75_octets_nor_broken_inside_a_character(text):
    *lines, rest = folded(text).split(b"\r\n")

    assert rest == b""
    assert max(map(len, lines)) <= 75
    assert [line.decode()[:1] for line in lines[1:]] == [" "] * (len(lines) - 1)
    assert lines[0].decode() + "".join(line.decode()[1:] for line in lines[1:]) == text


def test_every_kind_of_line_break_is_one_and_other_controls_go():
    assert [cleaned(f"a{line_break}b") for line_break in BREAKS] == ["a\nb"] * len(BREAKS)
    assert cleaned("a\x00b\x07c\x1bd\x7fe\x9ff\ufeffg\th") == "abcdefg h"
    assert cleaned("20\u00a0h\u202f30 – 😀") == "20\u00a0h\u202f30 – 😀"


def test_a_text_is_escaped_in_the_order_that_can_be_read_back():
    assert escaped("a\\n, b; c\nd: e") == "a\\\\n\\, b\\; c\\nd: e"


def test_a_name_is_always_quoted_and_an_empty_one_is_left_out():
    names = ["Zoé Noël", "Noël, Zoé; dr: «\u00a0X\u00a0»", 'Zoé "Z"\r\nX', " \n", '^"\\']

    assert [named(name) for name in names] == [
        ';CN="Zoé Noël"',
        ';CN="Noël, Zoé; dr: « X »"',
        ";CN=\"Zoé 'Z' X\"",
        "",
        ';CN="\'"',
    ]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zoe",
        "a@b\r\nX:y",
        "a b@c.example",
        "a@b.example,c@d.example",
        '"a"@b.example',
        "<a@b.example>",
        "a@b.example\x00",
    ],
)
def test_an_address_that_could_write_something_else_is_refused(address):
    with pytest.raises(ValueError, match="plain e-mail address"):
        mailbox(address)


def test_an_address_is_written_as_it_is():
    assert mailbox("o'brien+gapp@example.org") == "mailto:o'brien+gapp@example.org"


def test_the_second_of_two_equal_hours_is_written_in_utc():
    instants = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]

    assert [paris_time("DTSTART", instant) for instant in instants] == [
        "DTSTART;TZID=Europe/Paris:20261025T023000",
        "DTSTART:20261025T013000Z",
        "DTSTART;TZID=Europe/Paris:20261025T033000",
    ]
