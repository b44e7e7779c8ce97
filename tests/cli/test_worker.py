"""The worker's turns: what is due is done, and what fails puts off itself alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from time_machine import Traveller

from cpts_sessions.cli.lifeline import Stop
from cpts_sessions.cli.worker import Job, Worker, jobs
from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db, mail
from cpts_sessions.mail import inbox, queries, smtp
from tests.factories import make_group_session, make_organisation, make_programme, signed_up
from tests.imap_server import ImapServer
from tests.smtp_sink import SmtpSink


@pytest.fixture
def sink(app: Flask, tmp_path: Path) -> Iterator[SmtpSink]:
    with SmtpSink(tmp_path) as server:
        app.extensions["mail"] = mail.init_mail(smtp.flask_settings(server.url))
        yield server
    app.extensions["mail"] = mail.init_mail(smtp.flask_settings(None))


def broken() -> None:
    raise RuntimeError("Nadia Ferhat")


def test_one_turn_beats_and_lets_a_confirmation_leave(app: Flask, sink: SmtpSink, clock: Traveller) -> None:
    registration = signed_up(make_group_session(make_programme(make_organisation())))
    address = registration.person.email
    db.session.rollback()  # what the worker writes is seen by whoever begins to read afterwards

    Worker(app, jobs(), Stop()).turn()

    assert [received.recipients for received in sink.received] == [(address,)]
    assert queries.last_beat() == now()


def test_a_turn_reads_the_mailbox_of_the_settings(app: Flask, clock: Traveller) -> None:
    was = app.config["SETTINGS"]
    with ImapServer() as server:
        server.box.put(b"Subject: bonjour\r\n\r\nA bientot.")
        app.config["SETTINGS"] = type(was)(**{**vars(was), "imap_url": server.url})
        Worker(app, jobs(), Stop()).turn()
        app.config["SETTINGS"] = was

    box = inbox.state()
    assert box is not None
    assert (box.last_uid, box.human_uids, box.trouble) == (101, [101], "")
    assert (server.box.marks(), server.box.bodies_read) == ([(101, [])], [])


def test_a_job_that_fails_is_put_off_alone_and_names_nobody(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []
    failing, other = Job("offers", broken, every_seconds=0), Job("other", lambda: done.append("other"), every_seconds=0)
    worker = Worker(app, [failing, other], Stop())

    worker.turn()
    failing.due += 600  # however slow this machine
    worker.turn()

    assert (done, failing.failures) == (["other", "other"], 1)
    assert caplog.messages == ["offers: RuntimeError; next try in 1 s"]


def test_the_end_that_is_asked_for_during_a_job_is_the_end_of_the_turn(app: Flask) -> None:
    stop, done = Stop(), list[str]()
    tasks = [Job("first", stop.set, every_seconds=0), Job("second", lambda: done.append("second"), every_seconds=0)]

    Worker(app, tasks, stop).run()

    assert done == []
