"""Whatever the people, nothing published says a profession of one or two, nor lets it be worked out."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.core.french import normalise
from cpts_sessions.reports.annual.contents import Audience, read_by
from cpts_sessions.reports.annual.counted import Year, action_piece
from cpts_sessions.reports.annual.pieces import page
from cpts_sessions.reports.by_profession import nameless_lines, profession_lines
from cpts_sessions.reports.exports.told import figures_told
from cpts_sessions.reports.indicators import Counting, Dates, Participant
from cpts_sessions.reports.queries import SessionRow
from cpts_sessions.reports.season import Part, SeasonReport, Together
from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames
from cpts_sessions.reports.sentences.people import ProfessionForms

NAMES = {slug: f"profession{slug}" for slug in "abcdef"}
FORMS = {
    slug: ProfessionForms(name, name, f"{name}s", f"{name}s", place) for place, (slug, name) in enumerate(NAMES.items())
}
CIRCLES = ProgrammeNames("cercle de paroles", "cercles de paroles", Gender.MASCULINE)
PEOPLE = ("participants", "presents", "animateurs", "chiffres", "presences")


def held(number):
    start = datetime(2027, 1, 5, 19, tzinfo=UTC) + timedelta(days=number)
    return SessionRow(number, uuid4(), 1, start, start + timedelta(hours=2), "held", False, "", "", 12)


@st.composite
def parts(draw):
    """People of any professions, who came to any of three dates or to none."""
    professions = draw(st.lists(st.sampled_from(sorted(NAMES)), max_size=14))
    enrolled = tuple(
        Participant(number, slug, draw(st.sampled_from([*Gender, None])), draw(st.booleans()))
        for number, slug in enumerate(professions)
    )
    came = draw(st.lists(st.sets(st.integers(0, 2)), min_size=len(enrolled), max_size=len(enrolled)))
    presences = {number: tuple(sorted(dates)) for number, dates in enumerate(came) if dates}
    dates = Dates(tuple(map(held, range(3))), (), (), (), (), ())
    counting = Counting(dates, enrolled, presences, (), frozenset())
    lines = profession_lines(counting, FORMS)
    return Part("30", 30, (1,), "Cercles", CIRCLES, 2027, counting, lines, nameless_lines(counting, FORMS))


def published(part):
    counted = Together(part.counting, "")
    report = SeasonReport(
        2027, part.counting.dates.held[0].starts_at.date(), (part,), {}, counted, {1: "Cercles"}, FORMS
    )
    piece = action_piece(Year(report, report, {}, {}, {}, frozenset()), part)
    told = {one.key: normalise(one.said_to(Audience.PUBLIC)) for one in piece.fields}
    told |= {f"={one.key}": str(one.value) for one in figures_told(page("30", "", None, [piece]), Audience.PUBLIC)}
    return told, {grid.key: grid for grid in read_by(piece.grids, Audience.PUBLIC)}


@given(parts())
def test_a_profession_of_one_or_two_people_is_never_named(part):
    told, grids = published(part)
    words = " ".join([*told.values(), *(str(grid.rows) for grid in grids.values())])
    for line in part.lines:
        if line.count < 3:
            assert NAMES[line.profession] not in words
    assert "animat" not in words


@given(parts())
def test_professions_are_said_once_so_that_nothing_can_be_subtracted(part):
    told, grids = published(part)
    assert [key for key, sentence in told.items() if "profession" in sentence.replace("professionnel", "")] in (
        [],
        ["participants"],
    )
    counts = [row[1] for row in grids["professions"].rows] if "professions" in grids else []
    shown = [count for count in counts if count is not None]
    assert all(count >= 3 for count in shown)
    assert sum(shown) in {0, part.counting.enrolled_distinct}


@given(parts())
def test_one_or_two_people_are_never_counted(part):
    told, grids = published(part)
    few_enrolled = 0 < part.counting.enrolled_distinct < 3
    few_came = 0 < part.counting.present_distinct < 3
    at_each_date = Counter(date for dates in part.counting.presences.values() for date in dates).values()
    if few_came or {1, 2} & set(at_each_date):
        assert "Présences" not in grids["seances"].columns
    assert not (few_came and told.keys() & {"=presents", "=presences"})
    assert not (few_enrolled and "=inscrits" in told)
    for key in PEOPLE:
        numbers = {int(n) for n in re.findall(r"\d+", told.get(key, ""))}
        if few_enrolled:
            assert numbers <= {3}
        elif few_came and key in ("presents", "presences", "chiffres"):
            assert numbers <= {3, part.counting.enrolled_distinct}
