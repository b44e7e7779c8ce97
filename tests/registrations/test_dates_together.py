"""Dates that go together, as those of a training: one asks for all, never for one; each date has its own list."""

import threading
from datetime import timedelta

import pytest

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.programmes.wording import dates_together
from cpts_sessions.registrations import agenda, asking, continuing, enrolments, on_behalf, services
from cpts_sessions.registrations.hints import hints
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.conftest import NOW
from tests.factories import (
    STARTS_AT,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    told,
)
from tests.registrations.outbox import kinds

WEEK = timedelta(weeks=1)
VADE_MECUM = {
    "slug": "vade-mecum",
    "name": "Vade Mecum",
    "session_title": "Vade Mecum",
    "singular": "formation",
    "plural": "formations",
    "gender": "f",
    "goes_together": True,
}


@pytest.fixture
def training(app, clock):
    """A training of two Mondays."""
    return make_programme(make_organisation(), **VADE_MECUM)


def two_dates(training, **changes):
    return [make_group_session(training, starts_at=STARTS_AT + n * WEEK, **changes) for n in range(2)]


def statuses(group_session):
    db.session.expire_all()
    rows = db.session.query(Registration).filter_by(group_session_id=group_session.id).order_by(Registration.id)
    return [one.status for one in rows]


def test_asking_for_one_date_asks_for_all_with_as_many_messages_as_invitations(training):
    first, second = two_dates(training)

    asking.ask(second, told(), whole_season=False)

    assert (statuses(first), statuses(second)) == (["confirmed"], ["confirmed"])
    assert kinds() == ["inscription_ensemble", "date_suivante"]
    one, two = db.session.query(OutboxMessage).order_by(OutboxMessage.id)
    assert normalise(one.values["dates"]) == "- lundi 16 novembre 2026, 20 h\n- lundi 23 novembre 2026, 20 h"
    assert normalise(one.values["invitations"]).startswith(
        "L'invitation d'agenda du lundi 16 novembre est jointe. Celle"
    )
    assert (two.values["rang_date"], two.values["n_ensemble"]) == ("2", "2")
    assert [(row.calendar["method"], row.registration_id, row.group_session_id) for row in (one, two)] == [
        ("REQUEST", row.id, row.group_session_id) for row in db.session.query(Registration).order_by(Registration.id)
    ]
    asking.ask(first, told(email=one.to_address), whole_season=False)  # somebody else of the same practice
    assert kinds()[2:] == ["inscription_ensemble", "date_suivante"]


def test_a_training_of_one_date_is_answered_by_one_message_and_a_repeated_request_invites_no_more(training):
    only = make_group_session(training)
    nadia = told()

    asking.ask(only, nadia, whole_season=False)
    asking.ask(only, nadia, whole_season=False)

    one, again = db.session.query(OutboxMessage).order_by(OutboxMessage.id)
    assert (one.kind, again.kind) == ("inscription_ensemble", "inscription_ensemble")
    assert normalise(one.values["invitations"]) == "L'invitation d'agenda est jointe."
    assert (bool(one.calendar), again.calendar, again.values["invitations"]) == (True, None, "")


def test_no_service_gives_one_date_alone(training):
    one, _ = two_dates(training)
    eva = make_coordinator(one.organisation)

    with pytest.raises(RuleBroken, match="vont ensemble"):
        services.sign_up(one.id, told())
    with pytest.raises(RuleBroken, match="vont ensemble"):
        on_behalf.register(one.id, told(), actor_id=eva.id)

    assert db.session.query(Registration).count() == 0


def test_a_full_date_puts_her_on_its_list_and_the_other_is_hers(training):
    first, second = two_dates(training, capacity=1)
    asking.ask(first, told(), whole_season=False)
    leaver = db.session.query(Registration).filter_by(group_session_id=second.id).one()
    services.leave(leaver.id)

    asking.ask(first, told(), whole_season=False)

    assert (statuses(first), statuses(second)) == (["confirmed", "waiting"], ["declined", "confirmed"])
    message = db.session.query(OutboxMessage).filter_by(kind="inscription_ensemble").all()[-1]
    assert normalise(message.values["dates"]) == "- lundi 23 novembre 2026, 20 h"
    assert normalise(message.values["dates_attente"]) == "- lundi 16 novembre 2026, 20 h : 1re place"


def test_who_leaves_them_all_gives_every_seat_to_the_next(training):
    first, second = two_dates(training, capacity=1)
    asking.ask(first, told(), whole_season=False)
    asking.ask(first, told(), whole_season=False)

    enrolments.stop(db.session.query(Enrolment).order_by(Enrolment.id).first().id)

    assert (statuses(first), statuses(second)) == (["cancelled", "offered"], ["cancelled", "offered"])


def test_a_date_that_takes_no_sign_ups_says_so_and_asks_for_nothing(training):
    opens_later = make_group_session(training, starts_at=STARTS_AT, opens_at=NOW + timedelta(days=2))
    cancelled = make_group_session(training, starts_at=STARTS_AT + WEEK, status="cancelled", cancel_reason="grève")

    for one, sentence in ((opens_later, "Les inscriptions ouvrent"), (cancelled, "annulée")):
        with pytest.raises(RuleBroken, match=sentence):
            asking.ask(one, told(), whole_season=True)

    assert db.session.query(Enrolment).count() == 0


