"""A cancelled session is held after all: each finds again what she had, and nobody is passed over."""

import pytest

from cpts_sessions.extensions import db
from cpts_sessions.people.services import Told
from cpts_sessions.registrations import decisions, enrolments, on_behalf, services, sessions, undoing
from cpts_sessions.registrations.models import Registration
from tests.factories import (
    make_circles,
    make_group_session,
    make_person,
    make_programme,
    signed_up,
    told,
)
from tests.registrations.outbox import kinds

pytestmark = pytest.mark.usefixtures("app", "clock")


def cancelled_and_back(group_session, actor):
    """Cancel a session, then hold it after all; return the kinds written by the second act."""
    sessions.cancel(group_session.id, "intempéries", actor_id=actor)
    written = len(kinds())
    sessions.reinstate(group_session.id, actor_id=actor)
    return kinds()[written:]


def states():
    """Read the states afresh, in the order people came."""
    db.session.expire_all()
    return [one.status for one in db.session.query(Registration).order_by(Registration.id)]


def test_a_seat_given_ahead_of_the_list_stays_given(organisation, actor):
    group_session = make_group_session(make_programme(organisation), capacity=2)
    _, leaving, first, second = (signed_up(group_session) for _ in range(4))
    services.leave(leaving.id)
    services.leave(first.id)  # she refuses the seat
    on_behalf.move_up(second.id, actor_id=actor)
    services.take_back(first.id)
    third = signed_up(group_session)
    assert states() == ["confirmed", "cancelled", "waiting", "confirmed", "waiting"]

    assert cancelled_and_back(group_session, actor) == [
        "seance_retablie",
        "seance_retablie",
        "liste_attente",
        "liste_attente",
    ]
    assert states() == ["confirmed", "cancelled", "waiting", "confirmed", "waiting"]
    assert third.status == "waiting"


def test_a_non_member_s_request_is_not_granted_by_the_way(organisation, actor):
    group_session = make_group_session(make_circles(organisation))
    signed_up(group_session)

    assert cancelled_and_back(group_session, actor) == ["adhesion_demandee"]

    assert states() == ["requested"]


def test_a_seat_that_was_kept_is_offered_again_to_her_who_had_it(organisation, actor):
    group_session = make_group_session(make_programme(organisation), capacity=1)
    seated, first, _ = (signed_up(group_session) for _ in range(3))
    services.leave(seated.id)

    assert cancelled_and_back(group_session, actor) == ["place_proposee", "liste_attente"]

    assert states() == ["cancelled", "offered", "waiting"]
    assert first.ended_by is None


def test_whoever_follows_the_season_since_then_gets_the_date_too(organisation, actor):
    group_session = make_group_session(make_programme(organisation))
    signed_up(group_session)
    sessions.cancel(group_session.id, "intempéries", actor_id=actor)
    enrolments.enrol(group_session.programme_id, 2026, told())

    sessions.reinstate(group_session.id, actor_id=actor)

    assert states() == ["confirmed", "confirmed"]
    assert kinds()[-1:] == ["dates_ajoutees"]


def test_a_date_declined_before_stays_declined(organisation, actor):
    programme = make_programme(organisation)
    group_session = make_group_session(programme)
    enrolments.enrol(programme.id, 2026, told())
    services.leave(db.session.query(Registration).one().id)

    cancelled_and_back(group_session, actor)

    assert states() == ["declined"]


@pytest.mark.parametrize("act", ["stop", "season not hers", "date not hers"])
def test_who_stopped_or_never_asked_does_not_come_back_with_the_session(organisation, actor, act):
    programme = make_programme(organisation)
    group_session = make_group_session(programme)
    enrolments.enrol(programme.id, 2026, Told.of(make_person(organisation)))
    sessions.cancel(group_session.id, "intempéries", actor_id=actor)
    one = db.session.query(Registration).one()
    if act == "date not hers":
        undoing.not_me(one.id)
    else:
        (enrolments.stop if act == "stop" else enrolments.not_me)(one.enrolment_id)
    written = len(kinds())

    sessions.reinstate(group_session.id, actor_id=actor)

    assert (states(), kinds()[written:]) == (["cancelled"], [])


def test_a_session_cancelled_twice_is_called_about_twice(organisation, actor, clock):
    group_session = make_group_session(make_programme(organisation))
    clock.move_to(group_session.starts_at.replace(hour=8))
    registration = signed_up(group_session)
    sessions.cancel(group_session.id, "intempéries", actor_id=actor)
    on_behalf.note_call(registration.id, actor_id=actor)
    sessions.reinstate(group_session.id, actor_id=actor)

    sessions.cancel(group_session.id, "intempéries", actor_id=actor)

    assert decisions.calls_of_the_day(organisation.id) == [(group_session, 1)]
