"""What devices send during an evening: once each, in order, the last word on somebody stands."""

from datetime import timedelta
from uuid import uuid4

from cpts_sessions.attendance.models import Attendance, AttendanceChange, ChangeKind
from cpts_sessions.core.french import normalise
from cpts_sessions.evening import services
from cpts_sessions.evening.models import Reopening
from cpts_sessions.evening.room import room
from cpts_sessions.evening.sync import Change
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.models import Registration
from tests.conftest import NOW
from tests.counting_queries import statements
from tests.evening.sending import (
    ABSENT,
    EXCUSED,
    HERS,
    MINE,
    MINUTE,
    PRESENT,
    counted,
    expected,
    journal,
    mark,
    noted,
    refusals,
    send,
    tally,
    trace,
    walk_in,
)
from tests.factories import make_person, make_registration


def test_sending_the_same_batch_again_changes_nothing(link):
    nadia, yann = expected(link, last_name="Ferhat"), expected(link, last_name="Le Goff")
    batch = (mark(nadia, PRESENT), mark(yann, EXCUSED), walk_in(), tally(1), tally(1))

    first, again = send(link, *batch), send(link, *batch)

    assert refusals(first) == refusals(again) == [None] * 5
    assert noted() == [("present", "animator"), ("excused", "animator"), ("present", "animator")]
    assert (counted(), len(trace())) == ({"sage-femme": 2}, 5)
    assert journal() == [("venue_sans_inscription", {}), ("presences_notees", {"n": 2})]


def test_the_same_change_twice_in_one_sending_is_one_change(link):
    once = tally(1)

    send(link, once, once)

    assert counted() == {"sage-femme": 1}


def test_a_refused_change_stops_none_of_the_others_and_may_be_sent_again(link):
    nadia, unknown = expected(link), Change(key=uuid4(), kind=None, said_at=NOW)
    stranger = Change(key=uuid4(), kind=ChangeKind.MARK, said_at=NOW, person=uuid4(), mark=PRESENT)
    without = walk_in(profession_slug=None)

    outcomes = send(link, unknown, stranger, without, tally(1, "dompteur"), mark(nadia, PRESENT))

    assert refusals(outcomes) == [
        "Ce changement n'a pas été compris : notez-le à nouveau.",
        "Cette personne n'est plus sur la liste : elle s'est peut-être désinscrite. Ajoutez-la.",
        "La profession est nécessaire : c'est elle que compte le rapport.",
        "La profession est nécessaire : c'est elle que compte le rapport.",
        None,
    ]
    assert (noted(), trace()) == ([("present", "animator")], [("mark", True)])


def test_the_clock_of_a_device_is_set_right_and_nothing_is_said_in_the_future(link):
    nadia, yann = expected(link), expected(link)
    slow = NOW - timedelta(hours=3)  # what its clock says now

    send(link, mark(nadia, PRESENT, slow - 20 * MINUTE), mark(yann, PRESENT, slow + MINUTE), device_now=slow)

    rows = db.session.query(Attendance).order_by(Attendance.id)
    assert [(row.taken_at, row.means) for row in rows] == [(NOW - 20 * MINUTE, "offline"), (NOW, "animator")]


def test_the_time_a_message_travels_does_not_make_what_it_says_later(link):
    nadia = expected(link)

    send(link, mark(nadia, PRESENT, NOW - MINUTE), device_now=NOW - timedelta(seconds=4))

    assert db.session.query(Attendance).one().taken_at == NOW - MINUTE


def test_what_had_waited_is_said_so_however_short(link):
    nadia = expected(link)

    send(link, mark(nadia, PRESENT, has_waited=True))

    assert noted() == [("present", "offline")]


def test_somebody_who_comes_without_a_seat_is_never_refused_even_when_it_is_full(link):
    expected(link)
    expected(link)

    (outcome,) = send(link, walk_in(first_name="Jean", last_name="Klein", email=None))

    assert normalise(outcome.sentence or "") == (
        "Toutes les places sont prises, et cette personne est ajoutée quand même : "
        "une venue sans inscription n'est jamais refusée."
    )
    assert sorted(row.status for row in db.session.query(Registration)) == ["confirmed", "confirmed", "walk_in"]
    assert [row.value for row in db.session.query(AttendanceChange)] == [{}]  # nothing that names him


