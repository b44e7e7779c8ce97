"""A backup made while everything runs becomes the same database again, on either engine."""

import os
import shutil
import stat
import threading
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from cpts_sessions.core import links, public_version
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import Base, db
from cpts_sessions.installation import demonstration, schema
from cpts_sessions.installation.archive import MANIFEST
from cpts_sessions.installation.backup import back_up
from cpts_sessions.installation.founding import found
from cpts_sessions.installation.restore import restore
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told
from cpts_sessions.polls import services as polls
from cpts_sessions.polls.models import PollInvitation
from cpts_sessions.polls.queries import Circle, invitation_by_token
from cpts_sessions.polls.services import PollPlan
from cpts_sessions.registrations import alerts, feed_address, personal
from cpts_sessions.registrations.models import DateAlert, PersonalFeed, Registration
from tests import databases
from tests.factories import STARTS_AT, make_person
from tests.installation.databases_read import elsewhere, every_row, total

#: What a restore begins again on purpose.
BEGUN_AGAIN = {"open_sign_in", "sign_in_link", "worker_beat", "public_version", "audit_entry", "outbox_message"}


@pytest.mark.parametrize("to_engine", databases.ENGINES)
def test_a_backup_of_one_engine_becomes_the_same_database_on_either(app, clock, tmp_path, to_engine):
    demonstration.load()
    gone = make_person(demonstration.find())
    last_id_given = gone.id
    with transaction():
        db.session.delete(gone)
    made = back_up(tmp_path / "cpts.zip")
    before = every_row(but=BEGUN_AGAIN)
    entries, messages = total(Base.metadata.tables["audit_entry"]), total(OutboxMessage)
    db.session.remove()

    with elsewhere(to_engine, tmp_path / "autre", key_of=app):
        restored = restore(tmp_path / "cpts.zip")
        after = every_row(but=BEGUN_AGAIN)
        told = (total(Base.metadata.tables["audit_entry"]), total(OutboxMessage))
        next_id = make_person(db.session.execute(select(Organisation)).scalar_one()).id

    assert after == before
    assert told == (entries + 1, messages)
    assert (next_id, restored.same_key, restored.stopped) == (last_id_given + 1, True, 0)
    assert {name: entry.rows for name, entry in made.tables.items() if name in before} == {
        name: len(rows) for name, rows in before.items()
    }


