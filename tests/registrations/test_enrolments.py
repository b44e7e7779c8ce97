"""A whole season: every open date, later ones, one refused, all left."""

from datetime import timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.registrations import dates_asked, enrolments, on_behalf, services, sessions
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    signed_up,
    told,
)
from tests.registrations.outbox import kinds, last

pytestmark = pytest.mark.usefixtures("app", "clock")


def dates(programme, n, **changes):
    """N open sessions, a week apart."""
    return [make_group_session(programme, starts_at=STARTS_AT + timedelta(weeks=week), **changes) for week in range(n)]


def of_season():
    """Read the registrations afresh, by their day."""
    db.session.expire_all()
    return sorted(db.session.query(Registration), key=lambda one: one.group_session.starts_at)


def test_enrolling_asks_for_every_open_date_of_the_season_and_no_other(programme):
    dates(programme, 3)
    make_group_session(programme, starts_at=STARTS_AT + timedelta(days=3), is_discovery=True)
    make_group_session(programme, starts_at=STARTS_AT + timedelta(days=4), status="draft")
    make_group_session(programme, starts_at=STARTS_AT + timedelta(days=90))  # February: another season

    enrolments.enrol(programme.id, 2026, told())

    assert [one.status for one in of_season()] == ["confirmed"] * 3
    assert kinds() == ["inscription_dispositif"] + ["inscription_confirmee"] * 3
    methods = [m.calendar["method"] for m in db.session.query(OutboxMessage) if m.calendar]
    assert methods == ["REQUEST"] * 3


def test_full_dates_put_her_on_their_lists_and_one_message_says_so(programme):
    _, full = dates(programme, 2, capacity=1)
    signed_up(full)

    enrolments.enrol(programme.id, 2026, told())

    message = db.session.query(OutboxMessage).filter_by(kind="inscription_dispositif").one()
    assert message.values["dates"] == "- lundi 16\u00a0novembre 2026, 20\u00a0h"
    assert message.values["dates_attente"] == "- lundi 23\u00a0novembre 2026, 20\u00a0h : 1re place"


def test_a_date_added_later_is_asked_for_and_carries_one_message(programme):
    enrolments.enrol(programme.id, 2026, told())
    later = make_group_session(programme, status="draft")

    sessions.open_sessions([later.id])

    assert [one.status for one in of_season()] == ["confirmed"]
    assert kinds() == ["inscription_dispositif", "dates_ajoutees"]
    message = db.session.query(OutboxMessage).filter_by(kind="dates_ajoutees").one()
    assert message.calendar["method"] == "REQUEST"
    assert (message.group_session_id, message.values["invitations"]) == (later.id, "L’invitation d’agenda est jointe.")


def test_declining_one_date_keeps_the_others(programme):
    dates(programme, 3)
    enrolments.enrol(programme.id, 2026, told())

    services.leave(of_season()[1].id)

    assert [one.status for one in of_season()] == ["confirmed", "declined", "confirmed"]
    assert (last().kind, last().calendar["method"]) == ("desinscription", "CANCEL")


def test_a_declined_date_can_be_taken_back_and_stays_hers_in_the_season(programme):
    dates(programme, 1)
    enrolments.enrol(programme.id, 2026, told())
    registration = of_season()[0]
    services.leave(registration.id)

    services.take_back(registration.id)

    assert [(one.status, one.enrolment_id is not None) for one in of_season()] == [("confirmed", True)]


def test_stopping_frees_the_seats_to_come_and_serves_their_lists(programme):
    dates(programme, 2, capacity=1)
    enrolments.enrol(programme.id, 2026, told())
    waiting = signed_up(of_season()[1].group_session)
    enrolment = db.session.query(Enrolment).one()

    outcome = enrolments.stop(enrolment.id)

    db.session.expire_all()
    assert outcome.is_change
    assert enrolment.left_at is not None
    assert waiting.status == "offered"
    assert kinds(of=enrolment.person)[-3:] == ["desinscription", "desinscription", "dispositif_quitte"]
    assert not enrolments.stop(enrolment.id).is_change


def test_resuming_asks_for_the_dates_again(programme):
    dates(programme, 2)
    enrolments.enrol(programme.id, 2026, told())
    enrolment = db.session.query(Enrolment).one()
    enrolments.stop(enrolment.id)

    enrolments.resume(enrolment.id)

    assert [one.status for one in of_season()] == ["confirmed", "confirmed"]
    assert db.session.query(Enrolment).one().left_at is None


