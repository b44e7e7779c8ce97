"""The link on the day after the first presence, then two reminders to all; never more."""

import re
from datetime import UTC, date, datetime

import pytest

from cpts_sessions.core.clock import at
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.envelope import preview
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.mail.rendering import MASKED_LINK
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.models import Person
from cpts_sessions.questionnaires import opening, services
from cpts_sessions.questionnaires.asking import KINDS, reminder_due, run
from cpts_sessions.questionnaires.definition import default, encode
from cpts_sessions.questionnaires.models import Box, BoxState, QuestionnaireLink
from tests.conftest import NOW
from tests.factories import make_person, make_programme
from tests.questionnaires.asked import asking_circles, evening, present, token_of

pytestmark = pytest.mark.usefixtures("app")
NEXT_MORNING = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)  # 9 h in Paris
FIRST_REMINDER = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
BALLOT = encode(default("cercle_eval"), {"c1": "Oui", "c2": ["Structurée"], "c5": "Oui"})


def written() -> list[tuple[str, str]]:
    """Kind and addressee of every message about questionnaires."""
    rows = db.session.query(OutboxMessage).filter(OutboxMessage.kind.in_(KINDS)).order_by(OutboxMessage.id)
    return [(row.kind, row.to_address) for row in rows]


def answer(person: Person) -> None:
    services.answer(person.organisation_id, token_of(person), BALLOT)


def test_the_link_leaves_once_on_the_morning_after(clock):
    claire, jean = present(asking_circles(), 2)
    assert run() == 0

    clock.move_to(NEXT_MORNING)
    assert run() == 2
    for day in range(4, 19):
        clock.move_to(datetime(2026, 11, day, 12, 0, tzinfo=UTC))
        assert run() == 0

    assert sorted(written()) == sorted(("questionnaire", one.email) for one in (claire, jean))


def test_coming_again_asks_nothing_again(clock):
    circles = asking_circles()
    (claire,) = present(circles, 1)
    clock.move_to(NEXT_MORNING)
    run()
    evening(circles, claire, starts_at=NEXT_MORNING)
    clock.move_to(datetime(2026, 11, 4, 9, 0, tzinfo=UTC))
    assert (run(), len(written())) == (0, 1)


@pytest.mark.parametrize("hour", [0, 5, 7, 19, 22])
def test_nothing_leaves_at_night(clock, hour):
    present(asking_circles(), 1)
    clock.move_to(datetime(2026, 11, 4, hour, 30, tzinfo=UTC))  # an hour later in Paris
    assert run() == 0


def test_who_has_no_e_mail_holds_a_slot_and_is_sent_nothing(clock):
    circles = asking_circles()
    (claire,) = present(circles, 1)
    organisation = db.session.get_one(Organisation, circles.organisation_id)
    evening(circles, make_person(organisation, email=None))
    clock.move_to(NEXT_MORNING)
    assert (run(), written()) == (1, [("questionnaire", claire.email)])
    assert db.session.query(QuestionnaireLink).count() == 2


def test_a_programme_that_asks_nothing_sends_nothing(clock):
    present(asking_circles(), 1)
    silent = make_programme(db.session.query(Organisation).one())
    present(silent, 3)
    clock.move_to(NEXT_MORNING)
    assert run() == 1


def test_the_same_reminder_goes_to_all_whoever_answered_and_only_twice(clock):
    people = present(asking_circles(), 4)
    clock.move_to(NEXT_MORNING)
    run()
    answer(people[0])
    answer(people[2])
    first = len(written())

    days = []
    for month, day in [(11, day) for day in range(4, 31)] + [(12, day) for day in range(1, 32)]:
        for hour in (6, 9, 15):
            clock.move_to(datetime(2026, month, day, hour, 0, tzinfo=UTC))
            if number := run():
                days.append((month, day, hour, number))

    assert days == [(11, 19, 9, 4), (12, 5, 9, 4)]
    everyone = sorted(person.email or "" for person in people)
    sent = written()[first:]
    assert [kind for kind, _ in sent] == ["questionnaire_rappel"] * 4 + ["questionnaire_dernier_rappel"] * 4
    assert sorted(address for _, address in sent[:4]) == sorted(address for _, address in sent[4:]) == everyone


def test_a_reminder_says_the_same_whoever_answered(clock):
    answered, _silent = present(asking_circles(), 2)
    clock.move_to(NEXT_MORNING)
    run()
    answer(answered)
    clock.move_to(datetime(2026, 11, 19, 9, 0, tzinfo=UTC))
    run()

    rows = db.session.query(OutboxMessage).filter_by(kind="questionnaire_rappel").all()
    one, other = ({**row.values, "prenom": "", "nom": ""} for row in rows)
    assert one == other
    assert {(row.registration_id, row.group_session_id, row.not_before) for row in rows} == {
        (None, None, datetime(2026, 11, 19, 9, 0, tzinfo=UTC))
    }


