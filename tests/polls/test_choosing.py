"""Chosen slots become open sessions; everybody who answered learns what they are for her, by one message each."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.polls import services
from cpts_sessions.polls.choosing import choose
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.models import Registration
from tests.factories import make_enrolment, make_person
from tests.polls.conftest import MAYBE, NO, SLOTS, YES


def told_after_the_question() -> list[tuple[str, str]]:
    rows = db.session.query(OutboxMessage).filter(OutboxMessage.kind != "sondage")
    return sorted((one.to_address.split("@")[0], one.kind) for one in rows)


def places(starts_at: datetime) -> list[tuple[str, str]]:
    rows = db.session.query(Registration).join(GroupSession).filter(GroupSession.starts_at == starts_at)
    return [(one.person.first_name, one.status) for one in rows.order_by(Registration.queued_at, Registration.id)]


def test_who_said_yes_is_registered_in_the_order_of_the_answers_then_listed(clock, poll, eva, says):
    for day, name in enumerate(("Cora", "Ana", "Bea"), start=3):
        clock.move_to(datetime(2026, 11, day, tzinfo=UTC))
        says(name, YES, NO, NO)
    clock.move_to(datetime(2026, 11, 10, 9, 0, tzinfo=UTC))

    chosen = choose(poll.id, [poll.slots[0].id], capacity=2, actor_id=eva.id)

    session_ = db.session.query(GroupSession).one()
    assert (session_.status, session_.capacity, session_.starts_at) == ("open", 2, SLOTS[0])
    assert session_.ends_at == SLOTS[0] + timedelta(hours=2)
    assert (chosen.seated, chosen.waiting) == (2, 1)
    assert places(SLOTS[0]) == [("Cora", "confirmed"), ("Ana", "confirmed"), ("Bea", "waiting")]
    assert told_after_the_question() == [
        ("ana", "sondage_retenu"),
        ("bea", "liste_attente"),
        ("cora", "sondage_retenu"),
    ]


def test_who_is_to_animate_takes_no_seat_by_her_own_answer(poll, eva, says):
    says("Ana", YES, NO, NO)
    says("Bea", YES, NO, NO)
    ana = db.session.query(Person).filter_by(first_name="Ana").one()

    choose(poll.id, [poll.slots[0].id], capacity=1, animator_ids=[ana.id], actor_id=eva.id)

    questions = db.session.query(OutboxMessage).filter_by(kind="sondage")
    assert {one.status for one in questions} == {"obsolete"}  # none had left: nobody is asked any more
    assert places(SLOTS[0]) == [("Bea", "confirmed")]
    assert told_after_the_question() == [("ana", "animation_confiee"), ("bea", "sondage_retenu")]


def test_each_seat_carries_one_invitation_and_no_message_names_anybody_else(poll, eva, says):
    says("Ana", YES, YES, NO)
    says("Bea", NO, YES, NO)

    choose(poll.id, [one.id for one in poll.slots[:2]], capacity=12, actor_id=eva.id)

    rows = db.session.query(OutboxMessage).filter_by(kind="sondage_retenu").order_by(OutboxMessage.id).all()
    invited = sorted((row.to_address, row.calendar["method"], row.calendar["starts_at"][:10]) for row in rows)
    assert invited == [
        ("ana@example.org", "REQUEST", "2027-01-12"),
        ("ana@example.org", "REQUEST", "2027-01-14"),
        ("bea@example.org", "REQUEST", "2027-01-14"),
    ]
    others = {"ana@example.org": "Bea", "bea@example.org": "Ana"}
    assert [row.to_address for row in rows if others[row.to_address] in str(row.values)] == []


def test_if_needed_is_told_and_takes_no_seat_the_others_learn_the_dates_and_silence_stays_silence(poll, eva, says):
    says("Ana", MAYBE, NO, NO)
    says("Bea", NO, YES, MAYBE)
    says("Cora", YES, MAYBE, NO)

    choose(poll.id, [poll.slots[0].id], capacity=12, actor_id=eva.id)

    assert told_after_the_question() == [
        ("ana", "sondage_retenu_si_besoin"),
        ("bea", "sondage_non_retenu"),
        ("cora", "sondage_retenu"),
    ]
    assert places(SLOTS[0]) == [("Cora", "confirmed")]
    not_chosen = db.session.query(OutboxMessage).filter_by(kind="sondage_non_retenu").one()
    assert normalise(not_chosen.values["dates"]) == "- mardi 12 janvier 2027, 20 h"
    maybe = db.session.query(OutboxMessage).filter_by(kind="sondage_retenu_si_besoin").one()
    assert normalise(maybe.values["places"]) == "Il reste 11 places"


def test_who_follows_the_season_has_her_place_unless_she_said_no(cpts, gapp, poll, eva, says):
    for name in ("Ana", "Bea", "Cora"):
        make_enrolment(gapp, db.session.query(Person).filter_by(first_name=name).one(), 2027)
    make_enrolment(gapp, make_person(cpts, first_name="Zoe", email="zoe@example.org"), 2027)
    says("Ana", NO, YES)
    says("Bea", MAYBE, NO)
    says("Cora", YES, NO)

    choose(poll.id, [poll.slots[0].id], capacity=2, actor_id=eva.id)

    assert sorted(places(SLOTS[0])) == [
        ("Ana", "declined"),
        ("Bea", "confirmed"),
        ("Cora", "confirmed"),
        ("Zoe", "waiting"),
    ]
    assert told_after_the_question() == [
        ("ana", "sondage_non_retenu"),
        ("bea", "dates_ajoutees"),
        ("cora", "sondage_retenu"),
        ("zoe", "dates_ajoutees"),
    ]
    assert all(one.enrolment_id for one in db.session.query(Registration))


def test_the_second_coordinator_is_told_that_it_is_done(poll, eva, says):
    says("Ana", YES)
    choose(poll.id, [poll.slots[0].id], capacity=2, actor_id=eva.id)
    for act in (
        lambda: choose(poll.id, [poll.slots[1].id], capacity=2, actor_id=eva.id),
        lambda: services.give_up(poll.id, actor_id=eva.id),
    ):
        with pytest.raises(RuleBroken, match="vient d’être clos"):
            act()
    assert db.session.query(GroupSession).count() == 1
    assert told_after_the_question() == [("ana", "sondage_retenu")]


@pytest.mark.parametrize("capacity", [0, 201])
def test_an_impossible_choice_changes_nothing(poll, eva, says, capacity):
    says("Ana", YES)
    with pytest.raises(RuleBroken, match="nombre de places"):
        choose(poll.id, [poll.slots[0].id], capacity=capacity, actor_id=eva.id)
    with pytest.raises(RuleBroken, match="au moins un créneau"):
        choose(poll.id, [], capacity=2, actor_id=eva.id)
    assert (db.session.query(GroupSession).count(), poll.closed_at, told_after_the_question()) == (0, None, [])
    services.give_up(poll.id, actor_id=eva.id)


def test_a_slot_that_has_passed_is_not_chosen_nor_any_other_with_it(clock, poll, eva, says):
    says("Ana", YES, YES)
    clock.move_to(SLOTS[0])
    with pytest.raises(RuleBroken, match="Cette date est passée"):
        choose(poll.id, [one.id for one in poll.slots], capacity=2, actor_id=eva.id)
    assert (db.session.query(GroupSession).count(), told_after_the_question()) == (0, [])


def test_a_yes_to_one_date_of_a_training_gives_no_seat_and_says_how_to_have_them_all(gapp, poll, eva, says):
    with transaction():
        gapp.goes_together = True
    says("Ana", YES, NO, NO)
    says("Bea", YES, YES, NO)

    chosen = choose(poll.id, [one.id for one in poll.slots[:2]], capacity=2, actor_id=eva.id)

    assert (chosen.seated, chosen.waiting, db.session.query(Registration).count()) == (0, 0, 0)
    assert told_after_the_question() == [
        ("ana", "sondage_retenu_si_besoin"),
        ("bea", "sondage_retenu_si_besoin"),
        ("bea", "sondage_retenu_si_besoin"),
    ]
