"""What leaves the outbox, when, and what happens when it cannot."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from time_machine import Traveller

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail import delivery, outbox, services
from cpts_sessions.mail.delivery import BATCH, LEASE, RESTS, WAITS
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from tests.factories import make_organisation, make_person
from tests.mail.outgoing import configure, courier, now_in_the_database, recipients, state, write
from tests.smtp_sink import SmtpSink

KEY = UUID("7f0c3a52-9f0e-4e57-8f4f-0a4f7d1b2c3d")


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


def test_of_somebody_whose_data_were_erased_not_even_the_address_is_kept(
    organisation: Organisation, sink: SmtpSink
) -> None:
    row = write(make_person(organisation, email="claire@example.org"))
    with transaction():
        row.person_id = None

    courier().deliver()

    assert recipients(sink) == ["claire@example.org"]
    kept = now_in_the_database(row)
    assert (kept.status, kept.to_address, kept.to_name) == ("sent", "", "")


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
