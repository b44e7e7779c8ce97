"""The trial message of the first steps: by the real server, at once, its refusals in plain words."""

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.installation import first_steps
from cpts_sessions.installation.first_steps import State, Step
from cpts_sessions.installation.founding import found
from cpts_sessions.installation.trial_message import note_arrived, send_trial
from cpts_sessions.mail.delivery import Courier
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations import services
from cpts_sessions.organisations.models import FirstSteps, Organisation
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.models import Person
from tests.factories import make_coordinator, make_organisation
from tests.mail.outgoing import configure
from tests.smtp_sink import SmtpSink


@pytest.fixture
def sink(tmp_path):
    with SmtpSink(tmp_path) as server:
        yield server


@pytest.fixture
def founded(app, sink, clock):
    """A CPTS that has just started, its coordinator, and a server that takes what it is given."""
    configure(app, sink.url)
    yield found("CPTS des Trois Vallées", "nadia.roche@example.org", mail_address="contact@trois-vallees.example.org")
    configure(app, None)


def me():
    return db.session.query(Person).filter_by(email="nadia.roche@example.org").one()


def cpts():
    db.session.rollback()
    return db.session.query(Organisation).one()


def trial():
    return db.session.query(OutboxMessage).filter_by(kind="message_essai").one()


def test_it_leaves_at_once_for_whoever_asks_and_nothing_else_does(founded, sink):
    assert send_trial(cpts(), me()) == ""

    (mail,) = sink.received
    assert mail.recipients == ("nadia.roche@example.org",)
    assert mail.message["From"].addresses[0].addr_spec == "contact@trois-vallees.example.org"
    assert normalise(mail.message["Subject"]) == "Message d'essai de la CPTS des Trois Vallées"
    assert "contact@trois-vallees.example.org" in mail.message.get_body(("plain",)).get_content()
    assert (trial().status, trial().values) == ("sent", {})
    assert [one.status for one in db.session.query(OutboxMessage).filter_by(kind="role_accorde")] == ["queued"]
    assert first_steps.standing(cpts()).states[Step.MAILBOX] is State.DONE


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        ("smtp://127.0.0.1:1", "le serveur d'e-mail ne répond pas"),
        ("smtp+starttls://127.0.0.1:{port}", "le serveur d'e-mail refuse la connexion"),
    ],
)
def test_a_server_out_of_reach_is_said_and_the_trial_never_leaves_later(app, founded, sink, server, reason):
    configure(app, server.format(port=sink.url.rpartition(":")[2]))
    assert normalise(send_trial(cpts(), me())) == reason
    assert (trial().status, first_steps.standing(cpts()).states[Step.MAILBOX]) == ("obsolete", State.TO_DO)

    configure(app, sink.url)
    Courier(frame_of, lambda _: None).deliver()
    assert [mail.message["Subject"] for mail in sink.received if "essai" in mail.message["Subject"]] == []


def test_a_password_refused_is_said_without_it(app, founded, tmp_path):
    with SmtpSink(tmp_path / "closed", login=("cpts", "le bon")) as closed:
        configure(app, f"smtp://cpts:un-faux@127.0.0.1:{closed.url.rpartition(':')[2]}")
        reason = send_trial(cpts(), me())

    assert normalise(reason).startswith("le serveur d'e-mail refuse l'identifiant ou le mot de passe : 535")
    assert "un-faux" not in reason


@pytest.mark.parametrize("answer", ["553 5.7.1 not your address", "450 4.2.0 not now"])
def test_an_address_refused_says_what_the_server_said(founded, sink, answer):
    sink.refusals["nadia.roche@example.org"] = answer

    assert answer.partition(" ")[2] in send_trial(cpts(), me())
    assert db.session.query(FirstSteps).one().test_trouble != ""


def test_a_sender_refused_is_said(founded, sink):
    sink.sender_answer = "550 5.7.1 sender not allowed"

    assert "refuse l’adresse de la CPTS" in send_trial(cpts(), me())


def test_without_a_server_nothing_is_written(app, founded):
    configure(app, None)
    with pytest.raises(RuleBroken, match="Aucun serveur d’envoi n’est réglé"):
        send_trial(cpts(), me())

    assert db.session.query(OutboxMessage).filter_by(kind="message_essai").count() == 0


def test_the_demonstration_sends_nothing(app, sink, clock):
    configure(app, sink.url)
    organisation = make_organisation(is_demonstration=True)
    with pytest.raises(RuleBroken, match="aucun message ne part"):
        send_trial(organisation, make_coordinator(organisation))
    configure(app, None)

    assert (sink.received, db.session.query(OutboxMessage).count()) == ([], 0)


def test_another_sender_has_to_be_tried_again(founded, sink):
    send_trial(cpts(), me())
    services.move_house(cpts().id, public_url=cpts().public_url, mail_address="autre@example.org", actor_id=me().id)

    assert first_steps.standing(cpts()).states[Step.MAILBOX] is State.TO_DO


def test_it_arrived_only_if_it_left(app, founded, sink):
    with pytest.raises(RuleBroken, match="Aucun message d’essai n’est parti"):
        note_arrived(cpts().id)
    send_trial(cpts(), me())
    note_arrived(cpts().id)

    assert db.session.query(FirstSteps).one().arrived_at is not None
    send_trial(cpts(), me())  # asked again: it has to arrive again
    assert db.session.query(FirstSteps).populate_existing().one().arrived_at is None
