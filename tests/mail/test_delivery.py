"""What leaves the outbox, when, and what happens when it cannot."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from time_machine import Traveller

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db, mail
from cpts_sessions.mail import delivery, outbox, queries, services, smtp
from cpts_sessions.mail.delivery import BATCH, LEASE, RESTS, WAITS, Courier
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from tests.factories import make_organisation, make_person
from tests.smtp_sink import SmtpSink

KEY = UUID("7f0c3a52-9f0e-4e57-8f4f-0a4f7d1b2c3d")


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    with SmtpSink(tmp_path) as server:
        yield server


@pytest.fixture
def organisation(app: Flask, sink: SmtpSink, clock: Traveller) -> Iterator[Organisation]:
    """A CPTS whose messages are handed to the sink."""
    configure(app, sink.url)
    yield make_organisation()
    configure(app, None)


def configure(app: Flask, url: str | None) -> None:
    app.extensions["mail"] = mail.init_mail(smtp.flask_settings(url))


def write(person: Person, *, about: outbox.About | None = None, is_sign_in: bool = False) -> OutboxMessage:
    """A message to this person, in the outbox."""
    with transaction():
        row = write_to(
            person,
            "connexion",
            {},
            links={"lien_connexion": (Purpose.SIGN_IN, KEY)},
            about=about,
            is_sign_in=is_sign_in,
        )
    assert row is not None
    return row


def courier() -> Courier:
    return Courier(frame_of)


def now_in_the_database(row: OutboxMessage) -> OutboxMessage:
    db.session.expire_all()
    return db.session.get_one(OutboxMessage, row.id)


def state(row: OutboxMessage) -> tuple[str, int, str]:
    kept = now_in_the_database(row)
    return kept.status, kept.attempts, kept.last_error


def recipients(sink: SmtpSink) -> list[str]:
    return [address for received in sink.received for address in received.recipients]


def test_a_message_leaves_once_from_the_mailbox_of_the_cpts_and_its_text_is_erased(
    organisation: Organisation, sink: SmtpSink
) -> None:
    person = make_person(organisation, email="claire@example.org", first_name="Claire", last_name="Martin")
    row = write(person)

    assert [courier().deliver(), courier().deliver()] == [1, 0]

    (received,) = sink.received
    assert (received.sender, received.recipients) == ("contact@cpts.example.org", ("claire@example.org",))
    assert received.message["Message-ID"] == f"<{row.public_id}.connexion@cpts.example.org>"
    assert received.message["To"] == "Claire Martin <claire@example.org>"
    kept = now_in_the_database(row)
    assert (kept.status, kept.sent_at, kept.attempts) == ("sent", now(), 1)
    assert (kept.subject, kept.values, kept.links, kept.calendar) == (received.message["Subject"], {}, {}, None)


def test_a_batch_leaves_by_one_connection_sign_in_mails_first(organisation: Organisation, sink: SmtpSink) -> None:
    for n in range(BATCH):
        write(make_person(organisation, email=f"personne{n}@example.org"))
    write(make_person(organisation, email="presse@example.org"), is_sign_in=True)

    courier().deliver()

    assert recipients(sink) == ["presse@example.org", *(f"personne{n}@example.org" for n in range(BATCH - 1))]
    assert sink.connections == 1


def test_without_a_server_messages_wait_untouched(app: Flask, organisation: Organisation) -> None:
    row = write(make_person(organisation))
    configure(app, None)

    assert courier().deliver() == 0

    assert state(row) == ("queued", 0, "")


def test_a_message_waits_for_its_hour(organisation: Organisation, sink: SmtpSink, clock: Traveller) -> None:
    row = write(make_person(organisation), about=outbox.About(not_before=now() + timedelta(hours=1)))
    courier().deliver()
    before = state(row)
    clock.shift(timedelta(hours=1))
    courier().deliver()

    assert (before, state(row)) == (("queued", 0, ""), ("sent", 1, ""))


def test_what_would_come_too_late_does_not_leave_and_is_erased(
    organisation: Organisation, sink: SmtpSink, clock: Traveller
) -> None:
    row = write(make_person(organisation), about=outbox.About(useless_after=now() + timedelta(minutes=5)))
    clock.shift(timedelta(minutes=6))

    courier().deliver()

    assert sink.received == []
    assert (state(row), now_in_the_database(row).links) == (("obsolete", 0, ""), {})


def test_an_address_that_does_not_exist_fails_at_once_and_the_others_leave(
    organisation: Organisation, sink: SmtpSink
) -> None:
    sink.refusals = {"perdue@example.org": "550 5.1.1 No such user"}
    lost = write(make_person(organisation, email="perdue@example.org"))
    other = write(make_person(organisation))

    courier().deliver()

    assert state(lost) == ("failed", 1, "adresse refusée : 550 5.1.1 No such user")
    assert state(other) == ("sent", 1, "")


def test_a_full_mailbox_is_tried_again_after_growing_waits_then_given_up(
    organisation: Organisation, sink: SmtpSink, clock: Traveller
) -> None:
    sink.refusals = {"pleine@example.org": "452 4.2.2 Mailbox full"}
    row = write(make_person(organisation, email="pleine@example.org"))
    waits = []
    for _ in WAITS:
        courier().deliver()
        waits.append(now_in_the_database(row).not_before - now())
        clock.move_to(now_in_the_database(row).not_before)
    before_the_last = state(row)
    courier().deliver()

    assert tuple(waits) == WAITS
    assert before_the_last == ("queued", 7, "adresse refusée : 452 4.2.2 Mailbox full")
    assert state(row) == ("failed", 8, "adresse refusée : 452 4.2.2 Mailbox full")
    assert now_in_the_database(row).links  # it may still be sent again


def test_a_text_the_server_refuses_fails_and_may_be_sent_again(organisation: Organisation, sink: SmtpSink) -> None:
    sink.data_answer = "554 5.7.1 Refused"
    row = write(make_person(organisation))
    courier().deliver()
    refused = state(row)
    sink.data_answer = ""
    services.resend(row)
    courier().deliver()

    assert refused == ("failed", 1, "message refusé : 554 5.7.1 Refused")
    assert state(row) == ("sent", 1, "")


def test_while_the_server_is_out_of_reach_all_wait_and_no_try_is_spent(
    app: Flask, organisation: Organisation, sink: SmtpSink, clock: Traveller
) -> None:
    rows = [write(make_person(organisation)) for _ in range(2)]
    configure(app, "smtp://127.0.0.1:1")
    ours = courier()
    tried = []
    for rest in RESTS:
        tried += [ours.deliver(), ours.deliver()]  # the second: it is left alone
        clock.shift(rest)
    waiting = [state(row) for row in rows]
    configure(app, sink.url)
    ours.deliver()

    assert tried == [2, 0] * len(RESTS)
    assert waiting == [("queued", 0, "le serveur d’e-mail ne répond pas")] * 2
    assert [state(row) for row in rows] == [("sent", 1, "")] * 2


def test_while_the_server_refuses_the_cpts_all_wait_and_no_try_is_spent(
    organisation: Organisation, sink: SmtpSink
) -> None:
    sink.sender_answer = "553 5.7.1 Not yours"
    rows = [write(make_person(organisation)) for _ in range(2)]

    courier().deliver()

    reason = "le serveur d’e-mail refuse l’adresse de la CPTS : 553 5.7.1 Not yours"
    assert [state(row) for row in rows] == [("queued", 0, reason)] * 2


def test_a_password_gives_entry_and_a_wrong_one_makes_all_wait(
    app: Flask, organisation: Organisation, tmp_path: Path
) -> None:
    with SmtpSink(tmp_path, login=("cpts@example.org", "p@ss:w/rd")) as server:
        row = write(make_person(organisation))
        configure(app, f"smtp://cpts%40example.org:faux@127.0.0.1:{server.port}")
        courier().deliver()
        refused = state(row)
        configure(app, f"smtp://cpts%40example.org:p%40ss%3Aw%2Frd@127.0.0.1:{server.port}")
        courier().deliver()

    assert refused[:2] == ("queued", 0)
    assert refused[2].startswith("le serveur d’e-mail refuse l’identifiant ou le mot de passe : 535")
    assert state(row)[0] == "sent"


def test_a_server_that_hangs_up_costs_one_try_of_the_message_under_way(
    organisation: Organisation, sink: SmtpSink
) -> None:
    sink.refusals = {"premiere@example.org": "421 4.3.2 Closing"}
    first = write(make_person(organisation, email="premiere@example.org"))
    second = write(make_person(organisation))

    courier().deliver()

    assert state(first)[:2] == ("queued", 1)
    assert state(second) == ("queued", 0, "")


def test_nothing_of_the_demonstration_reaches_a_server(organisation: Organisation, sink: SmtpSink) -> None:
    invented = make_organisation(is_demonstration=True)
    row = write(make_person(invented))
    as_written = row.status
    with transaction():
        row.status = "queued"  # as if a mistake had let it through

    courier().deliver()

    assert (as_written, state(row)[0], sink.received) == ("withheld", "withheld", [])


def test_a_text_that_cannot_be_written_fails_alone_and_quotes_nothing(
    organisation: Organisation, sink: SmtpSink
) -> None:
    broken, other = write(make_person(organisation)), write(make_person(organisation))
    with transaction():
        broken.values = {}

    courier().deliver()

    assert state(broken) == ("failed", 1, "message impossible à composer (KeyError)")
    assert state(other) == ("sent", 1, "")


def test_a_message_claimed_by_a_worker_that_died_leaves_when_the_lease_ends(
    organisation: Organisation, sink: SmtpSink, clock: Traveller
) -> None:
    row = write(make_person(organisation))
    claimed = delivery.claim_due()
    meanwhile = courier().deliver()
    clock.shift(LEASE + timedelta(seconds=1))
    courier().deliver()

    assert (list(claimed.ids), meanwhile) == ([row.id], 0)
    assert state(row) == ("sent", 1, "")


def test_a_worker_that_must_stop_gives_back_what_it_did_not_send(organisation: Organisation, sink: SmtpSink) -> None:
    rows = [write(make_person(organisation)) for _ in range(3)]

    courier().deliver(go_on=lambda: len(sink.received) < 1)

    assert [state(row) for row in rows] == [("sent", 1, ""), ("queued", 0, ""), ("queued", 0, "")]


def test_a_message_withdrawn_after_it_was_claimed_does_not_leave(organisation: Organisation, sink: SmtpSink) -> None:
    kept, withdrawn = write(make_person(organisation)), write(make_person(organisation))

    def withdraw_first() -> bool:
        with transaction():
            db.session.get_one(OutboxMessage, withdrawn.id).status = "obsolete"
        return True

    courier().deliver(go_on=withdraw_first)

    assert [state(kept)[0], state(withdrawn)[0]] == ["sent", "obsolete"]
    assert len(sink.received) == 1


def test_after_a_corrected_address_what_was_not_received_leaves_again(
    organisation: Organisation, sink: SmtpSink
) -> None:
    sink.refusals = {"claire@exemple.org": "550 5.1.1 No such user"}
    person = make_person(organisation, email="claire@exemple.org")
    failed = write(person)
    courier().deliver()
    waiting, other = write(person), write(make_person(organisation, email="autre@example.org"))

    count = services.redirect_undelivered(person.id, "claire@example.org", "Claire Martin")
    courier().deliver()

    assert (count, sorted(recipients(sink))) == (2, ["autre@example.org", "claire@example.org", "claire@example.org"])
    assert [state(row)[0] for row in (failed, waiting, other)] == ["sent"] * 3


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


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", smtp.MailServer(security="smtp", host="localhost", port=25)),
        (
            "smtps://cpts%40example.org:p%40ss%3A@mail.example.org",
            smtp.MailServer(
                security="smtps", host="mail.example.org", port=465, username="cpts@example.org", password="p@ss:"
            ),
        ),
        (
            "smtp+starttls://u:p@courriel.santé.example:2525",
            smtp.MailServer(
                security="smtp+starttls", host="courriel.xn--sant-epa.example", port=2525, username="u", password="p"
            ),
        ),
    ],
)
def test_the_address_of_a_server_is_read(url: str, server: smtp.MailServer) -> None:
    assert smtp.parse(url) == server


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mail.example.org:25", "SMTP_URL commence par smtp://, smtp+starttls:// ou smtps://."),
        ("smtp://", "SMTP_URL : il manque le nom du serveur."),
        ("smtp://mail.example.org:port", "SMTP_URL : le port n’est pas un nombre valable."),
        ("smtps://seul@mail.example.org", "SMTP_URL : il faut un identifiant et un mot de passe, ou aucun des deux."),
        ("smtps://u:%C3%A9@h", "SMTP_URL : l’identifiant et le mot de passe sont en lettres sans accent."),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_french(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        smtp.parse(url)
