"""`cpts-sessions outbox`, on the server."""

from uuid import UUID

import pytest
from flask import Flask

from cpts_sessions.cli.main import cli
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from tests.factories import make_organisation, make_person

KEY = UUID("7f0c3a52-9f0e-4e57-8f4f-0a4f7d1b2c3d")


@pytest.fixture
def message(app: Flask) -> OutboxMessage:
    person = make_person(make_organisation(), email="claire@example.org", last_name="Martin")
    with transaction():
        row = write_to(person, "connexion", {}, links={"lien_connexion": (Purpose.SIGN_IN, KEY)})
    assert row is not None
    return row


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(cli, words)
    return result.exit_code, result.output


def test_a_message_is_shown_whole_by_its_number_or_its_public_id(app: Flask, message: OutboxMessage) -> None:
    link = links.url("http://localhost", Purpose.SIGN_IN, KEY)
    given = (str(message.id), str(message.public_id))

    shown = [run(app, "outbox", "show", one) for one in given]

    assert [code for code, _ in shown] == [0, 0]
    assert [said.splitlines()[1] for _, said in shown] == ["To: Claire Martin <claire@example.org>"] * 2
    assert [said.count(f"\n{link}\n") for _, said in shown] == [1, 1]


def test_the_very_bytes_can_be_had(app: Flask, message: OutboxMessage) -> None:
    code, said = run(app, "outbox", "show", str(message.id), "--raw")

    assert (code, said.splitlines()[-1].startswith("--=_a")) == (0, True)


@pytest.mark.parametrize("given", ["999999", "7f0c3a52-9f0e-4e57-8f4f-0a4f7d1b2c3d", "rien"])
def test_a_message_that_does_not_exist_is_said(app: Flask, message: OutboxMessage, given: str) -> None:
    assert run(app, "outbox", "show", given) == (1, f"Aucun message {given}.\n")


def test_a_message_of_another_cpts_is_not_shown_in_the_name_of_this_one(app: Flask, message: OutboxMessage) -> None:
    other = make_organisation(slug="autre", public_url="http://autre.example.org").slug
    own = db.session.get_one(Organisation, message.organisation_id).slug

    assert run(app, "outbox", "show", str(message.id), "--organisation", other)[0] == 1
    assert run(app, "outbox", "show", str(message.id), "--organisation", own)[0] == 0


@pytest.mark.parametrize(("limit", "code"), [("0", 1), ("1", 0)])
def test_a_probe_is_told_how_many_wait(app: Flask, message: OutboxMessage, limit: str, code: int) -> None:
    assert run(app, "outbox", "pending", "--fail-above", limit) == (code, "1\u00a0message en attente\n")