def test_enrolling_twice_changes_nothing(programme):
    dates(programme, 2)
    who = told()
    enrolments.enrol(programme.id, 2026, who)
    before = len(of_season())

    enrolments.enrol(programme.id, 2026, who)

    assert (len(of_season()), db.session.query(Enrolment).count()) == (before, 1)
    assert last().kind == "inscription_dispositif"


def test_not_me_on_a_season_forgets_her_altogether(programme):
    dates(programme, 2, capacity=1)
    enrolments.enrol(programme.id, 2026, told())
    waiting = signed_up(of_season()[0].group_session)
    enrolment = db.session.query(Enrolment).one()
    person_id = enrolment.person_id

    enrolments.not_me(enrolment.id)

    db.session.expire_all()
    assert db.session.get(Person, person_id) is None
    assert db.session.query(Enrolment).count() == 0
    assert waiting.status == "offered"
    assert db.session.query(OutboxMessage).filter_by(person_id=None).count() == 0


def test_a_non_member_asks_for_the_season_and_one_yes_seats_her_everywhere():
    organisation = make_organisation()
    coordinator = make_coordinator(organisation)
    circles = make_circles(organisation)
    dates(circles, 2)
    enrolments.enrol(circles.id, 2026, told())
    assert [one.status for one in of_season()] == ["requested", "requested"]
    assert kinds() == ["adhesion_demandee", "adhesion_a_valider"]

    on_behalf.accept_request(of_season()[0].id, actor_id=coordinator.id)

    assert [one.status for one in of_season()] == ["confirmed", "confirmed"]
    assert kinds()[2:] == ["adhesion_acceptee", "inscription_confirmee", "inscription_confirmee"]


def test_one_no_ends_every_request_of_the_season_with_its_reason():
    organisation = make_organisation()
    coordinator = make_coordinator(organisation)
    circles = make_circles(organisation)
    dates(circles, 2)
    enrolments.enrol(circles.id, 2026, told())

    on_behalf.refuse_request(of_season()[0].id, actor_id=coordinator.id, reason="Le groupe est au complet.")

    assert [(one.status, one.ended_by) for one in of_season()] == [("declined", "coordination")] * 2
    assert (last().kind, last().values["raison"]) == ("adhesion_refusee", "Le groupe est au complet.")


def test_a_failure_at_the_last_date_leaves_no_date_at_all(programme, monkeypatch):
    dates(programme, 3)
    honest = dates_asked.give_place
    calls = []

    def fail_at_the_third(*args, **kwargs):
        calls.append(args)
        if len(calls) == 3:
            raise RuleBroken("panne")
        honest(*args, **kwargs)

    monkeypatch.setattr(dates_asked, "give_place", fail_at_the_third)
    with pytest.raises(RuleBroken):
        enrolments.enrol(programme.id, 2026, told())

    assert (of_season(), db.session.query(Enrolment).count(), kinds()) == ([], 0, [])


def test_somebody_with_a_single_date_already_keeps_it_when_she_enrols(programme):
    first, _ = dates(programme, 2)
    person = make_person(programme, organisation_id=programme.organisation_id)
    who = told(first_name=person.first_name, last_name=person.last_name, email=person.email)
    services.sign_up(first.id, who)

    enrolments.enrol(programme.id, 2026, who)

    assert [one.status for one in of_season()] == ["confirmed", "confirmed"]
    assert kinds(of=person).count("inscription_confirmee") == 2


def test_not_me_forgets_somebody_who_enrolled_before_any_date(programme):
    enrolments.enrol(programme.id, 2026, told())
    enrolment = db.session.query(Enrolment).one()

    enrolments.not_me(enrolment.id)

    assert (db.session.query(Enrolment).count(), db.session.query(Person).count()) == (0, 0)


def test_a_pending_request_repeated_is_still_a_request():
    organisation = make_organisation()
    circles = make_circles(organisation)
    dates(circles, 1)
    who = told()
    for _ in range(2):
        enrolments.enrol(circles.id, 2026, who)

    assert kinds() == ["adhesion_demandee", "adhesion_demandee"]
