"""One session, six people, a coordinator and the clock: whatever may happen, and what each act may change.

`test_any_story.py` runs a few stories in every run of the tests; `prove_seats.py` runs ten thousand.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import Row

from cpts_sessions.attendance import services as attendance
from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import by_identity
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import enrolments, on_behalf, services, sessions, undoing, waiting_list
from cpts_sessions.registrations.models import Status
from cpts_sessions.rights.merge import merge
from tests.conftest import NOW, empty_every_table
from tests.factories import (
    make_circles,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
)
from tests.registrations.acts import Act, kept_until
from tests.registrations.look import Look, look
from tests.registrations.story_agendas import Agendas

#: Six people who share two mailboxes; the last two have no e-mail.
MAILBOXES = ("cabinet@example.org", "cabinet@example.org", "maison@example.org", "solene@example.org", None, None)
PEOPLE = [
    Told(first_name=first, last_name="Martin", email=email, profession_slug="sage-femme")
    for first, email in zip(("Anne", "Brune", "Claire", "Dina", "Elsa", "Flore"), MAILBOXES, strict=True)
]
#: Who is a member, where the programme is for members: the others ask.
MEMBERS = (0, 3, 4)
STARTS_AT = datetime(2026, 11, 9, 19, 0, tzinfo=UTC)  # a Monday, 20 h in Paris: a week after the clock of the tests
SEASON = 2026


class Story(Agendas):
    """One session, six people, their agendas, a coordinator and the clock."""

    clock: ClassVar[Any]
    #: How often each act changed what, over every story of this process.
    seen: ClassVar[Counter[tuple[str, str | None, str]]] = Counter()
    acts: ClassVar[Counter[str]] = Counter()
    who = st.integers(0, len(PEOPLE) - 1)

    @initialize(capacity=st.integers(1, 2), crowd=st.integers(2, 6), for_members=st.booleans())
    def begin(self, capacity: int, crowd: int, for_members: bool) -> None:
        self.clock.move_to(NOW)
        organisation = make_organisation()
        self.organisation_id = organisation.id
        self.actor_id = make_coordinator(organisation).id
        programme = make_circles(organisation) if for_members else make_programme(organisation)
        for who in MEMBERS if for_members else ():
            told = PEOPLE[who]
            make_person(
                organisation, email=told.email, first_name=told.first_name, last_name=told.last_name, is_member=True
            )
        self.programme_id = programme.id
        self.session_id = make_group_session(programme, capacity=capacity, minimum=0, starts_at=STARTS_AT).id
        self.told: dict[Any, tuple[int, datetime]] = {}
        self.look: Look = look()
        for who in range(crowd):
            self.sign_up(who)

    # What people do

    @rule(who=who)
    def sign_up(self, who: int) -> None:
        if PEOPLE[who].email is None:
            self.register(who)
            return
        with Act(self, "sign_up"):
            services.sign_up(self.session_id, PEOPLE[who])

    @rule(who=who)
    def enrol(self, who: int) -> None:
        with Act(self, "enrol"):
            if PEOPLE[who].email:
                enrolments.enrol(self.programme_id, SEASON, PEOPLE[who])
            else:
                on_behalf.enrol(self.programme_id, SEASON, PEOPLE[who], actor_id=self.actor_id)

    @rule(who=who)
    def leave(self, who: int) -> None:
        self.on_hers("leave", who, services.leave)

    @rule(who=who)
    def take_back(self, who: int) -> None:
        self.on_hers("take_back", who, services.take_back)

    @rule(who=who)
    def take_seat(self, who: int) -> None:
        self.on_hers("take_seat", who, services.take_seat)

    @rule(who=who)
    def not_me(self, who: int) -> None:
        self.on_hers("not_me", who, undoing.not_me)

    @rule(who=who)
    def stop(self, who: int) -> None:
        self.on_her_season("stop", who, enrolments.stop)

    @rule(who=who)
    def not_my_season(self, who: int) -> None:
        self.on_her_season("not_me", who, enrolments.not_me)

    # What the coordination does

    @rule(who=who)
    def register(self, who: int) -> None:
        with Act(self, "register"):
            on_behalf.register(self.session_id, PEOPLE[who], actor_id=self.actor_id)

    @rule(who=who, act=st.sampled_from(["move_up", "take_offer", "leave_offer"]))
    def decide_a_seat(self, who: int, act: str) -> None:
        self.on_hers(act, who, lambda one: getattr(on_behalf, act)(one, actor_id=self.actor_id))

    @precondition(lambda self: "requested" in self.look.states.values())
    @rule(who=who, yes=st.booleans())
    def decide_a_request(self, who: int, yes: bool) -> None:
        act = on_behalf.accept_request if yes else on_behalf.refuse_request
        self.on_hers("accept" if yes else "refuse", who, lambda one: act(one, actor_id=self.actor_id))

    @rule(who=who, reason=st.sampled_from(["", "double emploi"]))
    def withdraw(self, who: int, reason: str) -> None:
        self.on_hers("withdraw", who, lambda one: on_behalf.withdraw(one, actor_id=self.actor_id, reason=reason))

    @rule(keep=who, absorb=who)
    def merge(self, keep: int, absorb: int) -> None:
        both = [self.person(one) for one in (keep, absorb)]
        with Act(self, "merge"):
            if all(both):
                merge(both[0].id, both[1].id, actor_id=self.actor_id)

    @rule(capacity=st.integers(1, 4))
    def change_capacity(self, capacity: int) -> None:
        with Act(self, "capacity"):
            self.change(capacity=capacity)

    @rule(hours=st.sampled_from([-96, -24, -3, 3, 24, 96]))
    def move(self, hours: int) -> None:
        starts_at = self.look.session.starts_at + timedelta(hours=hours)
        with Act(self, "move"):
            self.change(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))

    @rule()
    def cancel(self) -> None:
        with Act(self, "cancel"):
            sessions.cancel(self.session_id, "intempéries", actor_id=self.actor_id)

    @precondition(lambda self: self.look.session.status == "cancelled")
    @rule()
    def reinstate(self) -> None:
        with Act(self, "reinstate"):
            sessions.reinstate(self.session_id, actor_id=self.actor_id)

    # The clock, and the evening

    @rule(hours=st.sampled_from([0.2, 3, 7, 13, 25, 49]))
    def time_passes(self, hours: float) -> None:
        self.clock.shift(timedelta(hours=hours))
        with Act(self, "time"):
            waiting_list.expire_offers()

    @precondition(lambda self: timedelta() < self.look.session.starts_at - now() < timedelta(hours=36))
    @rule()
    def it_begins(self) -> None:
        self.clock.move_to(self.look.session.starts_at + timedelta(minutes=10))
        with Act(self, "time"):
            waiting_list.expire_offers()

    @precondition(lambda self: now() > self.look.session.starts_at - timedelta(hours=24))
    @rule(who=who)
    def walk_in(self, who: int) -> None:
        with Act(self, "walk_in"):
            attendance.add_walk_in(self.session_id, PEOPLE[who], actor_id=self.actor_id)

    @precondition(lambda self: now() > self.look.session.starts_at - timedelta(hours=24))
    @rule(who=who, mark=st.sampled_from(AttendanceStatus))
    def attend(self, who: int, mark: AttendanceStatus) -> None:
        person = self.person(who)
        with Act(self, "attend"):
            if person:
                attendance.note(self.session_id, {person.id: mark}, actor_id=self.actor_id)

    # What the acts above stand on

    def on_hers(self, name: str, who: int, act: Any) -> None:
        mine = self.of(who, self.look.registrations)
        with Act(self, name):
            if mine:
                act(mine.id)

    def on_her_season(self, name: str, who: int, act: Any) -> None:
        mine = self.of(who, self.look.enrolments)
        with Act(self, name):
            if mine:
                act(mine.id)

    def of(self, who: int, rows: dict[int, Row[Any]]) -> Row[Any] | None:
        """Return her row among these; None: she is unknown, or has none."""
        person = self.person(who)
        return next((one for one in rows.values() if person and one.person_id == person.id), None)

    def change(self, **changes: Any) -> None:
        one = db.session.get_one(GroupSession, self.session_id)
        plan = {
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "place": sessions.place_of(one),
            "capacity": one.capacity,
            "minimum": 0,
            **changes,
        }
        sessions.change(self.session_id, sessions.Plan(**plan), actor_id=self.actor_id, revision=one.revision)

    def person(self, who: int) -> Person | None:
        told = PEOPLE[who]
        return by_identity(self.organisation_id, told.email, told.first_name, told.last_name, told.profession_slug)

    # What always holds

    @invariant()
    def never_over(self) -> None:
        taken = [one for one in self.look.states.values() if one in ("confirmed", "offered")]
        assert len(taken) <= self.look.session.capacity

    @invariant()
    def a_seat_is_free_while_somebody_waits_only_when_none_may_be_kept_any_more(self) -> None:
        one, states = self.look.session, list(self.look.states.values())
        is_free = sum(state in ("confirmed", "offered") for state in states) < one.capacity
        if one.status == "open" and now() < one.starts_at and is_free and "waiting" in states:
            assert kept_until(now(), one.starts_at) is None

    @invariant()
    def a_deadline_goes_with_an_offer_and_with_nothing_else(self) -> None:
        for one in self.look.registrations.values():
            assert (one.status == Status.OFFERED) == (one.offer_expires_at is not None)

    @invariant()
    def nobody_is_there_twice(self) -> None:
        registered, enrolled = self.look.registrations.values(), self.look.enrolments.values()
        for persons in ([one.person_id for one in registered], [one.person_id for one in enrolled], self.look.attended):
            assert len(persons) == len(set(persons))

    @invariant()
    def who_was_noted_had_a_seat_or_came_unannounced(self) -> None:
        rows = self.look.registrations.values()
        expected = [one.person_id for one in rows if one.status in ("confirmed", "walk_in")]
        assert set(self.look.attended) <= set(expected)

    def teardown(self) -> None:
        db.session.remove()
        empty_every_table()
