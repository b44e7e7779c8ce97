"""`cpts-sessions rsvp ingest`: a mail on the standard input, an exit code for who handed it over."""

import pytest

from cpts_sessions.cli.main import cli
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from tests.factories import make_group_session, make_organisation, make_programme, signed_up
from tests.ical.answer_samples import sample
from tests.ical.samples import PUBLIC_ID


@pytest.fixture
def zoe(app, clock):
    kept, app.config["MASTER_KEY"] = app.config["MASTER_KEY"], b"a key for the tests"
    group_session = make_group_session(make_programme(make_organisation()))
    registration = signed_up(group_session, email="zoe.noel@example.org")
    with transaction():
        registration.public_id = PUBLIC_ID
    yield registration
    app.config["MASTER_KEY"] = kept


@pytest.mark.parametrize(
    ("mails", "codes", "sentence"),
    [
        (["exchange_decline_with_comment"], [0], "Réponse enregistrée."),
        (["gmail_accept", "gmail_accept"], [0, 0], "Ce message avait déjà été lu."),
        (["party_crasher"], [0], "À regarder : voyez le courrier reçu."),
        (["vacation"], [1], "Ce message ne nous concerne pas : rien n’en est gardé."),
    ],
)
def test_a_mail_is_read_and_the_exit_code_says_whether_it_was_ours(app, zoe, mails, codes, sentence):
    results = [app.test_cli_runner().invoke(cli, ["rsvp", "ingest"], input=sample(name)) for name in mails]

    assert [result.exit_code for result in results] == codes
    assert results[-1].output.replace("\u00a0", " ").strip() == sentence
    db.session.expire_all()
    assert (zoe.status == "cancelled") is (mails == ["exchange_decline_with_comment"])
