"""The mail of the evening before, and the reminder that a session is not closed: each once, by the clock."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.attendance import services as attendance
from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import queries, reminders, services
from cpts_sessions.evening.models import EveningLink, LinkState, Reopening
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.mail.rendering import render
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.registrations import animation, sessions
from tests.factories import (
    STARTS_AT,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.registrations.outbox import kinds, last
from tests.rows import rows

EVE = datetime(2026, 11, 15, 17, 0, tzinfo=UTC)  # 18 h in Paris, the day before
MINUTE = timedelta(minutes=1)
TWO_DAYS = timedelta(hours=48)


@pytest.fixture
def one(app, clock):
    """A session on Monday 16 November 2026 from 20 h to 22 h in Paris."""
    return make_group_session(make_programme(make_organisation()))


@pytest.fixture
def marc(one):
    return given(one, first_name="Marc")


def given(one, **changes):
    """Somebody to whom a session is given, without the message that says so."""
    person = make_person(one.organisation, **changes)
    with transaction():
        animation.attach(one, person)
    return person


def subject() -> str:
    row = last()
    given_links = dict.fromkeys(row.links, "https://cpts.example/soiree/jeton")
    return render(row.kind, {**row.values, **given_links}, frame_of(row.organisation_id)).subject.replace("\u00a0", " ")


def test_the_evening_before_at_18_h_her_link_leaves_with_the_number_expected(one, marc, clock):
    make_registration(one, make_person(one.organisation))
    make_registration(one, make_person(one.organisation), "waiting")
    clock.move_to(EVE - MINUTE)
    assert reminders.run() == 0
    clock.move_to(EVE)

    assert reminders.run() == 1

    row, (link,) = last(), rows(EveningLink)
    assert (row.kind, row.person_id, row.to_address) == ("veille_animation", marc.id, marc.email)
    assert row.links == {"lien_soir": ["EVENING", str(link.public_id)]}
    assert links.token(Purpose.EVENING, link.public_id) not in str(row.values)
    assert (link.sent_at, link.sent_for, row.useless_after) == (EVE, STARTS_AT, datetime(2026, 11, 19, 23, tzinfo=UTC))
    assert subject() == "Demain à 20 h : GAPP, 1 personne inscrite"
    assert row.values["fin_lien_soir"].replace("\u00a0", " ") == "jeudi 19 novembre"
    assert queries.state_of_link(link, now()) == LinkState.OPEN


def test_it_leaves_once_however_often_the_worker_looks(one, marc, clock):
    given(one)
    clock.move_to(EVE)

    assert [reminders.run() for _ in range(3)] == [2, 0, 0]


def test_two_workers_write_it_once(app, one, marc, clock):
    clock.move_to(EVE)
    ready, wrote = threading.Barrier(2), []

    def work():
        with app.app_context():
            ready.wait()
            wrote.append(reminders.run())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert (sorted(wrote), kinds()) == ([0, 1], ["veille_animation"])


def test_who_is_given_the_session_after_18_h_has_her_link_at_once_and_the_words_of_the_day(one, marc, clock):
    clock.move_to(EVE)
    reminders.run()
    clock.move_to(STARTS_AT - timedelta(hours=5))
    later = given(one, first_name="Nadia")

    assert reminders.run() == 1
    assert (last().person_id, subject()) == (later.id, "Aujourd’hui à 20 h : GAPP, aucune inscription")


def test_a_worker_that_was_stopped_writes_until_the_session_begins_and_not_after(one, marc, clock):
    clock.move_to(STARTS_AT)
    assert (reminders.run(), kinds()) == (0, [])

    clock.move_to(STARTS_AT - MINUTE)
    assert (reminders.run(), kinds()) == (1, ["veille_animation"])


@pytest.mark.parametrize("status", ["draft", "cancelled", "held"])
def test_nothing_leaves_of_a_session_that_is_not_announced_or_does_not_take_place(one, marc, clock, status):
    with transaction():
        one.status = status
    clock.move_to(EVE)

    assert (reminders.run(), rows(EveningLink)) == (0, [])


def test_who_has_no_e_mail_stops_nobody_else(one, clock):
    given(one, email=None)
    other = given(one)
    clock.move_to(EVE)

    assert (reminders.run(), last().person_id, len(rows(EveningLink))) == (1, other.id, 1)


def moved(one, starts_at, place_name="Maison de santé"):
    db.session.refresh(one)
    place = sessions.place_of(one)
    plan = sessions.Plan(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=type(place)(**{**vars(place), "name": place_name}),
        capacity=one.capacity,
        minimum=one.minimum,
    )
    sessions.change(one.id, plan, actor_id=make_coordinator(one.organisation).id, revision=one.revision)


def test_a_session_that_moves_is_told_again_on_its_new_eve_with_the_same_link(one, marc, clock):
    clock.move_to(EVE)
    reminders.run()
    (link,) = rows(EveningLink)
    key = link.public_id
    moved(one, STARTS_AT + timedelta(days=7), place_name="Salle des fêtes")
    assert reminders.run() == 0

    clock.move_to(EVE + timedelta(days=7))

    assert reminders.run() == 1
    (link,) = rows(EveningLink)
    assert (link.public_id, link.sent_for) == (key, STARTS_AT + timedelta(days=7))
    assert last().values["lieu"].startswith("Salle des fêtes")
    assert [row.status for row in rows(OutboxMessage) if row.kind == "veille_animation"] == ["obsolete", "queued"]


def test_what_waits_to_leave_about_a_session_since_cancelled_is_withdrawn(one, marc, clock):
    clock.move_to(EVE)
    reminders.run()
    sessions.cancel(one.id, "animateur souffrant", actor_id=make_coordinator(one.organisation).id)

    reminders.run()

    assert [row.status for row in rows(OutboxMessage) if row.kind == "veille_animation"] == ["obsolete"]


def test_who_is_given_the_session_again_is_written_to_again(one, marc, clock):
    clock.move_to(EVE)
    reminders.run()
    animation.set_animators(one.id, [])
    assert reminders.run() == 0
    animation.set_animators(one.id, [marc.id])

    assert (reminders.run(), last().kind) == (1, "veille_animation")


def test_a_link_that_was_cut_does_not_come_back_by_itself(one, marc, clock):
    eva = make_coordinator(one.organisation)
    services.link_for(one.id, marc.id)
    services.revoke_link(one.id, marc.id, actor_id=eva.id)
    other = given(one)
    clock.move_to(EVE)
    assert (reminders.run(), last().person_id) == (1, other.id)

    assert services.send_link_again(one.id, marc.id, actor_id=eva.id) is True
    assert (last().kind, last().person_id) == ("lien_soir_renvoye", marc.id)
    assert reminders.run() == 0


def test_another_link_cuts_the_first_and_its_message(one, marc, clock):
    eva = make_coordinator(one.organisation)
    clock.move_to(EVE)
    reminders.run()
    old = links.token(Purpose.EVENING, rows(EveningLink)[0].public_id)

    services.send_link_again(one.id, marc.id, actor_id=eva.id)

    assert queries.link_by_token(one.organisation_id, old) is None
    assert [(row.kind, row.status) for row in rows(OutboxMessage)] == [
        ("veille_animation", "obsolete"),
        ("lien_soir_renvoye", "queued"),
    ]


def test_before_the_eve_another_link_waits_for_its_hour(one, marc, clock):
    eva = make_coordinator(one.organisation)

    assert services.send_link_again(one.id, marc.id, actor_id=eva.id) is False
    assert kinds() == []
    clock.move_to(EVE)
    assert (reminders.run(), kinds()) == (1, ["veille_animation"])


@pytest.mark.parametrize(
    ("moment", "email", "sentence"),
    [
        (EVE, None, "n’a pas d’e-mail"),
        (datetime(2026, 11, 19, 23, tzinfo=UTC), "marc@example.org", "servait jusqu’au"),
    ],
)
def test_a_link_that_would_open_nothing_is_not_sent(one, clock, moment, email, sentence):
    person = given(one, email=email)
    clock.move_to(moment)

    with pytest.raises(RuleBroken, match=sentence):
        services.send_link_again(one.id, person.id, actor_id=make_coordinator(one.organisation).id)


def test_two_days_after_a_session_that_is_not_closed_whoever_animates_is_reminded_once(one, marc, clock):
    clock.move_to(one.ends_at + TWO_DAYS - MINUTE)
    assert reminders.run() == 0
    clock.move_to(one.ends_at + TWO_DAYS)

    assert [reminders.run(), reminders.run()] == [1, 0]

    row = last()
    assert (row.kind, row.person_id, list(row.links)) == ("seance_a_clore", marc.id, ["lien_soir"])
    assert row.not_before == datetime(2026, 11, 19, 7, 0, tzinfo=UTC)  # 8 h: it ended at 22 h
    later = given(one)
    assert (reminders.run(), last().person_id) == (1, later.id)


def test_a_worker_that_was_stopped_reminds_once_and_not_once_the_link_is_dead(one, marc, clock):
    clock.move_to(datetime(2026, 11, 19, 22, 59, tzinfo=UTC))  # the mail would leave at 8 h, when the link is dead
    assert reminders.run() == 0

    clock.move_to(datetime(2026, 11, 19, 12, 0, tzinfo=UTC))
    assert [reminders.run(), reminders.run(), kinds()] == [1, 0, ["seance_a_clore"]]


def test_a_session_that_is_closed_reminds_nobody_and_the_reminder_that_waits_does_not_leave(one, marc, clock):
    came = make_registration(one, make_person(one.organisation))
    clock.move_to(one.ends_at + TWO_DAYS)
    reminders.run()
    attendance.note(one.id, {came.person_id: AttendanceStatus.PRESENT}, actor_id=marc.id)
    services.close(one.id, actor_id=marc.id)
    assert last().status == "obsolete"

    services.reopen(one.id, Reopening.CORRECT, actor_id=make_coordinator(one.organisation).id)

    assert (reminders.run(), kinds()) == (0, ["seance_a_clore", "seance_rouverte"])
