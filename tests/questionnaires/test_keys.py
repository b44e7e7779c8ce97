"""The keys of boxes: apart, wrapped, removed; and what happens without them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires import keys, opening, queries, services
from cpts_sessions.questionnaires.models import BoxState
from tests.factories import make_person
from tests.questionnaires.boxes import (
    HELD_AT,
    answer_all,
    ballot,
    collecting,
    held_session,
    make_asking_programme,
    open_on_31_january,
    slots,
    texts_in,
    token_of,
)

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_without_its_key_a_box_refuses_and_no_session_is_kept_from_closing(clock) -> None:
    programme = make_asking_programme()
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    first, second = make_person(organisation), make_person(organisation)
    held_session(programme, [first])
    box = queries.box_of_year(programme.id, 2026)
    path = keys._path(box.key_id)
    kept = path.read_bytes()
    path.unlink()

    with pytest.raises(keys.KeyMissing):
        services.answer(box.organisation_id, token_of(box, first), ballot("a"))
    held_session(programme, [second], HELD_AT + timedelta(days=7))
    assert len(slots(box)) == 1

    path.write_bytes(kept)
    services.catch_up()
    assert len(slots(box)) == 2


def test_a_box_whose_key_is_lost_goes_on_empty_under_the_same_links(clock) -> None:
    box, tokens = collecting(5)
    services.answer(box.organisation_id, tokens[0], ballot("perdu"))
    services.seal_papers(box.id, [ballot("perdu aussi")], actor_id=None)
    with pytest.raises(RuleBroken, match="à sa place"):
        opening.renew(box.id)
    keys.remove(box.key_id)
    assert queries.boxes_without_key() == [box]

    opening.renew(box.id)

    assert queries.boxes_without_key() == []
    answer_all(box, tokens, ["a", "b", "c", "d", "e"])
    open_on_31_january(box)
    assert texts_in(box) == ["a", "b", "c", "d", "e"]


def test_a_key_is_wrapped_by_the_master_key_and_readable_by_the_service_alone(app) -> None:
    box, _ = collecting(1)
    folder = app.config["SETTINGS"].keys_dir
    path = folder / f"{box.key_id}.key"

    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
    assert keys.load(box.key_id) not in path.read_bytes()
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert "ne pas sauvegarder" in (folder / "LISEZ-MOI.txt").read_text()
    master = app.config["MASTER_KEY"]
    app.config["MASTER_KEY"] = bytes(32)
    try:
        assert keys.is_there(box.key_id) is False
    finally:
        app.config["MASTER_KEY"] = master


def test_the_sweeper_removes_the_keys_of_ended_boxes_only() -> None:
    box, _ = collecting(1)
    ended, _ = collecting(1)
    another_database = uuid4()
    keys.create(another_database)
    with transaction():
        ended.state = BoxState.OPENED.value

    opening.sweep_keys()

    assert keys.kept() & {box.key_id, ended.key_id, another_database} == {box.key_id, another_database}
