"""Whatever happens to a session, in whatever order: what is promised of seats, lists, mails and agendas holds."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import by_identity
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import on_behalf, rules, services, sessions, undoing, waiting_list
from cpts_sessions.registrations.models import Registration, Status
from cpts_sessions.rights.merge import merge
from tests.conftest import NOW, empty_every_table
from tests.factories import make_coordinator, make_group_session, make_organisation, make_programme

RUNS = int(os.environ.get("RUNS", "20"))
STEPS = 25

#: Six people who share two mailboxes; the last two have no e-mail.
MAILBOXES = ("cabinet@example.org", "cabinet@example.org", "maison@example.org", "solene@example.org", None, None)
PEOPLE = [
    Told(first_name=first, last_name="Martin", email=email, profession_slug="sage-femme")
    for first, email in zip(("Anne", "Brune", "Claire", "Dina", "Elsa", "Flore"), MAILBOXES, strict=True)
]
STARTS_AT = datetime(2026, 11, 9, 19, 0, tzinfo=UTC)  # a Monday, 20 h in Paris: a week after the clock of the tests

ASKED = {("cancelled", "confirmed"), ("cancelled", "waiting"), ("declined", "confirmed"), ("declined", "waiting")}
SERVED = {("waiting", "offered")}
BACK = {("cancelled", "confirmed"), ("cancelled", "waiting"), ("cancelled", "offered")}
GIVEN_BACK = {(was, "cancelled") for was in ("confirmed", "waiting", "offered")} | {("offered", "declined")}
#: What each act may make of a registration that was there; a new one is confirmed or waits.
MAY: dict[str, set[tuple[str, str]]] = {
    "sign_up": ASKED | {("waiting", "confirmed")},
    "take_back": ASKED,
    "take_seat": {("offered", "confirmed"), ("waiting", "confirmed")},
    "move_up": {("offered", "confirmed"), ("waiting", "confirmed")},
    "leave": GIVEN_BACK | SERVED,
    "withdraw": GIVEN_BACK | SERVED,
    "not_me": GIVEN_BACK | SERVED,
    "time": {("offered", "declined")} | SERVED,
    "capacity": SERVED,
    "move": SERVED | {("offered", "waiting")},
    "cancel": {(was, "cancelled") for was in ("confirmed", "waiting", "offered")},
    "reinstate": BACK,
    "merge": SERVED,
}


class Story(RuleBasedStateMachine):
    """One session, six people, a coordinator and the clock."""

    clock: ClassVar[Any]
    who = st.integers(0, len(PEOPLE) - 1)

    @initialize(capacity=st.integers(1, 2), crowd=st.integers(2, 6))
    def begin(self, capacity: int, crowd: int) -> None:
        self.clock.move_to(NOW)
        organisation = make_organisation()
        self.organisation_id = organisation.id
        self.actor_id = make_coordinator(organisation).id
        self.session_id = make_group_session(
            make_programme(organisation), capacity=capacity, minimum=0, starts_at=STARTS_AT
        ).id
        self.told: dict[Any, tuple[int, datetime]] = {}
        self.read: set[Any] = set()
        for who in range(crowd):
            self.sign_up(who)

    # What people and the coordination do

    @rule(who=who)
    def sign_up(self, who: int) -> None:
        told = PEOPLE[who]
        with Act(self, "sign_up"):
            if told.email:
                services.sign_up(self.session_id, told)
            else:
                on_behalf.register(self.session_id, told, actor_id=self.actor_id)

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
    def move_up(self, who: int) -> None:
        self.on_hers("move_up", who, lambda one: on_behalf.move_up(one, actor_id=self.actor_id))

    @rule(who=who, reason=st.sampled_from(["", "double emploi"]))
    def withdraw(self, who: int, reason: str) -> None:
        self.on_hers("withdraw", who, lambda one: on_behalf.withdraw(one, actor_id=self.actor_id, reason=reason))

    @rule(who=who)
    def not_me(self, who: int) -> None:
        self.on_hers("not_me", who, undoing.not_me)

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
        starts_at = self.session().starts_at + timedelta(hours=hours)
        with Act(self, "move"):
            self.change(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))

    @rule()
    def cancel(self) -> None:
        with Act(self, "cancel"):
            sessions.cancel(self.session_id, "intempéries", actor_id=self.actor_id)

    @precondition(lambda self: self.session().status == "cancelled")
    @rule()
    def reinstate(self) -> None:
        with Act(self, "reinstate"):
            sessions.reinstate(self.session_id, actor_id=self.actor_id)

    @rule(hours=st.sampled_from([0.2, 3, 7, 13, 25, 49]))
    def time_passes(self, hours: float) -> None:
        self.clock.shift(timedelta(hours=hours))
        with Act(self, "time"):
            waiting_list.expire_offers()

    def on_hers(self, name: str, who: int, act: Any) -> None:
        person = self.person(who)
        registration = person and db.session.query(Registration).filter_by(person_id=person.id).one_or_none()
        with Act(self, name):
            if registration:
                act(registration.id)

    def change(self, **changes: Any) -> None:
        one = self.session()
        plan = {
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "place": sessions.place_of(one),
            "capacity": one.capacity,
            "minimum": 0,
            **changes,
        }
        sessions.change(self.session_id, sessions.Plan(**plan), actor_id=self.actor_id, revision=one.revision)

    def session(self) -> GroupSession:
        return db.session.get_one(GroupSession, self.session_id, populate_existing=True)

    def person(self, who: int) -> Person | None:
        told = PEOPLE[who]
        return by_identity(self.organisation_id, told.email, told.first_name, told.last_name, told.profession_slug)

    def states(self) -> dict[int, str]:
        return {one.id: one.status for one in db.session.query(Registration).populate_existing()}

    def line(self) -> list[int]:
        """The ids of those who wait, first come first."""
        rows = db.session.query(Registration).filter_by(status="waiting")
        return [one.id for one in rows.order_by(Registration.queued_at, Registration.id)]

    def new_messages(self) -> list[OutboxMessage]:
        rows = db.session.query(OutboxMessage).order_by(OutboxMessage.id).all()
        new = [one for one in rows if one.public_id not in self.read]
        self.read |= {one.public_id for one in new}
        return new

    # What always holds

    @invariant()
    def never_over(self) -> None:
        taken = [one for one in self.states().values() if one in ("confirmed", "offered")]
        assert len(taken) <= self.session().capacity

    @invariant()
    def a_seat_is_free_while_somebody_waits_only_when_none_may_be_kept_any_more(self) -> None:
        one, states = self.session(), list(self.states().values())
        is_free = sum(state in ("confirmed", "offered") for state in states) < one.capacity
        if one.status == "open" and now() < one.starts_at and is_free and "waiting" in states:
            assert rules.offer_deadline(rules.mail_leaves_at(now()), one.starts_at) is None

    @invariant()
    def a_deadline_goes_with_an_offer_and_with_nothing_else(self) -> None:
        for one in db.session.query(Registration):
            assert (one.status == Status.OFFERED) == (one.offer_expires_at is not None)

    @invariant()
    def nobody_is_there_twice(self) -> None:
        persons = [one.person_id for one in db.session.query(Registration)]
        assert len(persons) == len(set(persons))

    def teardown(self) -> None:
        db.session.remove()
        empty_every_table()


class Act:
    """Looks before and after: what changed was allowed, and was told once."""

    def __init__(self, story: Story, name: str) -> None:
        self.story, self.name = story, name

    def __enter__(self) -> None:
        self.story.clock.shift(timedelta(milliseconds=10))  # no two acts at one instant
        self.before, self.line = self.story.states(), self.story.line()
        self.had_begun = now() >= self.story.session().starts_at
        self.story.new_messages()

    def __exit__(self, kind: type[BaseException] | None, _error: object, _where: object) -> bool:
        if kind is not None and not issubclass(kind, RuleBroken):
            return False
        db.session.expire_all()
        after, messages = self.story.states(), self.story.new_messages()
        changed = {one: (self.before.get(one), state) for one, state in after.items() if self.before.get(one) != state}
        if kind is not None:
            assert (changed, messages, after) == ({}, [], self.before)
        self.check_changes(changed)
        self.check_line(set(changed))
        self.check_messages(set(changed), messages)
        self.check_agendas(messages)
        return True

    def check_changes(self, changed: dict[int, tuple[str | None, str]]) -> None:
        new = {one for one, (was, _) in changed.items() if was is None}
        assert not new or self.name == "sign_up"
        assert all(changed[one][1] in ("confirmed", "waiting") for one in new)
        assert {change for one, change in changed.items() if one not in new} <= MAY[self.name]
        assert not (self.had_begun and changed)

    def check_line(self, changed: set[int]) -> None:
        line = self.story.line()
        assert [one for one in line if one in self.line] == [one for one in self.line if one in line]
        if self.name in ("sign_up", "take_back"):
            assert set(line[len([one for one in line if one not in changed]) :]) == set(line) & changed

    def check_messages(self, changed: set[int], messages: list[OutboxMessage]) -> None:
        if self.name in ("not_me", "merge"):
            return  # nobody is told, but those the freed seat goes to
        for one in db.session.query(Registration).filter(Registration.id.in_(changed)):
            written = [message.kind for message in messages if message.registration_id == one.id]
            if one.person.email is None:
                assert written == []
            elif self.name != "move":  # the new date is told too, and nothing of a seat in the middle of the night
                assert len(written) == 1

    def check_agendas(self, messages: list[OutboxMessage]) -> None:
        for message in messages:
            if message.calendar:
                uid, stamp = message.calendar["uid_of"], datetime.fromisoformat(message.calendar["stamp"])
                sequence, last = self.story.told.get(uid, (-1, datetime.min.replace(tzinfo=UTC)))
                assert message.calendar["sequence"] > sequence
                assert stamp > last
                self.story.told[uid] = (message.calendar["sequence"], stamp)


def test_whatever_happens_in_whatever_order_what_is_promised_holds(app):
    with time_machine.travel(NOW, tick=False) as clock:
        Story.clock = clock
        run_state_machine_as_test(
            Story,
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize="RUNS" not in os.environ,
                database=None,
                phases=[Phase.generate],  # a failure is told at once, as it came
                suppress_health_check=list(HealthCheck),
            ),
        )
