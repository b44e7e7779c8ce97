"""What cannot be backed up or restored whole is refused with a sentence, and changes nothing."""

import json
import zipfile

import pytest
from sqlalchemy import event, text

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation.archive import MANIFEST
from cpts_sessions.installation.backup import back_up
from cpts_sessions.installation.restore import restore
from tests.installation.databases_read import every_row


def rewritten(source, target, change):
    """The same backup, each of its parts changed by `change(name, data)`; None leaves it out."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as made:
        for name in given.namelist():
            data = change(name, given.read(name))
            if data is not None:
                made.writestr(name, data)
    return target


def of_another(key, value):
    return lambda name, data: json.dumps({**json.loads(data), key: value}).encode() if name == MANIFEST else data


DAMAGES = {
    "a row changed": lambda name, data: data.replace(b"Ambreville", b"Ambreborg"),
    "a row gone": lambda name, data: b"\n".join(data.splitlines()[1:]) if name == "tables/person.jsonl" else data,
    "a table gone": lambda name, data: None if name == "tables/person.jsonl" else data,
    "no manifest": lambda name, data: None if name == MANIFEST else data,
    "a newer format": of_another("format", 2),
    "a newer schema": of_another("revision", "9999"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_newer_backup_changes_nothing(app, running, tmp_path, damage):
    back_up(tmp_path / "cpts.zip")
    rewritten(tmp_path / "cpts.zip", tmp_path / "autre.zip", DAMAGES[damage])
    before = every_row()
    with pytest.raises(RuleBroken):
        restore(tmp_path / "autre.zip", replace=True)
    assert every_row() == before


def test_what_is_no_backup_is_refused_with_a_sentence(app, tmp_path):
    (tmp_path / "cpts.zip").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(RuleBroken, match=r"n’est pas une sauvegarde, ou elle est incomplète\.$"):
        restore(tmp_path / "cpts.zip")
    with pytest.raises(RuleBroken, match=r"n’existe pas\.$"):
        restore(tmp_path / "absente.zip")
    with pytest.raises(RuleBroken, match="n’a pas pu s’écrire"):
        back_up(tmp_path / "absent" / "cpts.zip")


def test_a_database_of_another_schema_is_not_backed_up_by_halves(app, running, tmp_path):
    with db.engine.begin() as connection:
        head = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    try:
        with pytest.raises(RuleBroken, match="La base n’est pas à jour"):
            back_up(tmp_path / "cpts.zip")
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_everything_as_it_was(app, running, tmp_path):
    back_up(tmp_path / "cpts.zip")
    with transaction():
        running.town = "Ailleurs"
    before = every_row()

    def fail_on_messages(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO outbox_message"):
            raise OSError("the disk is full")

    event.listen(db.engine, "before_cursor_execute", fail_on_messages)
    try:
        with pytest.raises(OSError, match="the disk is full"):
            restore(tmp_path / "cpts.zip", replace=True)
    finally:
        event.remove(db.engine, "before_cursor_execute", fail_on_messages)

    assert every_row() == before
