"""A session under its minimum, three days before: the coordination is asked once, and decides."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.mail.rendering import render
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.registrations import decisions, desk, minimum, sessions
from cpts_sessions.registrations.models import MinimumDecision
from cpts_sessions.reports.journal import journal
from tests.factories import (
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.registrations.outbox import kinds, last
from tests.rows import rows

NOON = datetime(2026, 11, 16, 11, 30, tzinfo=UTC)  # 12 h 30 in Paris, on Monday 16 November
ASKED = NOON - timedelta(hours=72)
MINUTE, HOUR, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def one(app, clock):
    """A session of twelve places and a minimum of two, to which one person is signed up."""
    group_session = make_group_session(make_programme(make_organisation()), starts_at=NOON, capacity=12, minimum=2)
    make_registration(group_session, make_person(group_session.organisation))
    return group_session


@pytest.fixture
def eva(one):
    return make_coordinator(one.organisation)


def said() -> tuple[str, str]:
    row = last()
    shown = render(row.kind, row.values, frame_of(row.organisation_id))
    return " ".join(shown.subject.split()), " ".join(shown.text.split())


def move(one, starts_at):
    db.session.refresh(one)
    plan = sessions.Plan(
        starts_at=starts_at,
        ends_at=starts_at + 2 * HOUR,
        place=sessions.place_of(one),
        capacity=one.capacity,
        minimum=one.minimum,
    )
    sessions.change(one.id, plan, actor_id=make_coordinator(one.organisation, email=None).id, revision=one.revision)


def below(one) -> list[str]:
    """What the desk asks about, and the word of the list."""
    found = decisions.of_sessions(one.organisation_id)
    return [*(line.state for line in found.below_minimum), desk.line(one).state]


def test_three_days_before_the_coordination_is_asked_once(one, eva, clock):
    asked = []
    for moment in (ASKED - MINUTE, ASKED, ASKED + HOUR, ASKED + 48 * HOUR):
        clock.move_to(moment)
        asked.append(minimum.run())

    assert asked == [0, 1, 0, 0]
    assert (kinds(), last().to_address, last().useless_after) == (["sous_le_minimum"], eva.email, NOON)
    subject, text = said()
    assert subject == "Sous le minimum : GAPP, lundi 16 novembre"
    assert "Cette séance a lieu dans trois jours et n’a pas atteint son minimum :" in text
    assert "1 personne inscrite. Minimum : 2. Capacité : 12." in text
    assert "À vous de décider, avant le dimanche 15 novembre à 18 h :" in text
    assert f"/coordination/seances/{one.public_id}/minimum" in text


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (ASKED + 24 * HOUR, ("dans deux jours", "avant le dimanche 15 novembre à 18 h")),
        (ASKED + 48 * HOUR, ("demain", "avant le dimanche 15 novembre à 18 h")),
        (NOON - 3 * HOUR, ("aujourd’hui", "avant le lundi 16 novembre à 9 h 30")),
    ],
)
def test_a_worker_that_was_stopped_asks_once_with_the_words_of_the_day(one, eva, clock, moment, words):
    clock.move_to(moment)

    assert [minimum.run(), minimum.run()] == [1, 0]
    assert [word for word in words if word not in said()[1]] == []


@pytest.mark.parametrize("moment", [NOON - 3 * HOUR + MINUTE, NOON, NOON + HOUR])
def test_never_when_a_decision_would_come_too_late(one, eva, clock, moment):
    clock.move_to(moment)

    assert minimum.run() == 0


@pytest.mark.parametrize("moment", [datetime(2026, 11, 13, 19, tzinfo=UTC), datetime(2026, 11, 14, 7, 59, tzinfo=UTC)])
def test_never_at_night(one, eva, clock, moment):
    clock.move_to(moment)

    assert minimum.run() == 0


@pytest.mark.parametrize("status", ["draft", "held", "cancelled"])
def test_never_for_a_session_that_is_not_announced_or_does_not_take_place(one, eva, clock, status):
    with transaction():
        one.status = status
    clock.move_to(ASKED)

    assert minimum.run() == 0


def test_never_for_a_session_that_reaches_its_minimum(one, eva, clock):
    make_registration(one, make_person(one.organisation))
    clock.move_to(ASKED)

    assert minimum.run() == 0


def test_a_session_that_moves_is_asked_about_again_for_its_new_date(one, eva, clock):
    clock.move_to(ASKED)
    minimum.run()
    move(one, NOON + WEEK)
    assert (minimum.run(), rows_of("sous_le_minimum")) == (0, ["obsolete"])
    clock.move_to(ASKED + WEEK)

    assert [minimum.run(), minimum.run()] == [1, 0]
    assert said()[0] == "Sous le minimum : GAPP, lundi 23 novembre"


def rows_of(kind) -> list[str]:
    return [row.status for row in rows(OutboxMessage) if row.kind == kind]


def test_two_workers_ask_once(app, one, eva, clock):
    clock.move_to(ASKED)
    ready, asked = threading.Barrier(2), []

    def work():
        with app.app_context():
            ready.wait()
            asked.append(minimum.run())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert (sorted(asked), kinds()) == ([0, 1], ["sous_le_minimum"])


def test_one_organisation_never_hears_of_another(one, clock):
    make_coordinator(make_organisation(public_url="http://ailleurs.example"))
    hers = make_coordinator(one.organisation)
    clock.move_to(ASKED)
    minimum.run()

    assert [last().to_address, len(kinds())] == [hers.email, 1]


def test_once_held_the_desk_stops_asking_and_says_so(one, eva, clock):
    clock.move_to(ASKED)
    minimum.run()
    assert below(one) == ["below_minimum", "below_minimum"]

    minimum.keep(one.id, actor_id=eva.id)
    minimum.keep(one.id, actor_id=eva.id)

    assert below(one) == ["kept"]
    assert rows_of("sous_le_minimum") == ["obsolete"]
    (entry,) = journal(one.organisation_id).lines
    assert entry.sentence.startswith(f"{eva.full_name} a maintenu la séance sous son minimum")


def test_who_holds_it_before_being_asked_is_not_asked(one, eva, clock):
    clock.move_to(ASKED)
    minimum.keep(one.id, actor_id=eva.id)

    assert (minimum.run(), kinds(), len(rows(MinimumDecision))) == (0, [], 1)


def test_a_decision_is_about_a_date(one, eva, clock):
    clock.move_to(ASKED)
    minimum.keep(one.id, actor_id=eva.id)
    move(one, NOON + timedelta(days=1))
    clock.shift(timedelta(days=1))

    assert below(one) == ["below_minimum", "below_minimum"]
    assert minimum.run() == 1


def test_the_question_is_withdrawn_when_the_session_is_cancelled(one, eva, clock):
    clock.move_to(ASKED)
    minimum.run()
    sessions.cancel(one.id, "effectif insuffisant", actor_id=eva.id)

    assert rows_of("sous_le_minimum") == ["obsolete"]


def test_what_is_not_under_its_minimum_is_not_to_be_held(one, eva, clock):
    make_registration(one, make_person(one.organisation))
    clock.move_to(ASKED)
    with pytest.raises(RuleBroken, match="n’est pas sous son minimum"):
        minimum.keep(one.id, actor_id=eva.id)
    clock.move_to(NOON)
    with pytest.raises(RuleBroken, match="a commencé"):
        minimum.keep(one.id, actor_id=eva.id)

    assert rows(MinimumDecision) == []
