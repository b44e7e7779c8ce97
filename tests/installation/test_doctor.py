"""The doctor says what is well, what is not and what to do; exit code 1 only when something does not work."""

import smtplib
import socketserver
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from cpts_sessions.cli.main import cli
from cpts_sessions.core.clock import now
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.extensions import mail as mail_extension
from cpts_sessions.installation import demonstration
from cpts_sessions.installation.doctor.database import examine_boxes
from cpts_sessions.installation.doctor.examination import examine, worst
from cpts_sessions.installation.doctor.findings import Level
from cpts_sessions.mail import smtp
from cpts_sessions.mail.models import WorkerBeat
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires import keys
from cpts_sessions.registrations import triggers
from tests.factories import make_organisation
from tests.imap_server import ImapServer
from tests.questionnaires.boxes import collecting, make_asking_programme
from tests.smtp_sink import SmtpSink


@pytest.fixture
def set_up(app):
    """`set_up(smtp_url=…)` changes settings until the end of the test."""
    was, extension = app.config["SETTINGS"], app.extensions["mail"]

    def change(**changes: Any):
        app.config["SETTINGS"] = type(was)(**{**vars(app.config["SETTINGS"]), **changes})
        if "smtp_url" in changes:
            app.config.update(smtp.flask_settings(changes["smtp_url"]), MAIL_SUPPRESS_SEND=False)
            mail_extension.init_app(app)

    yield change
    app.config["SETTINGS"] = was
    app.config.update(smtp.flask_settings(was.smtp_url))
    app.config.pop("MAIL_SUPPRESS_SEND", None)
    app.extensions["mail"] = extension


@pytest.fixture
def in_production(app, set_up):
    """A real CPTS that lacks nothing but a mail server."""
    make_organisation(public_url="https://cpts.example.org", mail_address="contact@ambre.example.org")
    set_up(public_url="https://cpts.example.org", trusted_proxies=1)
    with transaction():
        db.session.add(WorkerBeat())


def said(level):
    return [normalise(finding.sentence) for finding in examine() if finding.level is level]


def test_a_demonstration_that_runs_has_nothing_wrong(app):
    demonstration.load()
    with transaction():
        db.session.add(WorkerBeat())
    assert (said(Level.WRONG), said(Level.CAREFUL)) == ([], [])


def test_every_advice_comes_with_something_to_mend(app):
    assert [finding for finding in examine() if (finding.level is Level.GOOD) == bool(finding.advice)] == []


def stop_the_worker():
    """Its last beat was five minutes ago."""
    with transaction():
        db.session.get_one(WorkerBeat, 1).at = now() - timedelta(minutes=5, seconds=1)


@pytest.mark.usefixtures("in_production")
def test_a_worker_that_stopped_is_wrong():
    stop_the_worker()
    assert said(Level.WRONG) == ["Le travail de fond ne donne plus signe de vie depuis 5 min : aucun message ne part."]


@pytest.mark.usefixtures("in_production")
def test_a_missing_trigger_is_wrong():
    with db.engine.begin() as connection:
        triggers.drop(connection)
    try:
        found = said(Level.WRONG)
    finally:
        with db.engine.begin() as connection:
            triggers.install(connection)
    assert found == [f"Il manque des garde-fous dans la base : {', '.join(sorted(triggers.SQLITE))}."]


@pytest.mark.usefixtures("in_production")
def test_an_older_schema_is_wrong_and_nothing_is_read_from_it():
    with db.engine.begin() as connection:
        (head,) = connection.execute(text("SELECT version_num FROM alembic_version")).one()
        connection.execute(text("DELETE FROM alembic_version"))
    try:
        found = said(Level.WRONG)
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    assert found == ["La base est vide : elle n'a pas encore ses tables."]


@pytest.mark.usefixtures("in_production")
def test_a_key_that_others_can_read_is_wrong(app):
    path = app.config["SETTINGS"].master_key_file
    path.chmod(0o644)
    try:
        found = said(Level.WRONG)
    finally:
        path.chmod(0o600)
    assert found == [f"La clé maîtresse {path} est lisible par d'autres (droits 644)."]


def test_a_public_address_in_clear_is_wrong(app, set_up):
    make_organisation(public_url="http://cpts.example.org", mail_address="contact@ambre.example.org")
    set_up(public_url="http://cpts.example.org")
    assert said(Level.WRONG) == [
        "CPTS du Val d'Ambre répond à http://cpts.example.org : les noms et les liens circulent en clair."
    ]


