"""« Prévenez-moi des prochaines dates »: one message per opening, to who asked and has not a place already."""

from datetime import timedelta

import pytest

from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told, set_member
from cpts_sessions.polls import services as polls
from cpts_sessions.polls.queries import Circle
from cpts_sessions.polls.services import PollPlan
from cpts_sessions.registrations import alerts
from cpts_sessions.registrations.models import DateAlert
from cpts_sessions.registrations.sessions import open_sessions
from cpts_sessions.rights.merge import merge
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_coordinator,
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    told,
)
from tests.registrations.outbox import kinds, written

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def cpts(app):
    return make_organisation()


@pytest.fixture
def circles(cpts):
    return make_circles(cpts)


def drafts(programme, number=2):
    dates = [STARTS_AT + timedelta(days=n) for n in range(number)]
    return [make_group_session(programme, starts_at=one, status="draft").id for one in dates]


def test_who_asked_gets_one_message_for_all_the_dates_of_one_opening(cpts, circles):
    alerts.ask(circles.id, told(email="lou@example.org"))
    alerts.ask(make_programme(cpts).id, told(email="other@example.org"))
    ids = drafts(circles)

    open_sessions(ids)
    open_sessions(ids)  # a button pressed twice

    told_of_dates = db.session.query(OutboxMessage).filter_by(kind="nouvelles_dates").all()
    assert [(one.to_address, one.values["dates"].count("\n")) for one in told_of_dates] == [("lou@example.org", 1)]
    assert list(told_of_dates[0].links) == ["lien_arret"]
    assert told_of_dates[0].values["lien_dispositif"] == f"{cpts.public_url}/?dispositif={circles.public_id}"


def test_who_has_a_place_or_learns_it_otherwise_is_not_told_twice(cpts, circles):
    follower, polled = (make_person(cpts, is_member=True) for _ in range(2))
    make_enrolment(circles, follower)
    for one in (follower, polled):
        alerts.ask(circles.id, Told.of(one))

    open_sessions(drafts(circles), told=[polled.id])

    assert "nouvelles_dates" not in kinds()
    assert kinds(of=polled) == ["prevenir_note"]


def test_sessions_opened_without_mail_tell_nobody(circles):
    alerts.ask(circles.id, told())
    open_sessions(drafts(circles), with_mail=False)
    assert kinds() == ["prevenir_note"]


def test_asking_again_writes_again_but_not_without_end(circles):
    lou = told()
    for _ in range(9):
        alerts.ask(circles.id, lou)
    assert (db.session.query(DateAlert).count(), len(kinds())) == (1, 6)


def test_stopping_forgets_who_was_unknown_and_keeps_who_was_known(cpts, circles):
    known = make_person(cpts)
    alerts.ask(circles.id, Told.of(known))
    alerts.ask(circles.id, told(email="lou@example.org"))
    for alert in db.session.query(DateAlert).all():
        alerts.stop(alert.id)
        alerts.stop(alert.id)

    assert [one.email for one in db.session.query(Person)] == [known.email]
    assert written() == [("prevenir_note", known.email)]  # what waited for the forgotten one went with her


def test_who_asked_for_two_programmes_stays_known_until_she_stops_both(cpts, circles):
    lou = told()
    first = circles.id
    for programme_id in (first, make_programme(cpts).id):
        alerts.ask(programme_id, lou)
    one, other = db.session.query(DateAlert).order_by(DateAlert.id).all()
    alerts.stop(one.id)
    assert db.session.query(Person).count() == 1
    alerts.stop(other.id)
    assert db.session.query(Person).count() == 1  # she was known when she asked again: time will forget her


@pytest.mark.parametrize("known_as", ["member", "polled"])
def test_who_became_known_otherwise_is_not_forgotten_when_she_stops(cpts, circles, known_as):
    alerts.ask(circles.id, told())
    (alert,) = db.session.query(DateAlert)
    if known_as == "member":
        set_member(alert.person_id, is_member=True, actor_id=make_coordinator(cpts).id)
    else:
        plan = PollPlan(slots=[(STARTS_AT, None)], deadline_at=STARTS_AT - timedelta(days=1), circles=[Circle.WAITS])
        polls.send(circles.id, plan, actor_id=make_coordinator(cpts).id)
    lou = alert.person_id
    alerts.stop(alert.id)
    assert db.session.get(Person, lou) is not None


def test_two_records_of_one_person_are_told_once_and_stopping_keeps_her(cpts, circles):
    one, gapp, new = make_person(cpts), make_programme(cpts), told()
    for programme_id, who in ((gapp.id, new), (circles.id, Told.of(one)), (circles.id, new)):
        alerts.ask(programme_id, who)
    (other,) = db.session.query(Person).filter_by(email=new.email)
    merge(one.id, other.id, actor_id=None)
    hers = alerts.of_person(one.id)
    assert {(each.person_id, each.programme.name) for each in hers} == {
        (one.id, "Cercles de paroles"),
        (one.id, "GAPP"),
    }
    for each in reversed(hers):
        alerts.stop(each.id)
    assert db.session.query(Person).count() == 1
