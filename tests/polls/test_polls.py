"""A poll is sent once to each person, answered by link until its deadline, changed as often as she likes."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.polls import queries, services
from cpts_sessions.polls.models import DatePoll, PollAnswer, PollInvitation
from cpts_sessions.polls.queries import Circle
from cpts_sessions.registrations import alerts
from tests.factories import (
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
    told,
)
from tests.polls.conftest import DEADLINE, MAYBE, NO, SLOTS, YES, invitation_of
from tests.registrations.outbox import last, written


def plan(**changes):
    values = {"slots": [(one, None) for one in SLOTS], "deadline_at": DEADLINE, "circles": list(Circle), **changes}
    return services.PollPlan(**values)


def test_a_button_pressed_twice_asks_everybody_once(cpts, gapp, eva, clock):
    make_person(cpts, is_member=True)
    services.send(gapp.id, plan(), actor_id=eva.id)

    with pytest.raises(RuleBroken, match="vient de partir"):
        services.send(gapp.id, plan(), actor_id=eva.id)
    make_person(cpts, is_member=True)
    services.send(gapp.id, plan(), actor_id=eva.id)  # others
    clock.shift(timedelta(minutes=11))
    services.send(gapp.id, plan(), actor_id=eva.id)

    assert [kind for kind, _ in written()] == ["sondage"] * 5


def said() -> list[tuple[str, str, datetime]]:
    db.session.rollback()
    rows = db.session.query(PollAnswer).order_by(PollAnswer.slot_id, PollAnswer.answered_at)
    return [(one.person.first_name, one.reply, one.answered_at) for one in rows]


def test_everybody_of_the_circles_is_asked_once_in_a_message_of_her_own(cpts, gapp, eva):
    both = make_person(cpts, email="both@example.org", is_member=True)
    make_enrolment(gapp, both)
    make_enrolment(gapp, make_person(cpts, email="follows@example.org"), 2027)
    make_enrolment(gapp, make_person(cpts, email="left@example.org"), left_at=DEADLINE)
    make_registration(make_group_session(gapp), make_person(cpts, email="came@example.org"), "cancelled")
    make_person(cpts, email=None, is_member=True)
    make_person(cpts, email="stranger@example.org")
    other = make_programme(cpts, slug="autre")
    make_registration(make_group_session(other), make_person(cpts, email="other@example.org"))
    make_person(make_organisation(public_url="http://b.example.org"), email="elsewhere@example.org", is_member=True)

    alerts.ask(gapp.id, told(email="asked@example.org"))

    services.send(gapp.id, plan(), actor_id=eva.id)

    sent = sorted(one for one in written() if one[0] == "sondage")
    assert sent == [("sondage", f"{one}@example.org") for one in ("asked", "both", "came", "follows")]
    assert queries.reach(gapp) == {Circle.FOLLOWERS: 2, Circle.MEMBERS: 1, Circle.CAME: 1, Circle.WAITS: 1}
    assert normalise(last().values["n_creneaux"]) == "3 créneaux"
    assert normalise(last().values["echeance"]) == "mardi 1er décembre à 23 h 59"
    rows = db.session.query(OutboxMessage).filter_by(kind="sondage")
    assert [one.useless_after for one in rows] == [DEADLINE] * 4


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slots": []}, "Proposez au moins un créneau."),
        ({"slots": [(datetime(2026, 11, 1, tzinfo=UTC), None)]}, "Un des créneaux est déjà passé"),
        ({"slots": [(SLOTS[0] + timedelta(days=n), None) for n in range(31)]}, "30 créneaux au plus"),
        ({"deadline_at": datetime(2026, 11, 2, 9, 0, tzinfo=UTC)}, "La date limite est déjà passée"),
        ({"deadline_at": SLOTS[0]}, "La date limite tombe après le premier créneau"),
        ({"slots": [(SLOTS[0], SLOTS[0])]}, "précède le début"),
        ({"circles": []}, "Personne à interroger"),
    ],
)
def test_what_leaves_nobody_time_to_answer_is_refused_and_nobody_is_told(cpts, gapp, eva, changes, sentence):
    make_person(cpts, is_member=True)
    with pytest.raises(RuleBroken, match=sentence):
        services.send(gapp.id, plan(**changes), actor_id=eva.id)
    assert (written(), db.session.query(DatePoll).count()) == ([], 0)


def test_an_answer_can_be_changed_and_only_a_change_costs_her_rank(clock, poll, says):
    first = datetime(2026, 11, 3, tzinfo=UTC)
    clock.move_to(first)
    says("Ana", YES, MAYBE, NO, suggestion="  Le vendredi midi ")
    clock.move_to(first + timedelta(days=1))
    says("Ana", YES, NO)

    later = first + timedelta(days=1)
    assert said() == [("Ana", "yes", first), ("Ana", "no", later), ("Ana", "no", first)]
    assert (invitation_of("Ana").answered_at, invitation_of("Ana").suggestion) == (later, "")


def test_nothing_is_answered_after_the_deadline_nor_when_nothing_is_said(clock, poll, says):
    with pytest.raises(RuleBroken, match="au moins un créneau"):
        says("Ana")
    clock.move_to(DEADLINE)
    with pytest.raises(RuleBroken, match=r"Ce sondage est clos. Les dates retenues sont dans l’agenda."):
        says("Ana", YES)
    assert (said(), invitation_of("Ana").answered_at) == ([], None)


def test_a_slot_of_another_poll_is_not_answered(poll, gapp, eva, says):
    foreign = services.send(gapp.id, plan(slots=[(SLOTS[0], None)]), actor_id=eva.id).slots[0].id
    mine = db.session.query(PollInvitation).filter_by(poll_id=poll.id).first()
    services.answer(mine.id, {foreign: YES, poll.slots[0].id: NO})
    assert [one.slot_id for one in db.session.query(PollAnswer)] == [poll.slots[0].id]


def test_a_poll_given_up_takes_no_answer_tells_nobody_and_is_given_up_once(poll, eva, says):
    services.give_up(poll.id, actor_id=eva.id)
    with pytest.raises(RuleBroken, match="vient d’être clos"):
        services.give_up(poll.id, actor_id=eva.id)
    with pytest.raises(RuleBroken, match="Ce sondage est clos"):
        says("Ana", YES)
    assert [kind for kind, _ in written()] == ["sondage"] * 4


def test_a_poll_given_up_no_more_asks_whom_its_question_had_not_reached(poll, gapp, eva):
    other = services.send(gapp.id, plan(slots=[(SLOTS[0], None)]), actor_id=eva.id)
    with transaction():
        first = db.session.query(OutboxMessage).order_by(OutboxMessage.id).first()
        first.status = MessageStatus.SENT.value

    services.give_up(poll.id, actor_id=eva.id)

    left = [one.status for one in db.session.query(OutboxMessage).order_by(OutboxMessage.id)]
    assert left == ["sent", *["obsolete"] * 3, *["queued"] * len(queries.invitations_of(other))]