def test_a_seance_de_decouverte_of_a_training_is_asked_for_alone(training):
    two_dates(training)
    discovery = make_group_session(training, starts_at=STARTS_AT - timedelta(days=3), is_discovery=True)

    asking.ask(discovery, told(), whole_season=False)

    assert (statuses(discovery), db.session.query(Registration).count()) == (["confirmed"], 1)


def test_the_coordination_registers_to_all_outside_the_days_of_sign_up_too(training):
    first, second = two_dates(training, opens_at=NOW + timedelta(days=2))
    eva, claire = make_coordinator(first.organisation), make_person(first.organisation, is_member=False)
    who = told(first_name=claire.first_name, last_name=claire.last_name, email=claire.email)

    outcome = asking.ask_on_behalf(first, who, whole_season=False, actor_id=eva.id)

    assert normalise(outcome.sentence) == (
        "Inscription faite à toutes les dates (2 dates). Un message part à son adresse."
    )
    assert (statuses(first), statuses(second)) == (["confirmed"], ["confirmed"])
    assert kinds(of=claire) == ["inscription_ensemble", "date_suivante"]


def test_another_date_of_a_training_asked_from_a_personal_link_asks_for_all(training):
    gapp = make_group_session(make_programme(db.session.get_one(Organisation, training.organisation_id)))
    asking.ask(gapp, told(), whole_season=False)
    mine = db.session.query(Registration).one()
    first, second = two_dates(training)

    asking.also_ask(mine.id, second.id)

    assert (statuses(first), statuses(second)) == (["confirmed"], ["confirmed"])


def test_what_is_said_of_them_is_what_one_gets(training):
    first, second = two_dates(training)
    make_group_session(training, starts_at=STARTS_AT + 2 * WEEK, status="draft")
    make_group_session(training, starts_at=STARTS_AT + 3 * WEEK, closes_at=NOW)
    make_group_session(training, starts_at=STARTS_AT + 4 * WEEK, status="cancelled")
    january = make_group_session(training, starts_at=STARTS_AT + 8 * WEEK)  # another season
    shown = agenda.announced(training.organisation_id, first.public_id)
    assert shown is not None

    both = agenda.dates_together([shown])[first.id]
    dates = [one.group_session for one in both.dates]
    asking.ask(first, told(), whole_season=False)

    assert dates == [first, second]
    assert normalise(dates_together(dates)) == "2 dates qui vont ensemble : lundi 16 et lundi 23 novembre"
    assert {one.group_session_id for one in db.session.query(Registration)} == {first.id, second.id}
    assert both.apart == [january]
    message = db.session.query(OutboxMessage).filter_by(kind="inscription_ensemble").one()
    assert (
        normalise(message.values["dates_a_part"])
        == "D'autres dates en 2027, avec une inscription à part : lundi 11 janvier."
    )
    assert message.values["lien_dispositif"].endswith(f"/?dispositif={training.public_id}")


def test_a_training_ends_with_its_dates_nobody_is_asked_to_continue_nor_told_to_add_one(training, clock):
    one, _ = two_dates(training, capacity=1)
    for _ in range(2):
        asking.ask(one, told(), whole_season=False)
    assert hints(training.organisation_id) == []
    clock.move_to(NOW + timedelta(days=40))

    assert continuing.run() == 0
    with pytest.raises(RuleBroken, match="ne continue pas"):
        continuing.carry_on(db.session.query(Enrolment).first().id)


def two_evenings_of_one_year():
    """By the real clock, that no test stops while threads run."""
    first = (now() + WEEK).replace(hour=18)
    is_last_of_year = (first.month, first.day) == (12, 31)
    return [first - timedelta(days=is_last_of_year), first + timedelta(days=1 - is_last_of_year)]


def test_of_ten_at_once_the_last_seat_of_each_date_goes_to_one_and_the_others_wait(app):
    training = make_programme(make_organisation(), **VADE_MECUM)
    dates = [make_group_session(training, starts_at=start, capacity=1) for start in two_evenings_of_one_year()]
    everybody = [told() for _ in range(10)]
    ready, faults = threading.Barrier(10), []

    def ask(who, group_session_id):
        with app.app_context():
            try:
                ready.wait(60)
                asking.ask(db.session.get_one(GroupSession, group_session_id), who, whole_season=False)
            except Exception as error:
                faults.append(error)
            finally:
                db.session.remove()

    ids = [one.id for one in dates]
    threads = [threading.Thread(target=ask, args=(who, ids[n % 2])) for n, who in enumerate(everybody)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()  # what the others wrote is read from here on

    assert faults == []
    assert [sorted(statuses(one)) for one in dates] == [["confirmed"] + ["waiting"] * 9] * 2
    seated = {one.person_id for one in db.session.query(Registration).filter_by(status="confirmed")}
    assert len(seated) == 1
