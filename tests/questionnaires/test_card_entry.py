"""Cards filled in the room: what waits shows nothing, and the tables grow by five at least."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires import card_entry, effect_counts, keys
from cpts_sessions.questionnaires.models import EffectCount, WaitingCards
from cpts_sessions.questionnaires.sealed_box import SEALED_BYTES
from tests.conftest import NOW, empty_every_table
from tests.factories import make_organisation, make_person
from tests.questionnaires.on_cards import card, filled, marks, tonight, totals, with_cards
from tests.rows import rows


def digest() -> dict[str, list[str]]:
    """Every row of every table but what waits."""
    db.session.rollback()
    names = [table.name for table in db.metadata.sorted_tables if table.name != "waiting_cards"]
    return {name: sorted(map(str, db.session.execute(text(f"SELECT * FROM {name}")))) for name in names}


def sealed() -> bytes:
    [waiting] = rows(WaitingCards)
    return waiting.sealed


def test_four_complete_cards_wait_and_the_fifth_counts_all(app, clock):
    programme = with_cards()
    one = tonight(programme)
    for n in range(4):
        filled(one, f"A{n}B{n}", before=n, after=0)
    assert totals(programme.id) == [0] * 4

    filled(one, "C2D3", before=4, after=0)

    assert totals(programme.id) == [5] * 4
    assert effect_counts.tables(programme.id, 2026)["e1"] == {(n, 0): 1 for n in range(5)}
    assert effect_counts.cards_counted(programme.id, 2026) == 5


def test_cards_of_small_sessions_wait_together(app, clock):
    programme = with_cards()
    for evening in range(2):
        one = tonight(programme)
        for n in range(3):
            filled(one, f"A{n}B{n}")  # the same numbers: another evening, another card
        assert totals(programme.id) == [0 if evening == 0 else 5] * 4


def test_each_passage_changes_what_waits_and_nothing_else(app, clock):
    one = tonight(with_cards())
    card_entry.fill(one, "A2B3", marks(1, 2, 3, 4), is_leaving=False)
    before, seen = digest(), [sealed()]
    for number, is_leaving in [("A2B3", False), ("C4D5", False), ("A2B3", True), ("C4D5", True)]:
        card_entry.fill(one, number, marks(5, 5, 5, 5), is_leaving=is_leaving)
        seen.append(sealed())
    assert digest() == before
    assert len(set(seen)) == 5
    assert {len(one) for one in seen} == {SEALED_BYTES}


def test_what_waits_is_one_row_without_hour_number_or_count(app, clock):
    one = tonight(with_cards())
    for n in range(4):
        filled(one, f"A{n}B{n}")
    assert len(rows(WaitingCards)) == 1
    assert set(WaitingCards.__table__.columns.keys()) == {
        "id",
        "organisation_id",
        "programme_id",
        "year",
        "key_id",
        "sealed",
    }
    assert set(EffectCount.__table__.columns.keys()) == {
        "organisation_id",
        "programme_id",
        "year",
        "item",
        "before",
        "after",
        "count",
    }


def test_a_first_passage_may_be_corrected_until_the_second(app, clock):
    programme = with_cards()
    one = tonight(programme)
    card_entry.fill(one, "Z2Z2", marks(9, 9, 9, 9), is_leaving=False)
    filled(one, "Z2Z2", before=1, after=2)
    for n in range(4):
        filled(one, f"A{n}B{n}", before=1, after=2)
    assert effect_counts.tables(programme.id, 2026)["e4"] == {(1, 2): 5}


def test_a_complete_card_is_refused_gently_even_once_counted(app, clock):
    one = tonight(with_cards())
    for n in range(5):
        filled(one, f"A{n}B{n}")
        for is_leaving in (False, True):
            with pytest.raises(RuleBroken, match="déjà remplie"):
                card_entry.fill(one, f"A{n}B{n}", marks(1, 1, 1, 1), is_leaving=is_leaving)
    assert totals(one.programme_id) == [5] * 4


def test_nobody_leaves_who_did_not_arrive(app, clock):
    one = tonight(with_cards())
    with pytest.raises(RuleBroken, match="Aucune réponse d’arrivée"):
        card_entry.fill(one, "A2B3", marks(1, 1, 1, 1), is_leaving=True)
    assert rows(WaitingCards) == []


def test_the_address_serves_on_the_day_of_the_session_only(app, clock):
    programme = with_cards()
    one = tonight(programme)
    given_ = card_entry.token(one)

    assert card_entry.session_of(programme.organisation_id, given_).id == one.id
    for day, is_on in [(-1, False), (0, True), (1, False)]:
        clock.move_to(NOW + timedelta(days=day))
        assert (card_entry.session_of(programme.organisation_id, given_) is not None) is is_on
    assert card_entry.session_of(make_organisation().id, given_) is None
    assert card_entry.session_of(programme.organisation_id, given_[:-1] + "é") is None


def test_a_session_that_ends_after_midnight_serves_until_the_next_day(app, clock):
    start = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
    one = tonight(with_cards(), starts_at=start, ends_at=start + timedelta(hours=4))
    clock.move_to(start + timedelta(hours=4))
    assert card_entry.session_of(one.organisation_id, card_entry.token(one)) is not None
    filled(one, "A2B3")
    with pytest.raises(RuleBroken, match="déjà remplie"):
        card_entry.fill(one, "A2B3", marks(1, 1, 1, 1), is_leaving=True)


@pytest.mark.parametrize("changes", [{"status": "draft"}, {"status": "cancelled"}, {"is_discovery": True}], ids=str)
def test_some_sessions_have_no_cards(app, clock, changes):
    one = tonight(with_cards(), **changes)
    assert card_entry.session_of(one.organisation_id, card_entry.token(one)) is None


def test_a_programme_that_asks_something_else_has_no_cards(app, clock):
    one = tonight(with_cards(questionnaire_slug="gapp_eval"))
    assert card_entry.session_of(one.organisation_id, card_entry.token(one)) is None
    with pytest.raises(RuleBroken, match="pas de cartes"):
        card_entry.cards_of(one)


def test_a_lost_key_loses_what_waits_and_the_evening_goes_on(app, clock):
    one = tonight(with_cards())
    for n in range(4):
        filled(one, f"A{n}B{n}")
    keys.remove(rows(WaitingCards)[0].key_id)

    for n in range(5):
        assert totals(one.programme_id) == [0] * 4
        filled(one, f"C{n}D{n}")
    assert totals(one.programme_id) == [5] * 4


def test_without_a_folder_for_keys_paper_is_asked_for(app, clock, monkeypatch, tmp_path):
    one = tonight(with_cards())
    occupied = tmp_path / "file"
    occupied.write_text("")
    changed = type(app.config["SETTINGS"])(**{**vars(app.config["SETTINGS"]), "keys_dir": occupied})
    monkeypatch.setitem(app.config, "SETTINGS", changed)
    with pytest.raises(RuleBroken, match="carte en papier"):
        card_entry.fill(one, "A2B3", marks(1, 1, 1, 1), is_leaving=False)
    assert rows(WaitingCards) == []


def test_what_was_never_five_goes_on_31_january_with_its_key(app, clock):
    one = tonight(with_cards())
    filled(one, "A2B3")
    key_id = rows(WaitingCards)[0].key_id
    clock.move_to(datetime(2027, 1, 30, 12, 0, tzinfo=UTC))
    card_entry.forget_old()
    assert keys.is_there(key_id)

    clock.move_to(datetime(2027, 1, 31, 12, 0, tzinfo=UTC))
    card_entry.forget_old()
    assert (rows(WaitingCards), keys.is_there(key_id)) == ([], False)


def test_paper_cards_never_help_waiting_ones(app, clock):
    programme = with_cards()
    one = tonight(programme)
    filled(one, "A2B3", before=9, after=0)
    coordinator = make_person(one.organisation)

    for few in range(5):
        with pytest.raises(RuleBroken, match="Moins de 5 cartes"):
            effect_counts.type_in(programme, 2026, [card()] * few, actor_id=coordinator.id)
    effect_counts.type_in(programme, 2026, [card(5, 5)] * 5, actor_id=coordinator.id)

    assert effect_counts.tables(programme.id, 2026)["e1"] == {(5, 5): 5}


def test_a_batch_that_fails_leaves_the_cards_waiting(app, clock):
    one = tonight(with_cards())
    for n in range(4):
        filled(one, f"A{n}B{n}")
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012
        filled(one, "C2D3")
        raise ZeroDivisionError
    db.session.rollback()
    assert totals(one.programme_id) == [0] * 4
    filled(one, "C2D3")
    assert totals(one.programme_id) == [5] * 4


PASSAGES = st.lists(
    st.one_of(
        st.tuples(st.just("phone"), st.integers(0, 11), st.booleans(), st.integers(0, 10)),
        st.tuples(st.just("paper"), st.integers(0, 8), st.booleans(), st.integers(0, 10)),
    ),
    max_size=60,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PASSAGES)
def test_whatever_happens_the_tables_change_by_nothing_or_by_five_at_least(app, clock, passages):
    db.session.remove()
    empty_every_table()
    programme = with_cards()
    one = tonight(programme)
    coordinator = make_person(one.organisation)
    shown = [0] * 4
    for kind, which, is_leaving, mark in passages:
        try:
            if kind == "phone":
                card_entry.fill(one, f"A{which // 10}B{which % 10}", marks(*[mark] * 4), is_leaving=is_leaving)
            else:
                effect_counts.type_in(programme, 2026, [card(mark, 10 - mark)] * which, actor_id=coordinator.id)
        except RuleBroken:
            pass
        now_shown = totals(programme.id)
        assert len(set(now_shown)) == 1
        assert now_shown[0] - shown[0] == 0 or now_shown[0] - shown[0] >= 5
        shown = now_shown


def test_the_order_of_the_tables_is_not_the_order_of_the_cards(app, clock):
    written = []
    for seed in range(2):
        db.session.remove()
        empty_every_table()
        one = tonight(with_cards())
        numbers = [(n, f"A{n}B{n}") for n in range(5)]
        random.Random(seed).shuffle(numbers)
        for mark, number in numbers:
            filled(one, number, before=mark, after=0)
        order = "ctid" if db.engine.dialect.name == "postgresql" else "rowid"
        statement = text(f"SELECT item, before, after, count FROM effect_count ORDER BY {order}")
        written.append([tuple(row) for row in db.session.execute(statement)])
    assert written[0] == written[1] == sorted(written[0])
