"""What is true of every count, whatever the season; and what it costs."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from cpts_sessions.extensions import db
from cpts_sessions.reports import queries
from cpts_sessions.reports.by_profession import nameless_lines, profession_lines
from cpts_sessions.reports.indicators import count
from cpts_sessions.reports.season import season_report
from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames
from tests.reports.seasons import Season

START = datetime(2027, 1, 4, 19, tzinfo=UTC)
PEOPLE, PROGRAMMES, SESSIONS = st.integers(1, 5), st.integers(1, 2), st.integers(1, 6)
SLUGS = st.sampled_from([None, "", "psychologue", "pharmacien"])
CIVILITIES = st.sampled_from([None, "Mme", "M."])
INSTANTS = st.integers(0, 60).map(lambda days: START + timedelta(days=days))
NAMES = ProgrammeNames("séance", "séances", Gender.FEMININE)


STATUSES = st.sampled_from(["requested", "confirmed", "offered", "waiting", "walk_in"])
SEATS = st.builds(queries.SeatRow, PEOPLE, SESSIONS, STATUSES, SLUGS, CIVILITIES)
ENROLMENTS = st.builds(
    queries.EnrolmentRow,
    *(PEOPLE, PROGRAMMES, SLUGS, CIVILITIES, st.booleans()),
    *(INSTANTS, st.none() | INSTANTS, st.none() | INSTANTS),
)
ANIMATORS = st.builds(queries.AnimatorRow, PEOPLE, SESSIONS, SLUGS, CIVILITIES)
PRESENCES = st.builds(queries.PresenceRow, PEOPLE, SESSIONS)
TALLIES = st.builds(queries.TallyRow, SESSIONS, SLUGS.map(str), st.integers(1, 9))


def a_session(id_, programme_id, status, is_discovery):
    start = START + timedelta(days=10 * id_)
    end = start + timedelta(hours=2)
    return queries.SessionRow(id_, uuid4(), programme_id, start, end, status, is_discovery, "", "", 12)


def one_per(elements, *names):
    """Rows among which no two agree on all of these columns, as the schema has it."""
    key = lambda row: tuple(getattr(row, name) for name in names)  # noqa: E731
    return st.lists(elements, unique_by=key, max_size=12).map(tuple)


@st.composite
def years(draw):
    """Rows of a year as the schema allows them, however unlikely."""
    status = st.sampled_from(["open", "held", "cancelled"])
    return queries.SeasonRows(
        year=2027,
        programmes=tuple(
            queries.ProgrammeRow(id_, str(id_), str(id_), NAMES, None, draw(st.booleans())) for id_ in (1, 2)
        ),
        sessions=tuple(a_session(id_, draw(PROGRAMMES), draw(status), draw(st.booleans())) for id_ in range(1, 7)),
        seats=draw(one_per(SEATS, "person_id", "group_session_id")),
        enrolments=draw(one_per(ENROLMENTS, "person_id", "programme_id")),
        animators=draw(one_per(ANIMATORS, "person_id", "group_session_id")),
        presences=draw(one_per(PRESENCES, "person_id", "group_session_id")),
        tallies=draw(one_per(TALLIES, "group_session_id", "profession_slug")),
        records={id_: queries.RecordRow(id_, draw(CIVILITIES), draw(SLUGS)) for id_ in range(1, 6)},
        professions={},
    )


@given(years(), INSTANTS)
def test_the_lines_by_profession_add_up_to_the_three_figures(rows, instant):
    counting = count(rows, [1, 2], instant)
    lines = profession_lines(counting, {})
    assert sum(line.count for line in lines) == counting.enrolled_distinct
    assert sum(line.present for line in lines) == counting.present_distinct
    nameless = nameless_lines(counting, {})
    assert sum(line.attendances for line in nameless) == counting.unnamed_attendances
    assert sum(line.attendances for line in (*lines, *nameless)) == counting.attendances
    assert sum(len(line.line.animators) for line in lines) == counting.enrolled_distinct - counting.without_animators


@given(years(), INSTANTS)
def test_the_present_are_among_the_enrolled_and_nobody_is_enrolled_twice(rows, instant):
    counting = count(rows, [1, 2], instant)
    enrolled = [one.person_id for one in counting.enrolled]
    assert len(set(enrolled)) == len(enrolled) == counting.enrolled_distinct
    assert set(counting.presences) <= set(enrolled)
    assert not counting.apart & set(enrolled)
    assert 0 <= counting.without_animators <= counting.enrolled_distinct
    assert counting.attendances >= counting.present_distinct


@given(years(), INSTANTS)
def test_every_session_is_listed_once(rows, instant):
    dates = count(rows, [1, 2], instant).dates
    listed = [*dates.held, *dates.planned, *dates.discovery, *dates.cancelled]
    assert sorted(listed) == sorted(rows.sessions)
    assert set(dates.unclosed) <= set(dates.held)
    assert set(dates.discovery_held) <= set(dates.discovery)


@given(years(), INSTANTS)
def test_programmes_together_count_their_union_for_people_and_their_sum_for_attendances(rows, instant):
    together, one, other = (count(rows, ids, instant) for ids in ([1, 2], [1], [2]))
    people = [{participant.person_id for participant in counting.enrolled} for counting in (together, one, other)]
    assert people[0] == people[1] | people[2]
    assert set(together.presences) == set(one.presences) | set(other.presences)
    assert together.attendances == one.attendances + other.attendances
    assert together.unnamed_attendances == one.unnamed_attendances + other.unnamed_attendances


@given(years(), INSTANTS, INSTANTS)
def test_a_later_day_never_takes_anything_back(rows, instant, later):
    before, after = (count(rows, [1, 2], moment) for moment in sorted((instant, later)))
    assert set(before.dates.held) <= set(after.dates.held)
    assert before.enrolled_distinct <= after.enrolled_distinct
    assert before.present_distinct <= after.present_distinct
    assert before.attendances <= after.attendances


def test_a_report_costs_the_same_queries_whatever_its_size(app):
    season = Season(2027)
    circles, lou = season.programme(), season.person("Lou")
    costs = []
    for day in (1, 2, 3):
        session = season.session(circles, f"2027-01-0{day}", animator=lou)
        for name in range(day):
            person = season.person(f"Ana{day}{name}")
            season.register(person, session)
            season.enrol(person, circles)
            season.note(person, session)
        costs.append(cost_of_report(season.organisation.id))
    assert [people for people, _ in costs] == [2, 4, 7]
    assert costs[0][1] == costs[1][1] == costs[2][1] <= 12


def cost_of_report(organisation_id):
    """How many people a report counts, and how many queries that took."""
    statements = []
    listener = lambda *given: statements.append(given[2]) if given[2].startswith("SELECT") else None  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        report = season_report(organisation_id, 2027, date(2027, 12, 31))
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    return report.together.counting.enrolled_distinct, len(statements)
