"""Whatever a report says, its record says it back, through JSON and whatever the database does to it."""

import json
from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.reports.annual.contents import (
    AnnualReport,
    Audience,
    Field,
    Figure,
    Freezing,
    Grid,
    Page,
    Text,
)
from cpts_sessions.reports.annual.record import from_record, to_record

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-9999, 9999)
MOMENTS = st.datetimes(timezones=st.just(UTC))
CELLS = st.one_of(WORDS, NUMBERS, st.dates(), st.none())
ROWS = st.tuples(CELLS, CELLS)
GRIDS = st.builds(
    Grid,
    key=WORDS,
    title=WORDS,
    columns=st.tuples(WORDS, WORDS),
    rows=st.lists(ROWS, max_size=3).map(tuple),
    audience=st.sampled_from([*Audience, None]),
    about=WORDS,
    total=st.one_of(st.just(()), ROWS),
)
PAGES = st.builds(
    Page,
    key=WORDS,
    title=WORDS,
    amount_euros=st.one_of(st.none(), NUMBERS),
    fields=st.lists(st.builds(Field, *[WORDS] * 6), max_size=2).map(tuple),
    figures=st.lists(st.builds(Figure, WORDS, WORDS, NUMBERS, st.none() | NUMBERS, *[WORDS] * 3), max_size=2).map(
        tuple
    ),
    grids=st.lists(GRIDS, max_size=2).map(tuple),
    notes=st.lists(WORDS, max_size=2).map(tuple),
    proposed=WORDS,
    text=st.builds(Text, WORDS, st.none() | WORDS, st.none() | MOMENTS),
)
REPORTS = st.builds(
    AnnualReport,
    organisation=WORDS,
    year=st.integers(2000, 2100),
    as_of=st.dates(),
    pages=st.lists(PAGES, max_size=2).map(tuple),
    together=WORDS,
    part_variable=WORDS,
    annexes=st.lists(GRIDS, max_size=2).map(tuple),
    notes=st.lists(WORDS, max_size=2).map(tuple),
    freezing=st.none() | st.builds(Freezing, MOMENTS, WORDS),
)


@given(REPORTS)
def test_a_report_comes_back_from_its_record_exactly(report):
    assert from_record(json.loads(json.dumps(to_record(report)))) == report


def test_a_record_of_another_version_is_refused():
    report = AnnualReport("CPTS", 2027, date(2027, 12, 31), (), "", "", (), ())
    with pytest.raises(ValueError, match="version 2"):
        from_record({**to_record(report), "version": 2})
