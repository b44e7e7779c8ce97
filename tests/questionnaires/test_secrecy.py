"""What is left behind while people answer: nothing but slots, all of them, all alike."""

import hashlib
import json
import logging
import random
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url, select

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import Base, db
from cpts_sessions.installation.backup import back_up
from cpts_sessions.questionnaires import keys, opening, queries
from cpts_sessions.questionnaires.models import Answer, Box, Slot
from cpts_sessions.questionnaires.sealed_box import SEALED_BYTES
from tests.conftest import Browser
from tests.factories import make_organisation
from tests.questionnaires.attacker.campaign import form, texts_of
from tests.questionnaires.boxes import collecting, make_asking_programme

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def chance():
    """Other words at each run."""
    return random.Random(random.SystemRandom().getrandbits(64))


@pytest.fixture
def every_log(caplog) -> pytest.LogCaptureFixture:
    """Every line of every logger, down to the most talkative."""
    caplog.set_level(logging.DEBUG)
    return caplog


def digests() -> dict[str, str]:
    """The digest of each table, by its rows where they are."""
    found = {}
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = sorted(map(repr, connection.execute(select(table)).all()))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        connection.rollback()
    return found


def sealed() -> dict[object, bytes]:
    with db.engine.connect() as connection:
        rows = connection.execute(select(Slot.id, Slot.sealed)).all()
        connection.rollback()
    return {row.id: bytes(row.sealed) for row in rows}


def test_an_answer_changes_every_slot_and_not_one_byte_elsewhere(
    app: Flask, browser: Browser, every_log: pytest.LogCaptureFixture, chance
) -> None:
    box, tokens = collecting(10)
    folder = app.config["SETTINGS"].keys_dir
    before, slots, kept = digests(), sealed(), sorted(folder.iterdir())
    every_log.clear()

    for token, text in zip(tokens, texts_of(chance), strict=True):
        page = browser.get(f"/questionnaire/{token}")
        answer = browser.post(f"/questionnaire/{token}", data=form(text.decode(), chance))

        assert (page.status_code, answer.status_code) == (200, 303)
        assert {"Set-Cookie"}.isdisjoint([*page.headers.keys(), *answer.headers.keys()])
        after, anew = digests(), sealed()
        assert {name for name in after if after[name] != before[name]} == {"slot"}
        assert [anew[id_] == slots[id_] for id_ in slots] == [False] * 10
        assert {len(one) for one in anew.values()} == {SEALED_BYTES}
        before, slots = after, anew
    assert every_log.records == []
    assert sorted(folder.iterdir()) == kept
    assert box.state == "collecting"


def test_a_refused_answer_changes_nothing_at_all(
    app: Flask, browser: Browser, every_log: pytest.LogCaptureFixture, chance
) -> None:
    _, tokens = collecting(3)
    before = digests()
    every_log.clear()

    empty = browser.post(f"/questionnaire/{tokens[0]}", data={})
    unknown = browser.post(f"/questionnaire/{'x' * 43}", data=form("rien", chance))

    assert (empty.status_code, unknown.status_code) == (422, 404)
    assert digests() == before
    assert every_log.records == []


def test_a_hundred_canaries_are_seen_nowhere_before_the_opening(
    app: Flask, browser: Browser, every_log: pytest.LogCaptureFixture, tmp_path: Path, chance
) -> None:
    organisation = make_organisation()
    boxes = [collecting(20, programme=make_asking_programme(organisation, slug=f"cercle-{n}")) for n in range(5)]
    tokens = [token for _, its in boxes for token in its]
    canaries = [chance.randbytes(16).hex() for _ in tokens]
    every_log.clear()

    for token, canary in zip(tokens, canaries, strict=True):
        assert browser.post(f"/questionnaire/{token}", data=form(f"mot {canary}", chance)).status_code == 303
    back_up(tmp_path / "cpts.zip")

    places = [*files(app), *archived(tmp_path / "cpts.zip"), every_log.text.encode(), *rows()]
    assert [canary for canary in canaries if any(canary.encode() in place for place in places)] == []
    assert {len(one) for one in sealed().values()} == {SEALED_BYTES}

    for box, _ in boxes:
        end_of_time(box.id)
    opened = [text for box, _ in boxes for text in queries.values_of(box.id, "c8")]
    assert sorted(opened) == sorted(f"mot {canary}" for canary in canaries)
    places = [*rows(), *files(app)]  # the search finds what is there to be found
    assert all(any(canary.encode() in place for place in places) for canary in canaries)


def end_of_time(box_id: int) -> None:
    """Let its 31 January come."""
    with transaction():
        db.session.get_one(Box, box_id).year = 2001
    opening.look_at_boxes()


def files(app: Flask) -> Iterator[bytes]:
    """The files of the database, its log of writes, the keys."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    folder = Path(url.database).parent if url.get_backend_name() == "sqlite" else app.config["SETTINGS"].data_dir
    yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def archived(path: Path) -> Iterator[bytes]:
    """What a backup holds, as text and as the bytes it stands for."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            yield content
            if name == "tables/slot.jsonl":
                yield from (b64decode(json.loads(line)[-1]) for line in content.splitlines())


def rows() -> Iterator[bytes]:
    """Every row of every table."""
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            yield from (repr(tuple(row)).encode() for row in connection.execute(select(table)).all())
        connection.rollback()


def test_no_key_is_in_a_backup_or_a_row(app: Flask, tmp_path: Path) -> None:
    box, _ = collecting(2)
    key = keys.load(box.key_id)
    wrapped = (app.config["SETTINGS"].keys_dir / f"{box.key_id}.key").read_bytes()
    back_up(tmp_path / "cpts.zip")

    places = [*archived(tmp_path / "cpts.zip"), *rows()]

    for secret in (key, wrapped, wrapped[12:]):
        for written in (secret, secret.hex().encode(), repr(secret).encode()[2:-1]):
            assert not any(written in place for place in places)


def test_what_is_opened_has_no_order_and_no_owner(app: Flask) -> None:
    assert [column.name for column in Answer.__table__.columns] == ["id", "box_id", "question", "value"]
    pointing = {
        (table.name, key.column.table.name)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if table.name in ("answer", "slot", "box", "questionnaire")
    }
    assert "person" not in {target for _, target in pointing}


def test_an_opened_answer_is_no_uuid_of_a_clock(app: Flask, browser: Browser, chance) -> None:
    box, tokens = collecting(5)
    for token in tokens:
        browser.post(f"/questionnaire/{token}", data=form("mot", chance))
    end_of_time(box.id)

    ids = db.session.execute(select(Answer.id).where(Answer.box_id == box.id)).scalars().all()

    assert {one.version for one in ids} == {4}
