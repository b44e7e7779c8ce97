"""The end of a session: who came is noted, it is closed, opened again; and what the counts of the year make of it."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance import services as attendance
from cpts_sessions.attendance.models import Attendance
from cpts_sessions.attendance.queries import statuses_at
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import services
from cpts_sessions.evening.models import Reopening
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations.models import Registration
from tests.conftest import NOW
from tests.evening.last_evening import (
    ABSENT,
    EVA,
    EXCUSED,
    PRESENT,
    animated_by,
    figures,
    journal,
    refusal_of,
    somebody,
)
from tests.factories import (
    make_group_session,
    make_organisation,
    make_programme,
    told,
)


def test_an_evening_is_noted_and_closed_and_the_counts_of_the_year_move(over):
    came, stayed = somebody(over), somebody(over)
    animator_id = animated_by(over)
    assert figures(over) == (3, 0, 0)

    attendance.note(over.id, {came.person_id: PRESENT, stayed.person_id: EXCUSED}, actor_id=EVA)
    attendance.add_walk_in(over.id, told(), actor_id=EVA)
    assert services.close(over.id, actor_id=EVA) == 2

    walk_in = db.session.query(Registration).filter_by(status="walk_in").one()
    assert statuses_at(over.id) == {
        came.person_id: "present",
        stayed.person_id: "excused",
        walk_in.person_id: "present",
        animator_id: "present",
    }
    assert (over.status, over.closed_at) == ("held", NOW)
    assert figures(over) == (4, 3, 3)
    assert {row.means for row in db.session.query(Attendance)} == {"coordination"}
    assert db.session.query(OutboxMessage).count() == 0
    assert journal() == [
        ("presences_notees", None),
        ("venue_sans_inscription", walk_in.person_id),
        ("seance_close", None),
    ]


def test_the_animator_who_is_not_counted_still_has_her_row_and_counts_nowhere(app, clock):
    programme = make_programme(make_organisation(), counts_animators=False)
    one = make_group_session(programme, starts_at=NOW - timedelta(hours=14))
    came, animator_id = somebody(one), animated_by(one)

    attendance.note(one.id, {came.person_id: PRESENT}, actor_id=EVA)
    services.close(one.id, actor_id=EVA)

    assert statuses_at(one.id) == {came.person_id: "present", animator_id: "present"}
    assert figures(one) == (1, 1, 1)


def test_a_session_is_not_closed_while_somebody_expected_is_not_noted(over):
    first, second = somebody(over), somebody(over)
    waits = somebody(over, "waiting")
    attendance.note(over.id, {first.person_id: PRESENT}, actor_id=EVA)

    assert refusal_of(services.close, over.id) == "1 personne n'est pas notée : notez ce qu'il en est avant de clore."
    assert attendance.note_missing_absent(over.id, actor_id=EVA) == 1
    services.close(over.id, actor_id=EVA)

    assert statuses_at(over.id) == {first.person_id: "present", second.person_id: "absent"}
    db.session.refresh(waits)
    assert (over.status, waits.status) == ("held", "waiting")


def test_a_session_to_which_nobody_came_is_among_the_cancelled_and_can_be_opened_again(over):
    expected = somebody(over)
    animated_by(over)
    attendance.note(over.id, {expected.person_id: ABSENT}, actor_id=EVA)
    assert refusal_of(services.close, over.id).startswith("Personne n'est noté présent")

    services.nobody_came(over.id, actor_id=EVA)

    assert (over.status, over.cancel_reason, over.cancelled_at) == ("cancelled", "Personne n’est venu", NOW)
    assert (figures(over), db.session.query(OutboxMessage).count()) == ((0, 0, 0), 0)
    services.reopen(over.id, Reopening.CORRECT, actor_id=EVA)
    db.session.refresh(expected)
    assert (over.status, over.cancel_reason, over.cancelled_at) == ("open", "", None)
    assert (expected.status, statuses_at(over.id)) == ("confirmed", {expected.person_id: "absent"})
    assert journal()[1:] == [("seance_annulee", None), ("seance_rouverte", None)]


def test_nobody_came_is_refused_while_somebody_is_noted_present(over):
    attendance.note(over.id, {somebody(over).person_id: PRESENT}, actor_id=EVA)

    assert refusal_of(services.nobody_came, over.id) == "1 présence est pourtant notée : corrigez-la d'abord."
    assert over.status == "open"


def test_a_closed_session_is_opened_corrected_and_closed_again_by_another_animator(over):
    came, stayed = somebody(over), somebody(over)
    first_id = animated_by(over)
    attendance.note(over.id, {came.person_id: PRESENT, stayed.person_id: ABSENT}, actor_id=EVA)
    services.close(over.id, actor_id=EVA)
    refused = refusal_of(attendance.note, over.id, {stayed.person_id: PRESENT})
    assert refused == "Cette séance est close : rouvrez-la pour corriger une présence."

    services.reopen(over.id, Reopening.CORRECT, actor_id=EVA)
    assert first_id not in statuses_at(over.id)
    attendance.note(over.id, {stayed.person_id: PRESENT}, actor_id=EVA)
    with transaction():
        over.animators.clear()
    second_id = animated_by(over)
    services.close(over.id, actor_id=EVA)

    assert set(statuses_at(over.id)) == {came.person_id, stayed.person_id, second_id}
    assert figures(over) == (3, 3, 3)
    assert journal() == [
        ("presences_notees", None),
        ("seance_close", None),
        ("seance_rouverte", None),
        ("presence_corrigee", stayed.person_id),
        ("seance_close", None),
    ]


@pytest.mark.parametrize(
    ("changes", "noted", "closed"),
    [
        ({"status": "draft"}, "Cette séance n'est pas encore annoncée.", ""),
        ({"status": "cancelled"}, "Cette séance est annulée : aucune présence n'est à noter.", ""),
        (
            {"starts_at": NOW + timedelta(hours=3)},
            "Les présences se notent à partir du début, le lundi 2 novembre à 13 h.",
            "La séance commence à 13 h : elle se clôt ensuite.",
        ),
    ],
)
def test_nothing_is_noted_nor_closed_at_a_wrong_moment(app, clock, changes, noted, closed):
    given = {"starts_at": NOW - timedelta(hours=14), **changes}
    one = make_group_session(make_programme(make_organisation()), **given)
    expected = somebody(one)

    refusals = {
        refusal_of(attendance.note, one.id, {expected.person_id: PRESENT}),
        refusal_of(attendance.note_missing_absent, one.id),
        refusal_of(attendance.add_walk_in, one.id, told()),
    }
    endings = {refusal_of(services.close, one.id), refusal_of(services.nobody_came, one.id)}

    assert (refusals, endings) == ({noted}, {closed or noted})
    assert statuses_at(one.id) == {}


def test_a_session_under_way_takes_marks_and_is_closed_once_it_is_over(app, clock):
    one = make_group_session(make_programme(make_organisation()), starts_at=NOW - timedelta(hours=1))
    attendance.note(one.id, {somebody(one).person_id: PRESENT}, actor_id=EVA)

    assert refusal_of(services.close, one.id) == "La séance finit à 11 h. Clore maintenant ?"
    clock.shift(timedelta(hours=1))
    assert services.close(one.id, actor_id=EVA) == 1


@pytest.mark.parametrize("status", ["open", "draft"])
def test_only_what_was_closed_is_opened_again(app, clock, status):
    one = make_group_session(make_programme(make_organisation()), starts_at=NOW - timedelta(hours=14), status=status)

    assert refusal_of(services.reopen, one.id, Reopening.CORRECT) == "Rien n'a changé : cette séance n'est pas close."


def test_a_session_cancelled_in_advance_is_not_opened_again_whatever_its_reason(over):
    with transaction():
        over.status, over.cancelled_at = "cancelled", over.starts_at - timedelta(days=1)
        over.cancel_reason = "Personne n’est venu"

    assert refusal_of(services.reopen, over.id, Reopening.CORRECT) == "Rien n'a changé : cette séance n'est pas close."
