"""The master key is recognised at each start; another one is refused, and a restore adopts it."""

import pytest
from sqlalchemy import select

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation import master_key
from cpts_sessions.installation.backup import back_up
from cpts_sessions.installation.doctor.examination import examine
from cpts_sessions.installation.doctor.findings import Level
from cpts_sessions.installation.founding import found
from cpts_sessions.installation.restore import restore
from cpts_sessions.organisations.models import Installation


@pytest.fixture
def another_key(app):
    """The file was lost, and a new one made."""

    def lose():
        app.config["MASTER_KEY"] = b"k" * 32

    was = app.config["MASTER_KEY"]
    yield lose
    app.config["MASTER_KEY"] = was


def test_the_first_start_remembers_the_key_and_the_next_ones_go_on(app):
    master_key.recognise()
    master_key.recognise()
    assert db.session.execute(select(Installation.key_fingerprint)).scalars().all() == [master_key.key_fingerprint()]


def test_another_key_is_refused_with_what_to_do(app, another_key):
    found("CPTS du Val d’Ambre", "eva.martin@example.org", public_url="https://cpts.example.org")
    another_key()

    with pytest.raises(RuleBroken) as refused:
        master_key.recognise()

    path = app.config["SETTINGS"].master_key_file
    sentence = f"La clé a changé : remettez le fichier master.key d'origine à la place de {path}."
    assert normalise(str(refused.value)).startswith(sentence)
    assert sentence in [normalise(one.sentence) for one in examine() if one.level is Level.WRONG]


def test_whoever_lost_her_key_starts_again_with_a_backup_restored_at_once(app, another_key, tmp_path):
    found("CPTS du Val d’Ambre", "eva.martin@example.org", public_url="https://cpts.example.org")
    another_key()
    back_up(tmp_path / "cpts.zip")

    assert restore(tmp_path / "cpts.zip", replace=True).same_key is False

    assert master_key.has_changed() is False
    master_key.recognise()


def test_an_installation_that_never_started_takes_the_key_it_finds(app):
    with transaction():
        db.session.add(Installation())
    assert master_key.has_changed() is False
