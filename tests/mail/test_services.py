"""Messages that leave again, are readdressed, forgotten, listed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from time_machine import Traveller

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail import outbox, queries, services
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from tests.factories import make_organisation, make_person
from tests.mail.outgoing import courier, recipients, state, write
from tests.smtp_sink import SmtpSink

KEY = UUID("7f0c3a52-9f0e-4e57-8f4f-0a4f7d1b2c3d")


def test_after_a_corrected_address_what_was_not_received_leaves_again(
    organisation: Organisation, sink: SmtpSink
) -> None:
    sink.refusals = {"claire@exemple.fr": "550 5.1.1 No such user"}
    person = make_person(organisation, email="claire@exemple.fr")
    failed = write(person)
    courier().deliver()
    waiting, other = write(person), write(make_person(organisation, email="autre@example.org"))
    late = write(person)
    with transaction():
        late.useless_after = now()

    count = services.redirect_undelivered(person.id, "claire@example.org", "Claire Martin")
    courier().deliver()

    assert (count, sorted(recipients(sink))) == (2, ["autre@example.org", "claire@example.org", "claire@example.org"])
    assert [state(row)[0] for row in (failed, waiting, other, late)] == ["sent"] * 3 + ["obsolete"]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("queued", "Ce message attend déjà de partir."),
        ("sending", "Ce message est en train de partir."),
        ("sent", "Ce message est parti, et son texte est effacé\u00a0: il ne peut pas repartir."),
        ("withheld", "Ce message est retenu\u00a0: rien ne part de la démonstration."),
        ("obsolete", "Ce message ne servirait plus à rien\u00a0: il ne part pas."),
    ],
)
def test_only_what_failed_is_sent_again(organisation: Organisation, status: str, sentence: str) -> None:
    row = write(make_person(organisation))
    with transaction():
        row.status = status

    with pytest.raises(RuleBroken) as refusal:
        services.resend(row)

    assert (str(refusal.value), state(row)[0]) == (sentence, status)


def test_what_failed_and_would_come_too_late_is_not_sent_again(organisation: Organisation, clock: Traveller) -> None:
    row = write(make_person(organisation), about=outbox.About(useless_after=now() + timedelta(minutes=5)))
    with transaction():
        row.status = "failed"
    clock.shift(timedelta(minutes=6))

    with pytest.raises(RuleBroken, match="ne servirait plus à rien"):
        services.resend(row)


def test_old_messages_are_forgotten_but_those_that_wait(organisation: Organisation, clock: Traveller) -> None:
    person = make_person(organisation)
    sent, waiting = write(person), write(person)
    with transaction():
        sent.status = "sent"
    clock.shift(timedelta(days=200))
    recent = write(person)
    with transaction():
        recent.status = "sent"

    forgotten = services.forget_old(organisation.id, now() - timedelta(days=183))

    db.session.expire_all()
    left = [row.id for row in db.session.query(OutboxMessage).order_by(OutboxMessage.id)]
    assert (forgotten, left) == (1, [waiting.id, recent.id])


def test_lists_hold_the_messages_of_their_organisation_and_no_sign_in_mail(organisation: Organisation) -> None:
    person, elsewhere = make_person(organisation), make_person(make_organisation())
    first, second = write(person), write(person)
    write(person, is_sign_in=True)
    write(elsewhere)

    page = queries.messages(organisation.id, queries.Box.WAITING)

    assert ([row.id for row in page.messages], page.total, page.pages) == ([second.id, first.id], 2, 1)
    assert queries.counts(organisation.id) == {box: 2 if box is queries.Box.WAITING else 0 for box in queries.Box}
    assert queries.count_waiting() == 4


def test_the_beat_is_one_row_that_moves(organisation: Organisation, clock: Traveller) -> None:
    beats = [queries.last_beat()]
    for _ in range(2):
        services.beat()
        beats.append(queries.last_beat())
        clock.shift(timedelta(seconds=10))

    start = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    assert beats == [None, start, start + timedelta(seconds=10)]
