from datetime import UTC, datetime

import pytest

from cpts_sessions.ical import paris
from cpts_sessions.ical.texts import cleaned, common_name, mailbox

BREAKS = "\r\n", "\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"


def test_every_kind_of_line_break_is_one_and_other_controls_go():
    assert [cleaned(f"a{line_break}b") for line_break in BREAKS] == ["a\nb"] * len(BREAKS)
    assert cleaned("a\x00b\x07c\x1bd\x7fe\x9ff\ufeffg\th") == "abcdefg h"
    assert cleaned("20\u00a0h\u202f30 – 😀") == "20\u00a0h\u202f30 – 😀"


def test_a_backslash_n_typed_by_somebody_is_a_line_break():
    assert cleaned("salle \\N 2, porte \\n") == "salle \n 2, porte \\n"


def test_a_name_stands_on_one_line_without_what_a_parameter_cannot_hold():
    names = ["Zoé Noël", "Noël, Zoé; dr: «\u00a0X\u00a0»", 'Zoé "Z"\r\nX', " \n", '^"\\']

    assert [common_name(name) for name in names] == [
        "Zoé Noël",
        "Noël, Zoé; dr: « X »",
        "Zoé 'Z' X",
        "",
        "'",
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

    assert [(paris.time(instant).isoformat(), str(paris.time(instant).tzinfo)) for instant in instants] == [
        ("2026-10-25T02:30:00+02:00", "Europe/Paris"),
        ("2026-10-25T01:30:00+00:00", "UTC"),
        ("2026-10-25T03:30:00+01:00", "Europe/Paris"),
    ]