@pytest.mark.usefixtures("in_production")
def test_two_cpts_at_one_address_are_wrong():
    make_organisation(public_url="https://CPTS.example.org:443", mail_address="contact@vallees.example.org")
    assert said(Level.WRONG) == ["Deux CPTS répondent à la même adresse."]


@pytest.mark.usefixtures("in_production")
def test_https_without_a_proxy_that_is_believed_asks_for_care(set_up):
    set_up(trusted_proxies=0)
    assert "L'adresse publique est en https, et aucun mandataire n'est cru." in said(Level.CAREFUL)


@pytest.mark.parametrize(
    ("password", "level", "sentence"),
    [("ambre", Level.GOOD, "répond."), ("autre", Level.WRONG, "refuse l'identifiant ou le mot de passe.")],
)
def test_the_mail_server_is_greeted_and_signed_in_to_and_handed_nothing(set_up, tmp_path, password, level, sentence):
    with SmtpSink(tmp_path, login=("eva", "ambre")) as sink:
        set_up(smtp_url=f"smtp://eva:{password}@127.0.0.1:{sink.port}")
        found = said(level)
    assert f"Le serveur d'envoi 127.0.0.1, port {sink.port} {sentence}" in found
    assert (sink.connections, sink.received) == (1, [])


@pytest.mark.parametrize(
    ("password", "level", "sentence"),
    [
        ("un%20mot%20de%20passe", Level.GOOD, "La boîte des réponses se lit : 127.0.0.1, port {}."),
        (
            "autre",
            Level.WRONG,
            "La boîte des réponses ne se lit pas (127.0.0.1, port {}) : "
            "le serveur refuse l'identifiant, le mot de passe ou le dossier.",
        ),
    ],
)
def test_the_mailbox_of_answers_is_opened_and_nothing_in_it_is_marked(app, set_up, password, level, sentence):
    with ImapServer() as server:
        server.box.put(b"Subject: bonjour\r\n\r\n")
        set_up(imap_url=f"imap://boite:{password}@127.0.0.1:{server.port}")
        found = said(level)
    assert sentence.format(server.port) in found
    assert server.box.marks() == [(101, [])]


def test_a_mailbox_that_cannot_be_one_is_wrong(app, set_up):
    set_up(imap_url="imap://boite:secret@mail.example.org")
    told = "IMAP_URL : vers une autre machine, il faut imaps://, qui chiffre le mot de passe."
    assert told in said(Level.WRONG)


@pytest.mark.usefixtures("in_production")
def test_a_mail_server_that_hangs_up_is_wrong(set_up):
    hang_up = socketserver.BaseRequestHandler  # ends every conversation at once
    with socketserver.TCPServer(("127.0.0.1", 0), hang_up) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        set_up(smtp_url=f"smtp://127.0.0.1:{port}")
        found = said(Level.WRONG)
        server.shutdown()
    name = smtplib.SMTPServerDisconnected.__name__
    assert found == [f"Le serveur d'envoi 127.0.0.1, port {port} ne répond pas : {name}."]


@pytest.mark.usefixtures("in_production")
def test_the_command_ends_with_1_only_when_something_is_wrong(app):
    run = app.test_cli_runner()
    assert worst(examine()) is Level.CAREFUL
    assert run.invoke(cli, ["doctor"]).exit_code == 0
    stop_the_worker()
    ended = run.invoke(cli, ["doctor"])
    assert (ended.exit_code, normalise(ended.output).splitlines()[-1]) == (1, "À corriger : 1.")


@pytest.mark.usefixtures("in_production")
def test_the_command_to_copy_holds_a_path_with_a_space(set_up, tmp_path):
    folder = tmp_path / "clés des urnes"
    folder.mkdir(mode=0o755)
    set_up(keys_dir=folder)
    assert f"chmod 700 '{folder}'" in [finding.advice for finding in examine()]


@pytest.mark.usefixtures("in_production")
def test_a_box_without_its_key_is_told_with_what_to_do(app, clock):
    box, _ = collecting(1, programme=make_asking_programme(db.session.execute(select(Organisation)).scalar_one()))
    assert [finding for finding in examine_boxes() if finding.level is Level.WRONG] == []

    keys.remove(box.key_id)

    (finding,) = examine_boxes()
    assert normalise(finding.sentence) == "La clé d'une urne manque ou ne se lit pas : Cercles de paroles, 2026."
    assert "boxes renew" in finding.advice

    said_there = app.test_cli_runner().invoke(cli, ["boxes", "renew", "--yes"])

    assert (said_there.exit_code, examine_boxes()) == (0, [])
    assert "Cercles de paroles, 2026" in normalise(said_there.output)
