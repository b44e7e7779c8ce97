"""Cards in a backup: the tables come back, and those that wait, unreadable, are lost without their key."""

import pytest

from cpts_sessions.extensions import db
from cpts_sessions.installation.backup import back_up
from cpts_sessions.installation.restore import restore
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.questionnaires import effect_counts
from tests import databases
from tests.installation.databases_read import elsewhere
from tests.questionnaires.on_cards import filled, tonight, totals, with_cards


@pytest.mark.parametrize("to_engine", databases.ENGINES)
def test_tables_come_back_and_four_waiting_cards_never_help_a_fifth(app, clock, tmp_path, to_engine):
    one = tonight(with_cards())
    session_id, programme_id = one.id, one.programme_id
    for n in range(9):
        filled(one, f"A{n}B{n}", before=n, after=0)
    before = effect_counts.tables(programme_id, 2026)
    back_up(tmp_path / "cpts.zip")
    db.session.remove()

    with elsewhere(to_engine, tmp_path / "autre", key_of=app):
        restore(tmp_path / "cpts.zip")
        assert effect_counts.tables(programme_id, 2026) == before

        one = db.session.get_one(GroupSession, session_id)
        for n in range(4):
            filled(one, f"C{n}D{n}")
        assert totals(programme_id) == [5] * 4
        filled(one, "E2F3")
        assert totals(programme_id) == [10] * 4
