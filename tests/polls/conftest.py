"""A CPTS, its GAPP, and people who may be asked."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.polls import services
from cpts_sessions.polls.models import DatePoll, PollInvitation, Reply
from cpts_sessions.polls.queries import Circle
from cpts_sessions.programmes.models import Programme
from tests.factories import make_coordinator, make_organisation, make_person, make_programme

SLOTS = [
    datetime(2027, 1, 12, 19, 0, tzinfo=UTC),  # a Tuesday, 20 h in Paris
    datetime(2027, 1, 14, 19, 0, tzinfo=UTC),
    datetime(2027, 1, 16, 9, 0, tzinfo=UTC),  # a Saturday, 10 h
]
DEADLINE = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)


@pytest.fixture
def cpts(app: Flask, clock: object) -> Organisation:
    return make_organisation()


@pytest.fixture
def gapp(cpts: Organisation) -> Programme:
    return make_programme(cpts, minimum=1)


@pytest.fixture
def eva(cpts: Organisation) -> Person:
    return make_coordinator(cpts, email="eva@example.org")


@pytest.fixture
def poll(cpts: Organisation, gapp: Programme, eva: Person) -> DatePoll:
    """Three slots, proposed to the four members."""
    for name in ("Ana", "Bea", "Cora", "Dina"):
        make_person(cpts, first_name=name, email=f"{name.lower()}@example.org", is_member=True)
    return send(gapp, eva)


def send(programme: Programme, actor: Person) -> DatePoll:
    """Propose the three slots to the members."""
    plan = services.PollPlan(slots=[(start, None) for start in SLOTS], deadline_at=DEADLINE, circles=[Circle.MEMBERS])
    return services.send(programme.id, plan, actor_id=actor.id)


def invitation_of(first_name: str) -> PollInvitation:
    """What one person was asked."""
    return db.session.query(PollInvitation).join(Person).filter(Person.first_name == first_name).one()


YES, MAYBE, NO = Reply.YES, Reply.IF_NEEDED, Reply.NO


@pytest.fixture
def says(poll: DatePoll) -> Callable[..., None]:
    """Answer in somebody's name, one reply per slot; None for a slot left alone."""

    def answer(first_name: str, *replies: Reply | None, suggestion: str = "") -> None:
        given = {slot.id: reply for slot, reply in zip(poll.slots, replies, strict=False) if reply}
        services.answer(invitation_of(first_name).id, given, suggestion)

    return answer
