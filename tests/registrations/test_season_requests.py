"""A non-member asks for a whole season: what a yes gives, what a no leaves, and seasons that are over."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.accounts.models import RoleName
from cpts_sessions.accounts.services import give
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.registrations import enrolments, on_behalf, requested, services, sessions
from cpts_sessions.registrations.import_people import import_people
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    told,
)
from tests.registrations.outbox import kinds, last

pytestmark = pytest.mark.usefixtures("app", "clock")


@pytest.fixture
def circles(organisation):
    """A programme for members."""
    return make_circles(organisation)


def dates(programme, n, **changes):
    """N open sessions, a week apart."""
    return [make_group_session(programme, starts_at=STARTS_AT + timedelta(weeks=week), **changes) for week in range(n)]


def asked():
    """Read the registrations afresh, by their day."""
    db.session.expire_all()
    return sorted(db.session.query(Registration), key=lambda one: one.group_session.starts_at)


def states():
    """The states of the registrations, by their day."""
    return [one.status for one in asked()]


def test_a_yes_to_a_season_gives_the_dates_opened_since_the_request_too(circles, actor):
    first, second = dates(circles, 2)
    sessions.cancel(second.id, "intempéries", actor_id=actor)
    enrolments.enrol(circles.id, 2026, told())
    third = make_group_session(circles, starts_at=STARTS_AT + timedelta(weeks=2), status="draft")
    sessions.open_sessions([third.id])

    on_behalf.accept_request(asked()[0].id, actor_id=actor)

    assert [(one.group_session_id, one.status) for one in asked()] == [
        (first.id, "confirmed"),
        (third.id, "confirmed"),
    ]
    assert kinds()[-3:] == ["adhesion_acceptee", "inscription_confirmee", "inscription_confirmee"]


def test_a_yes_leaves_a_date_she_withdrew_alone(circles, actor):
    dates(circles, 2)
    enrolments.enrol(circles.id, 2026, told())
    services.leave(asked()[1].id)

    on_behalf.accept_request(asked()[0].id, actor_id=actor)

    assert states() == ["confirmed", "declined"]


def test_an_import_that_says_yes_leaves_a_date_she_withdrew_alone(circles, organisation):
    dates(circles, 2)
    enrolments.enrol(circles.id, 2026, told(first_name="Nadia", last_name="Ferhat", email="nadia@example.org"))
    services.leave(asked()[1].id)

    file = "e-mail;prénom;nom;profession\nnadia@example.org;Nadia;Ferhat;sage-femme\n"
    import_people(
        organisation.id, file.encode(), "personnes.csv", programme_slug="cercle-de-paroles", year=2026, dry_run=False
    )

    assert states() == ["confirmed", "declined"]


def test_a_no_after_a_date_has_passed_leaves_that_date_as_it_was(circles, actor, clock):
    dates(circles, 2)
    enrolments.enrol(circles.id, 2026, told())
    clock.move_to(STARTS_AT + timedelta(days=1))

    on_behalf.refuse_request(asked()[1].id, actor_id=actor)

    assert states() == ["requested", "declined"]


def test_a_season_asked_for_without_any_date_is_given_by_the_coordination(circles, actor):
    who = told()
    enrolments.enrol(circles.id, 2026, who)
    dates(circles, 1)

    outcome = on_behalf.enrol(circles.id, 2026, who, actor_id=actor)

    assert (outcome.is_change, states()) == (True, ["confirmed"])
    assert db.session.query(Enrolment).one().is_pending is False


def test_a_date_of_a_season_that_was_granted_is_taken_back_without_another_yes(circles, actor):
    dates(circles, 2)
    enrolments.enrol(circles.id, 2026, told())
    on_behalf.accept_request(asked()[0].id, actor_id=actor)
    services.leave(asked()[1].id)

    services.take_back(asked()[1].id)

    assert states() == ["confirmed", "confirmed"]


def test_a_season_given_by_telephone_answers_the_date_asked_for_before(organisation, circles, actor):
    first, _ = dates(circles, 2)
    who = told()
    services.sign_up(first.id, who)

    on_behalf.enrol(circles.id, 2026, who, actor_id=actor)

    assert (states(), requested.requests(organisation.id)) == (["confirmed", "confirmed"], [])


def test_a_season_that_is_over_is_not_taken_up_again(organisation, actor, clock):
    programme = make_programme(organisation)
    dates(programme, 1)
    who = told()
    enrolments.enrol(programme.id, 2026, who)
    enrolment = db.session.query(Enrolment).one()
    enrolments.stop(enrolment.id)
    clock.move_to(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))  # past midnight in Paris

    with pytest.raises(RuleBroken, match="saison 2026 est terminée"):
        enrolments.resume(enrolment.id)
    with pytest.raises(RuleBroken, match="saison 2026 est terminée"):
        on_behalf.enrol(programme.id, 2026, told(), actor_id=actor)

    db.session.expire_all()
    assert enrolment.left_at is not None


def pending(circles, **changes):
    """Nadia asks for the season of a programme that has no date."""
    enrolments.enrol(circles.id, 2026, told(first_name="Nadia", **changes))
    return db.session.query(Enrolment).one()


def test_a_season_without_any_date_waits_for_an_answer(organisation, circles):
    asked = pending(circles)

    (request,) = requested.requests(organisation.id)

    assert (request.person.first_name, request.season, request.dates) == ("Nadia", 2026, [])
    assert (request.enrolment, request.registration, requested.count_requests(organisation.id)) == (asked, None, 1)


def test_a_season_whose_dates_wait_is_one_request(organisation, circles):
    dates(circles, 2)
    pending(circles)

    (request,) = requested.requests(organisation.id)

    assert (len(request.dates), request.enrolment, requested.count_requests(organisation.id)) == (2, None, 1)


def test_a_yes_to_a_season_without_dates_holds_for_those_to_come(organisation, circles, actor):
    asked = pending(circles)

    outcome = requested.accept_season(asked.id, actor_id=actor)
    later = make_group_session(circles, status="draft")
    sessions.open_sessions([later.id])

    assert (outcome.sentence, outcome.is_change) == ("Demande acceptée, la personne est prévenue.", True)
    assert (requested.requests(organisation.id), states()) == ([], ["confirmed"])
    assert kinds()[-2:] == ["adhesion_acceptee", "dates_ajoutees"]
    assert requested.accept_season(asked.id, actor_id=actor).is_change is False


def test_a_yes_gives_the_dates_opened_since_the_season_was_asked_for(circles, actor):
    asked = pending(circles)
    make_group_session(circles)

    requested.accept_season(asked.id, actor_id=actor)

    assert (states(), kinds()[-2:]) == (["confirmed"], ["adhesion_acceptee", "inscription_confirmee"])


def test_a_no_to_a_season_without_dates_is_told_with_its_reason(organisation, circles, actor):
    asked = pending(circles)

    outcome = requested.refuse_season(asked.id, actor_id=actor, reason="réservé aux membres cette année")

    assert (outcome.sentence, last().kind) == ("Demande refusée, la personne est prévenue.", "adhesion_refusee")
    assert last().values["raison"] == "réservé aux membres cette année"
    assert (last().values["lien_agenda"], requested.count_requests(organisation.id)) == ("http://localhost/", 0)
    assert requested.refuse_season(asked.id, actor_id=actor).is_change is False
    assert requested.accept_season(asked.id, actor_id=actor).is_change is False


def test_a_season_that_is_over_is_asked_of_nobody_and_given_to_nobody(organisation, circles, actor, clock):
    asked = pending(circles)
    clock.move_to(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))  # past midnight in Paris

    assert requested.count_requests(organisation.id) == 0
    with pytest.raises(RuleBroken, match="saison 2026 est terminée"):
        requested.accept_season(asked.id, actor_id=actor)


def test_who_administers_is_told_of_a_request_when_nobody_coordinates(organisation, circles):
    alone = make_person(organisation)
    give(alone, RoleName.ADMINISTRATOR)

    pending(circles)

    assert kinds(of=alone) == ["adhesion_a_valider"]


def test_the_seasons_of_another_cpts_are_not_shown(circles):
    pending(circles)
    elsewhere = make_organisation(public_url="http://b.example.org")

    assert (requested.requests(elsewhere.id), requested.count_requests(elsewhere.id)) == ([], 0)
