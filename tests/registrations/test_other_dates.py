"""The other dates that a message proposes: those she does not have already."""

from datetime import timedelta

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.programmes.wording import short_date
from cpts_sessions.registrations import services, sessions
from cpts_sessions.registrations.models import Registration
from tests.factories import STARTS_AT, make_group_session, signed_up, told
from tests.registrations.outbox import last

pytestmark = pytest.mark.usefixtures("app", "clock")


@pytest.fixture
def later(programme):
    """Two more dates of the programme, a week and two weeks later."""
    return [make_group_session(programme, starts_at=STARTS_AT + timedelta(weeks=n)) for n in (1, 2)]


def proposed():
    return [line.partition(",")[0] for line in normalise(last().values["autres_dates"]).splitlines()]


def dates_of(group_sessions):
    return [normalise(short_date(one)).partition(",")[0] for one in group_sessions]


def test_who_waits_is_not_shown_a_date_she_has(programme, later):
    full = make_group_session(programme, capacity=1)
    signed_up(full)
    who = told()
    services.sign_up(later[0].id, who)

    services.sign_up(full.id, who)

    assert last().kind == "liste_attente"
    assert proposed() == dates_of(later[1:])


def test_each_whom_a_cancelled_session_sends_away_reads_the_dates_she_has_not(programme, later):
    cancelled = make_group_session(programme)
    who = told()
    services.sign_up(later[1].id, who)
    services.sign_up(cancelled.id, who)

    sessions.cancel(cancelled.id, "Salle fermée", actor_id=None)

    assert last().kind == "seance_annulee"
    assert proposed() == dates_of(later[:1])


def test_a_date_that_takes_no_sign_ups_now_is_not_proposed(programme, later):
    soon, past = STARTS_AT - timedelta(days=1), STARTS_AT - timedelta(weeks=4)
    make_group_session(programme, starts_at=STARTS_AT + timedelta(days=2), opens_at=soon)
    make_group_session(programme, starts_at=STARTS_AT + timedelta(days=3), opens_at=past, closes_at=past)
    full = make_group_session(programme, capacity=1)
    signed_up(full)

    signed_up(full)

    assert proposed() == dates_of(later)


def test_a_date_she_gave_back_is_proposed_again(programme, later):
    full = make_group_session(programme, capacity=1)
    signed_up(full)
    who = told()
    services.sign_up(later[0].id, who)
    hers = db.session.query(Registration).filter_by(group_session_id=later[0].id).one()
    services.leave(hers.id)
    services.sign_up(full.id, who)

    assert proposed() == dates_of(later)