def test_who_was_expected_is_recognised_by_her_name_alone(link):
    chloe = expected(link, first_name="Chloé", last_name="Le Goff", profession_slug="medecin-generaliste")
    before = db.session.query(Person).count()

    (outcome,) = send(link, walk_in(first_name="CHLOE", last_name="Le-Goff", email=None))

    assert normalise(outcome.sentence or "") == "CHLOE Le-Goff est déjà sur la liste : sa présence est relevée."
    assert (noted(), db.session.query(Person).count()) == ([("present", "animator")], before)
    assert db.session.query(AttendanceChange).one().person_id == chloe.person_id


def test_who_waited_for_a_seat_and_came_keeps_her_record(link):
    waiting = make_registration(link.group_session, make_person(link.group_session.organisation), "waiting")

    send(link, walk_in(first_name="Claire", last_name=waiting.last_name, email=None))

    assert [(row.status, row.person_id) for row in db.session.query(Registration)] == [("walk_in", waiting.person_id)]


def test_another_address_under_the_same_name_is_another_person(link):
    expected(link, first_name="Anne", last_name="Roth", email="anne@example.org")

    send(link, walk_in(first_name="Anne", last_name="Roth", email="une.autre@example.org"))

    assert sorted(row.status for row in db.session.query(Registration)) == ["confirmed", "walk_in"]


def test_somebody_added_a_moment_ago_may_be_marked_in_the_same_sending(link):
    added = walk_in()
    mistaken = Change(key=uuid4(), kind=ChangeKind.MARK, said_at=NOW, person=added.key, mark=ABSENT)

    outcomes = send(link, added, mistaken)

    assert (refusals(outcomes), noted()) == ([None, None], [("absent", "animator")])


def test_devices_add_up_and_nothing_goes_below_zero(link):
    send(link, tally(1), tally(1), tally(-1), device=MINE)
    send(link, tally(1), tally(1, ""), tally(-1, ""), tally(-1, ""), tally(1, ""), device=HERS)

    assert counted() == {"sage-femme": 2, "": 1}
    assert [is_retained for _, is_retained in trace()] == [True] * 6 + [False, True]


def test_before_people_settle_down_nothing_is_noted(link, clock):
    nadia = expected(link)
    clock.move_to(NOW - timedelta(hours=3))

    outcomes = send(link, mark(nadia, PRESENT))

    assert refusals(outcomes) == [
        "Les présences se notent à partir d'une heure avant le début, le lundi 2 novembre à 8 h."
    ]


def test_what_comes_after_the_closing_is_refused_and_may_be_sent_once_it_is_reopened(link, clock):
    nadia, yann = expected(link), expected(link)
    late = mark(yann, PRESENT)
    clock.shift(timedelta(hours=2))
    closing = Change(key=uuid4(), kind=ChangeKind.CLOSE, said_at=NOW)

    outcomes = send(link, mark(nadia, PRESENT), mark(yann, ABSENT), closing, late)
    twice = send(link, Change(key=uuid4(), kind=ChangeKind.CLOSE, said_at=NOW), device=HERS)

    assert refusals(outcomes) == [
        None,
        None,
        None,
        "Cette séance est close depuis le lundi 2 novembre. Pour corriger, demandez à la coordination de la rouvrir.",
    ]
    assert (refusals(twice), trace()[-2:]) == ([None], [("close", True), ("close", False)])
    assert link.group_session.status == "held"
    services.reopen(link.group_session_id, Reopening.ADD, actor_id=link.person_id)
    assert refusals(send(link, late)) == [None]


def test_saying_that_nobody_came_puts_the_session_among_the_cancelled(link, clock):
    clock.shift(timedelta(hours=2))
    nobody = Change(key=uuid4(), kind=ChangeKind.NOBODY, said_at=NOW)

    outcomes = send(link, nobody)

    assert (refusals(outcomes), link.group_session.status, trace()) == ([None], "cancelled", [("nobody", True)])


def test_a_room_asks_as_much_of_the_database_for_three_persons_as_for_one(link):
    send(link, mark(expected(link), PRESENT))
    with statements() as few:
        room(link.group_session)
    send(link, walk_in(), walk_in(), tally(1))

    with statements() as many:
        room(link.group_session)

    assert len(many) == len(few)


def test_whoever_animates_is_not_added_under_her_own_name(link):
    told = send(link, walk_in(first_name="helene", last_name="ROCHE", email=None))

    assert refusals(told) == ["Hélène Roche anime cette séance : sa présence s'écrit à la clôture."]
    assert (noted(), db.session.query(Person).filter_by(last_name="ROCHE").count()) == ([], 0)
