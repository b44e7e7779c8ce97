"""Whatever happens in a season, the figures hold together and each opens rows that amount to it."""

from datetime import date
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, rule, run_state_machine_as_test

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.reports.listings import What, professions, rows_behind
from cpts_sessions.reports.season import season_report
from tests.reports.seasons import Season

AS_OF = date(2027, 7, 1)
PROFESSIONS = st.sampled_from(["psychologue", "pharmacien", "infirmier-liberal", None])
DAYS = st.dates(date(2027, 1, 2), date(2027, 12, 20)).map(date.isoformat)
"""Some are before the day of the count, and some after it."""


class AnySeason(RuleBasedStateMachine):
    """Two programmes, one that counts whoever animates and one that does not."""

    people, sessions = Bundle("people"), Bundle("sessions")

    def __init__(self):
        super().__init__()
        self.season = Season(2027, f"cpts-{uuid4().hex}")
        self.programmes = [self.season.programme(), self.season.programme("gapp", counts_animators=False)]
        self.done, self.known = set(), 0

    def once(self, *what):
        """Whether this was not done yet: the schema holds one row of each."""
        fresh = what not in self.done
        self.done.add(what)
        return fresh

    @rule(target=people, profession=PROFESSIONS, civility=st.sampled_from(["Mme", "M.", None]))
    def somebody_is_known(self, profession, civility):
        self.known += 1
        return self.season.person(f"P{self.known}", profession, civility)

    @rule(
        target=sessions,
        day=DAYS,
        which=st.integers(0, 1),
        status=st.sampled_from(["open", "held", "held", "cancelled"]),
        is_discovery=st.sampled_from([False, False, False, True]),
    )
    def a_session_is_planned(self, day, which, status, is_discovery):
        return self.season.session(self.programmes[which], day, status=status, is_discovery=is_discovery)

    @rule(
        person=people,
        session=sessions,
        status=st.sampled_from(["confirmed", "walk_in", "waiting", "offered", "requested", "cancelled"]),
        came=st.sampled_from(["present", "absent", "excused", None]),
        profession=PROFESSIONS,
    )
    def she_asks_for_a_seat(self, person, session, status, came, profession):
        if self.once("seat", person.id, session.id):
            self.season.register(person, session, status, profession_slug=profession)
        if came and self.once("mark", person.id, session.id):
            self.season.note(person, session, came)

    @rule(person=people, which=st.integers(0, 1), is_pending=st.booleans())
    def she_follows_a_programme(self, person, which, is_pending):
        if self.once("enrolment", person.id, which):
            self.season.enrol(person, self.programmes[which], is_pending=is_pending)

    @rule(person=people, session=sessions)
    def she_animates(self, person, session):
        if self.once("animates", person.id, session.id):
            self.season.give(session, person)
        if self.once("mark", person.id, session.id):
            self.season.note(person, session)

    @rule(session=sessions, profession=PROFESSIONS, number=st.integers(1, 9))
    def some_are_counted_without_names(self, session, profession, number):
        if self.once("tally", session.id, profession):
            self.season.tally(session, number, profession or "")

    @rule(session=consumes(sessions))
    def a_session_is_cancelled(self, session):
        with transaction():
            db.session.merge(session).status = "cancelled"

    def teardown(self):
        """Every figure is the sum of its lines, and opens its rows."""
        report = season_report(self.season.organisation.id, 2027, AS_OF)
        for part in (*report.parts, None):
            counting = part.counting if part else report.together.counting
            people = {one.person_id for one in counting.enrolled}
            assert set(counting.presences) <= people
            assert not counting.apart & people
            rows = {what: self._rows(report, part, what) for what in What}
            assert {what: len(rows[what]) for what in (What.ENROLLED, What.PRESENT, What.APART)} == {
                What.ENROLLED: counting.enrolled_distinct,
                What.PRESENT: counting.present_distinct,
                What.APART: len(counting.apart),
            }
            assert added(rows[What.ATTENDANCES]) == counting.attendances
            assert added(rows[What.UNNAMED]) == counting.unnamed_attendances
            assert sum(row[6] for row in rows[What.HELD]) == counting.attendances
            assert sum(row[3] for row in rows[What.PRESENT]) == counting.attendances - counting.unnamed_attendances
            if part:
                self._lines(report, part, counting)

    def _lines(self, report, part, counting):
        """The lines by profession add up to the three figures, and each opens its own rows."""
        table = [row.cells for row in professions(part).rows]
        totals = [sum(cells[column] or 0 for cells in table) for column in (1, 2, 3)]
        assert totals == [counting.enrolled_distinct, counting.present_distinct, counting.attendances]
        for line in part.lines:
            behind = [self._rows(report, part, what, line.profession) for what in (What.ENROLLED, What.PRESENT)]
            assert [len(rows) for rows in behind] == [line.count, line.present]
            assert added(self._rows(report, part, What.ATTENDANCES, line.profession)) == line.attendances
        for line in part.nameless:
            assert added(self._rows(report, part, What.UNNAMED, line.profession)) == line.attendances

    def _rows(self, report, part, what, profession=None):
        return [row.cells for row in rows_behind(self.season.organisation.id, report, part, what, profession).rows]


def added(rows):
    """The sum of the last column: attendances."""
    return sum(cells[-1] for cells in rows)


def test_the_figures_of_any_season_open_rows_that_amount_to_them(app):
    run_state_machine_as_test(
        AnySeason,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
