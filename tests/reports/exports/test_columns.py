"""The widths of a printed table: numbers beside what they count, no day cut in two."""

from datetime import date

import pytest

from cpts_sessions.reports.annual.contents import Grid
from cpts_sessions.reports.exports.columns import is_short, shares, written

LONG = "Formation des manipulateurs radio et des radiologues, mise à disposition des outils de transmission d’image"
DAY = date(2025, 9, 24)


def grid(columns, *rows, total=()):
    return Grid("essai", "Essai", columns, rows, total=total)


def test_a_table_of_few_words_is_narrow():
    assert sum(shares(grid(("Profession", "Inscrits"), ("kinés", 2)))) == pytest.approx(0.53, abs=0.03)


def test_long_texts_fill_the_page_and_leave_days_on_one_line():
    widths = shares(grid(("Jour", "Nature", "Besoins", "Nombre"), (DAY, LONG, LONG, 7)))

    assert sum(widths) == pytest.approx(1)
    assert widths[0] * 95 >= len("24 septembre 2025") + 2
    assert widths[1] == pytest.approx(widths[2])
    assert widths[3] * 95 < 12


def test_more_columns_than_the_page_can_hold_share_it_all():
    widths = shares(grid(tuple(f"Colonne numéro{n}" for n in range(15)), tuple(range(15))))

    assert sum(widths) == pytest.approx(1)
    assert min(widths) > 0.05


@pytest.mark.parametrize(("rows", "expected"), [(14, True), (15, False)])
def test_a_table_is_kept_whole_as_long_as_it_takes_few_lines(rows, expected):
    assert is_short(grid(("Jour", "Présences"), *[(DAY, 7)] * rows)) is expected


def test_a_table_of_few_rows_that_takes_many_lines_may_be_cut():
    assert is_short(grid(("Nature", "Besoins"), *[(LONG * 3, LONG)] * 5)) is False


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (None, "–"),
        ("", "–"),
        (0, "0"),
        (4000, "4\u202f000"),
        (DAY, "24\u00a0septembre 2025"),
        ("« a »", "«\u00a0a\u00a0»"),
    ],
)
def test_cells_are_written_in_french(cell, told):
    assert written(cell) == told