def test_the_file_is_private_whole_and_holds_no_key(app, running, tmp_path):
    back_up(tmp_path / "cpts.zip")

    assert stat.S_IMODE(os.stat(tmp_path / "cpts.zip").st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["cpts.zip"]
    with zipfile.ZipFile(tmp_path / "cpts.zip") as archive:
        assert archive.testzip() is None
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(inside) == sorted([MANIFEST, *(f"tables/{name}.jsonl" for name in Base.metadata.tables)])
    key = app.config["SETTINGS"].master_key_file.read_bytes().strip()
    assert [name for name, data in inside.items() if key in data or bytes.fromhex(key.decode()) in data] == []


def test_a_backup_is_one_instant_while_others_write(app, running, tmp_path):
    written = []

    def write_beside():
        with app.app_context():
            make_person(db.session.execute(select(Organisation)).scalar_one())
            written.append(total(Person))

    def between_two_tables(_connection, _cursor, statement, *_rest):
        if "FROM worker_beat" in statement and not written:
            thread = threading.Thread(target=write_beside)
            thread.start()
            thread.join(60)

    event.listen(db.engine, "before_cursor_execute", between_two_tables)
    try:
        made = back_up(tmp_path / "cpts.zip")
    finally:
        event.remove(db.engine, "before_cursor_execute", between_two_tables)

    assert (written, made.tables["person"].rows) == ([3], 2)


def test_a_real_cpts_is_replaced_only_when_it_is_asked_for(app, clock, tmp_path):
    found("CPTS des Trois Vallées", "eva.martin@example.org")
    back_up(tmp_path / "cpts.zip")
    with transaction():
        db.session.execute(select(Organisation)).scalar_one().name = "CPTS de la Plaine"
    before = every_row()

    with pytest.raises(RuleBroken, match="Une CPTS est en place ici"):
        restore(tmp_path / "cpts.zip")
    assert every_row() == before

    assert restore(tmp_path / "cpts.zip", replace=True).replaced == ["CPTS de la Plaine"]
    assert db.session.execute(select(Organisation.name)).scalars().all() == ["CPTS des Trois Vallées"]


def test_the_demonstration_gives_way_to_a_backup(app, running, tmp_path):
    back_up(tmp_path / "cpts.zip")
    with transaction():
        running.is_demonstration = True
    restore(tmp_path / "cpts.zip")
    assert db.session.execute(select(Organisation.is_demonstration)).scalars().all() == [False]


@pytest.mark.parametrize(("keep", "status", "stopped"), [(False, "failed", 2), (True, "queued", 0)])
def test_messages_that_waited_do_not_leave_twice_unless_it_is_asked_for(app, running, tmp_path, keep, status, stopped):
    with transaction():
        db.session.execute(select(OutboxMessage).order_by(OutboxMessage.id).limit(1)).scalar_one().status = "sending"
    back_up(tmp_path / "cpts.zip")

    restored = restore(tmp_path / "cpts.zip", replace=True, keep_queued=keep)

    messages = db.session.execute(select(OutboxMessage.status)).scalars().all()
    assert (messages, restored.stopped) == ([status, status], stopped)
    reasons = set(db.session.execute(select(OutboxMessage.last_error)).scalars())
    assert {reason[:21] for reason in reasons} == {"" if keep else "Sauvegarde restaurée\u00a0"}


def test_cached_pages_of_running_servers_are_renewed(app, running, tmp_path):
    back_up(tmp_path / "cpts.zip")
    with transaction():
        running.town = "Ailleurs"
    seen = public_version.current(running.id)
    restore(tmp_path / "cpts.zip", replace=True)
    assert public_version.current(running.id) > seen


def test_with_another_master_key_it_says_so_and_the_links_to_come_open(app, running, tmp_path, engine_name):
    (seat,) = db.session.execute(select(Registration).where(Registration.last_name == "D’Hautcœur")).scalars()
    alerts.ask(seat.group_session.programme_id, Told.of(seat.person))
    feed_address.renew(seat.person)
    plan = PollPlan(slots=[(STARTS_AT, None)], deadline_at=STARTS_AT - timedelta(days=1), circles=[Circle.WAITS])
    polls.send(seat.group_session.programme_id, plan, actor_id=seat.person_id)
    back_up(tmp_path / "cpts.zip")
    ids = {
        Purpose.ALERT: DateAlert.public_id,
        Purpose.FEED: PersonalFeed.public_id,
        Purpose.POLL: PollInvitation.public_id,
    }
    keys = {purpose: db.session.execute(select(id_)).scalar_one() for purpose, id_ in ids.items()}
    keys[Purpose.REGISTRATION] = seat.public_id
    sent, here = {purpose: links.token(purpose, key) for purpose, key in keys.items()}, running.id
    db.session.remove()

    with elsewhere(engine_name, tmp_path / "autre"):
        restored = restore(tmp_path / "cpts.zip")
        assert restored.same_key is False
        for purpose, open_ in OPENED.items():
            assert open_(here, sent[purpose]) is None
            assert open_(here, links.token(purpose, keys[purpose])) is not None


#: What a personal link opens.
OPENED = {
    Purpose.REGISTRATION: personal.behind_link,
    Purpose.ALERT: alerts.by_token,
    Purpose.FEED: feed_address.feed_by_token,
    Purpose.POLL: invitation_by_token,
}


NEXT_MIGRATION = '''
"""towns in capitals"""

from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    op.execute("UPDATE organisation SET town = 'AMBREVILLE'")
'''


def test_a_backup_of_an_older_schema_is_migrated_up(app, running, tmp_path, engine_name):
    made = back_up(tmp_path / "cpts.zip")
    migrations = tmp_path / "migrations"
    shutil.copytree(schema.folder(), migrations, ignore=shutil.ignore_patterns("__pycache__"))
    (migrations / "versions" / "9999_towns.py").write_text(NEXT_MIGRATION.format(head=made.revision))
    db.session.remove()

    with elsewhere(engine_name, tmp_path / "autre", key_of=app) as other:
        other.extensions["migrate"].directory = str(migrations)
        restored = restore(tmp_path / "cpts.zip")
        towns = db.session.execute(select(Organisation.town)).scalars().all()
        stands = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        persons = total(Person)

    assert (towns, stands, persons, restored.same_key) == (["AMBREVILLE"], "9999", 2, True)
    assert [path.name for path in (tmp_path / "autre").iterdir() if path.name.startswith(".restauration")] == []