def test_who_has_had_the_link_the_same_day_is_not_reminded_of_it(clock):
    circles = asking_circles()
    (claire,) = present(circles, 1)
    clock.move_to(NEXT_MORNING)
    run()
    clock.move_to(datetime(2026, 11, 18, 9, 0, tzinfo=UTC))
    (late,) = present(circles, 1)
    clock.move_to(datetime(2026, 11, 19, 9, 0, tzinfo=UTC))
    run()
    assert written()[1:] == [("questionnaire", late.email), ("questionnaire_rappel", claire.email)]


def test_a_box_that_was_opened_sends_nothing_more(clock):
    present(asking_circles(), 1)
    with transaction():
        db.session.query(Box).one().state = BoxState.OPENED.value
    clock.move_to(NEXT_MORNING)
    assert run() == 0
    clock.move_to(datetime(2026, 11, 19, 9, 0, tzinfo=UTC))
    assert run() == 0


@pytest.mark.parametrize(
    ("today", "sent", "number"),
    [
        (date(2026, 11, 18), 0, None),
        (date(2026, 11, 19), 0, 0),
        (date(2026, 12, 4), 0, 0),
        (date(2026, 12, 4), 1, None),
        (date(2026, 12, 5), 0, 1),
        (date(2026, 12, 5), 1, 1),
        (date(2026, 12, 5), 2, None),
        (date(2026, 12, 9), 1, 1),
        (date(2026, 12, 10), 1, None),
        (date(2027, 11, 19), 1, None),
    ],
)
def test_reminders_are_counted_back_from_10_december(today, sent, number):
    assert reminder_due(2026, date(2026, 3, 1), today, sent) == number


def test_a_box_made_after_a_reminder_has_not_missed_it():
    assert reminder_due(2026, date(2026, 11, 25), date(2026, 11, 26), 0) is None
    assert reminder_due(2026, date(2026, 11, 25), date(2026, 12, 5), 0) == 1


def test_the_message_is_neutral_outside_and_its_link_is_masked_on_screens(clock):
    present(asking_circles(), 1)
    clock.move_to(NEXT_MORNING)
    run()
    row = db.session.query(OutboxMessage).one()
    shown = preview(row, frame_of(row.organisation_id), masked=True)
    assert normalise(shown.subject) == "Votre avis sur les réunions CPTS : 3 minutes, sans nom"
    assert re.search("parole", shown.subject + shown.preview) is None
    assert MASKED_LINK in shown.text
    assert "Répondez avant le 10\u00a0décembre 2026" in shown.text
    assert row.useless_after == at(date(2027, 1, 31), datetime.min.time())
    assert row.not_before > NOW


def test_after_10_december_the_message_says_to_hurry(clock):
    clock.move_to(datetime(2026, 12, 12, 9, 0, tzinfo=UTC))
    present(asking_circles(), 1)
    clock.move_to(datetime(2026, 12, 13, 9, 0, tzinfo=UTC))
    assert run() == 1
    values = db.session.query(OutboxMessage).one().values
    assert values["repondre_avant"].startswith("Répondez sans tarder")
    assert values["mois_lecture"] == "leur dépouillement"


def test_what_waits_to_ask_for_an_answer_does_not_leave_once_its_box_is_closed_early(clock):
    circles, others = asking_circles(), asking_circles(slug="autres")
    present(circles, 2)
    present(others, 1)
    clock.move_to(NEXT_MORNING)
    run()
    clock.move_to(FIRST_REMINDER)
    run()
    box = db.session.query(Box).filter_by(programme_id=circles.id).one()

    opening.close_year(box.id, actor_id=None)

    db.session.expire_all()
    rows = db.session.query(OutboxMessage).filter(OutboxMessage.kind.in_(KINDS))
    standing = sorted((row.organisation_id, row.kind, row.status) for row in rows)
    assert standing == [
        *[(circles.organisation_id, "questionnaire", "obsolete")] * 2,
        *[(circles.organisation_id, "questionnaire_rappel", "obsolete")] * 2,
        (others.organisation_id, "questionnaire", "queued"),
        (others.organisation_id, "questionnaire_rappel", "queued"),
    ]
    assert {row.links == {} for row in rows if row.status == "obsolete"} == {True}
