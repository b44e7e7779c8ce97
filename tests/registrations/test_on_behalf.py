"""The coordination acts for somebody who telephones."""

from datetime import timedelta

import pytest

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told
from cpts_sessions.registrations import on_behalf, personal, services
from cpts_sessions.registrations.models import Registration
from tests.factories import (
    make_circles,
    make_group_session,
    make_person,
    signed_up,
    told,
)
from tests.registrations.outbox import kinds, last, written

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_somebody_without_an_address_has_her_seat_and_nothing_is_sent(group_session, actor):
    outcome = on_behalf.register(group_session.id, told(email=None), actor_id=actor)

    assert normalise(outcome.sentence) == "Inscription faite. Aucun message ne part : pas d'adresse."
    assert ([r.status for r in db.session.query(Registration)], kinds()) == (["confirmed"], [])


def test_somebody_with_an_address_gets_her_invitation(group_session, actor):
    on_behalf.register(group_session.id, told(), actor_id=actor)

    assert (last().kind, last().calendar["partstat"]) == ("inscrit_par_la_coordination", "NEEDS-ACTION")


def test_the_coordination_seats_a_non_member_at_once(organisation, actor):
    circle = make_group_session(make_circles(organisation))
    on_behalf.register(circle.id, told(), actor_id=actor)

    assert db.session.query(Registration).one().status == "confirmed"


def test_registering_twice_changes_nothing(group_session, actor):
    who = told()
    on_behalf.register(group_session.id, who, actor_id=actor)

    assert not on_behalf.register(group_session.id, who, actor_id=actor).is_change
    assert kinds() == ["inscrit_par_la_coordination"]


def test_a_seat_given_to_somebody_further_down_the_list_is_audited(group_session, actor):
    seated, _, first, second = (signed_up(group_session) for _ in range(4))
    group_session_id = group_session.id
    with pytest.raises(RuleBroken, match="Aucune place"):
        on_behalf.move_up(second.id, actor_id=actor)
    on_behalf.withdraw(seated.id, actor_id=actor)
    on_behalf.withdraw(first.id, actor_id=actor)  # refuses the offer in her name: the second is offered

    on_behalf.move_up(second.id, actor_id=actor)

    db.session.expire_all()
    assert second.status == "confirmed"
    assert last().kind == "place_donnee"
    entry = db.session.query(AuditEntry).filter_by(kind="avancee").one()
    assert (entry.actor_id, entry.person_id, entry.group_session_id) == (actor, second.person_id, group_session_id)
    assert entry.values == {}


def test_withdrawing_at_her_wish_and_against_it_are_two_messages(group_session, actor):
    first, second = (signed_up(group_session) for _ in range(2))

    on_behalf.withdraw(first.id, actor_id=actor)
    on_behalf.withdraw(second.id, actor_id=actor, reason="Séance réservée aux internes.")

    assert [kind for kind, _ in written()[-2:]] == ["desinscription_demandee", "desinscription_par_la_coordination"]
    assert last().values["raison"] == "Séance réservée aux internes."
    assert [m.calendar["method"] for m in db.session.query(OutboxMessage).order_by(OutboxMessage.id)][-2:] == [
        "CANCEL",
        "CANCEL",
    ]


def test_withdrawing_frees_the_seat_for_the_first_who_waits(group_session, actor):
    seated, _, waiting = (signed_up(group_session) for _ in range(3))

    on_behalf.withdraw(seated.id, actor_id=actor)

    db.session.expire_all()
    assert waiting.status == "offered"


def test_a_seat_left_by_telephone_is_no_refusal_of_the_coordination(group_session, actor):
    seated, _, waiting = (signed_up(group_session) for _ in range(3))
    services.leave(seated.id)

    on_behalf.leave_offer(waiting.id, actor_id=actor)

    (mine,) = personal.of_person(waiting.organisation_id, waiting.person_id)
    assert (mine.situation, mine.may_come_back) == ("refused_offer", True)


def correction(person: Person, **changes):
    """What the coordinator types in the form of a record."""
    values = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "profession_slug": person.profession_slug,
        "civility": person.civility,
        **changes,
    }
    return Told(**values)


def test_a_corrected_address_sends_what_could_not_be_delivered_again(group_session, actor):
    registration = signed_up(group_session, email="nadai@example.org")
    person = registration.person
    message = last()

    again = on_behalf.correct_person(
        person.id, correction(person, email="nadia@example.org"), is_member=False, rpps=None, actor_id=actor
    )

    db.session.expire_all()
    assert (again, message.to_address, message.status) == (1, "nadia@example.org", "queued")
    assert db.session.query(AuditEntry).filter_by(kind="fiche_corrigee").one().values == {"champs": "adresse"}


def test_nothing_leaves_any_more_for_an_address_taken_off_a_record(group_session, actor):
    person = signed_up(group_session).person
    with transaction():
        db.session.query(Person).filter_by(id=person.id).update({"bounced_at": now()})

    on_behalf.correct_person(person.id, correction(person, email=None), is_member=False, rpps=None, actor_id=actor)

    db.session.expire_all()
    assert (last().status, last().values, person.bounced_at) == ("obsolete", {}, None)


def test_a_correction_never_makes_two_records_one(group_session, organisation, actor):
    one = make_person(organisation, first_name="Anne", last_name="Pfister", email="anne@example.org")
    other = make_person(organisation, first_name="Ane", last_name="Pfister", email="anne@example.org")

    with pytest.raises(RuleBroken, match="réunissez"):
        on_behalf.correct_person(
            other.id, correction(other, first_name="Anne"), is_member=False, rpps=None, actor_id=actor
        )

    db.session.expire_all()
    assert (one.first_name, other.first_name) == ("Anne", "Ane")


def test_nothing_is_done_for_anybody_once_the_session_began(group_session, actor, clock):
    registration = signed_up(group_session)
    clock.move_to(group_session.starts_at + timedelta(minutes=1))

    for act in (
        lambda: on_behalf.register(group_session.id, told(), actor_id=actor),
        lambda: on_behalf.withdraw(registration.id, actor_id=actor),
        lambda: on_behalf.move_up(registration.id, actor_id=actor),
    ):
        with pytest.raises(RuleBroken, match="a commencé"):
            act()
