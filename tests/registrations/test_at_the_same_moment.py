"""Two acts about one person at the same moment: one waits for the other, and neither ends in a fault."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.programmes.plans import NewSession
from cpts_sessions.registrations import enrolments, on_behalf, planning, services, undoing
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.registrations.planning import Fate
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.merge import merge
from tests.factories import make_group_session, make_organisation, make_person, make_programme, signed_up, told
from tests.processes import until

WHO = told(email="anne@example.org", first_name="Anne", last_name="Rossi")
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
def dates(app):
    """Two open sessions, far enough for the real clock."""
    programme = make_programme(make_organisation())
    return [make_group_session(programme, starts_at=now() + timedelta(days=day)) for day in (9, 10)]


@contextmanager
def meanwhile(app, act):
    """Run an act elsewhere while the block holds its transaction; what it raised is in the list."""
    raised = []

    def run():
        with app.app_context():
            try:
                act()
            except Exception as error:
                raised.append(error)
            finally:
                db.session.remove()

    other = threading.Thread(target=run)
    with transaction():
        yield raised, other.start
        if db.engine.dialect.name == "postgresql":
            until(lambda: _others_wait() or not other.is_alive(), "the other act to wait for this one")
    other.join(60)
    db.session.expire_all()


def _others_wait():
    with db.engine.connect() as connection:
        return connection.execute(text(_WAITING)).scalar_one() > 0


def told_as(person):
    """What she says of herself once more."""
    return told(email=person.email, first_name=person.first_name, last_name=person.last_name)


def test_somebody_is_not_forgotten_while_she_signs_up_elsewhere(app, dates):
    first = signed_up(dates[0])
    person, key = told_as(first.person), first.id

    with meanwhile(app, lambda: undoing.not_me(key)) as (raised, start):
        services.sign_up(dates[1].id, person)
        start()

    assert raised == []
    assert [one.group_session_id for one in db.session.query(Registration)] == [dates[1].id]


def test_who_signs_up_while_she_is_forgotten_is_known_anew(app, dates):
    first = signed_up(dates[0])
    person, key = told_as(first.person), first.id
    date = dates[1].id

    with meanwhile(app, lambda: services.sign_up(date, person)) as (raised, start):
        undoing.not_me(key)
        start()

    assert raised == []
    assert [one.email for one in db.session.query(Person)] == [person.email]


def test_who_signs_up_while_her_record_is_merged_has_her_seat(app, dates):
    kept, absorbed = (signed_up(dates[0]) for _ in range(2))
    person, ids = told_as(absorbed.person), (kept.person_id, absorbed.person_id)
    date = dates[1].id

    with meanwhile(app, lambda: services.sign_up(date, person)) as (raised, start):
        merge(*ids, actor_id=None)
        start()

    assert raised == []
    assert db.session.query(Registration).filter_by(group_session_id=date, status="confirmed").count() == 1


def test_data_are_not_erased_beside_a_seat_that_has_just_been_asked_for(app, dates):
    first = signed_up(dates[0])
    person, key = told_as(first.person), first.person_id

    with meanwhile(app, lambda: erase(key, by_herself=True)) as (raised, start):
        services.sign_up(dates[1].id, person)
        start()

    if db.engine.dialect.name == "postgresql":
        assert [type(error) for error in raised] == [RuleBroken]
    else:  # one writer at a time: the act that waited sees both seats
        assert (raised, db.session.query(Registration).count()) == ([], 0)


def test_what_was_undone_already_is_undone_once_more(dates):
    first = signed_up(dates[0])
    services.sign_up(dates[1].id, WHO)
    enrolments.enrol(dates[0].programme_id, dates[0].season, told())
    keys = first.id, db.session.query(Enrolment.id).scalar()

    for _ in range(2):
        undoing.not_me(keys[0])
        enrolments.not_me(keys[1])

    assert [one.email for one in db.session.query(Person)] == [WHO.email]


def test_a_registration_that_is_gone_is_refused_with_a_sentence(dates):
    key = signed_up(dates[0]).id
    undoing.not_me(key)

    for act in (services.leave, services.take_back, services.take_seat, services.answer_coming):
        with pytest.raises(RuleBroken, match="n’existe plus"):
            act(key)


def test_a_record_that_is_gone_is_neither_erased_nor_merged(dates):
    first, second = (signed_up(dates[0]) for _ in range(2))
    key, other = first.person_id, second.person_id
    erase(key, by_herself=False)

    with pytest.raises(RuleBroken, match="déjà effacées"):
        erase(key, by_herself=False)
    with pytest.raises(RuleBroken, match="n’existe plus"):
        merge(other, key, actor_id=None)


def test_two_records_corrected_to_the_same_words_stay_two(app, dates):
    organisation = dates[0].organisation
    one, other = (make_person(organisation).id for _ in range(2))

    def correct(key):
        on_behalf.correct_person(key, WHO, is_member=False, rpps=None, actor_id=key)

    with meanwhile(app, lambda: correct(other)) as (raised, start):
        correct(one)
        start()

    assert [type(error) for error in raised] == [RuleBroken]


def test_a_session_planned_twice_at_the_same_moment_is_planned_once(app, dates):
    programme_id, starts_at = dates[0].programme_id, now() + timedelta(days=20)

    def plan():
        planning.plan_sessions(programme_id, [NewSession(starts_at=starts_at)], Fate.DRAFT, actor_id=1)

    with meanwhile(app, plan) as (raised, start):
        plan()
        start()

    assert [type(one) for one in raised] == [RuleBroken]
    assert db.session.query(GroupSession).filter_by(starts_at=starts_at).count() == 1
