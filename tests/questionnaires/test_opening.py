"""When a box may be opened, by whom, and what is read then."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires import keys, opening, queries, rules, services
from cpts_sessions.questionnaires.models import BoxState
from tests.factories import make_coordinator
from tests.questionnaires.boxes import (
    CIRCLES,
    DECEMBER_1,
    DECEMBER_10,
    answer_all,
    ballot,
    collecting,
    kinds,
    open_on_31_january,
    slots,
    texts_in,
)

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_blank_ballots_count_for_nobody(clock) -> None:
    box, tokens = collecting(6)
    answer_all(box, tokens[:4], ["a", "b", "c", "d"])
    for token in tokens[4:]:
        services.answer(box.organisation_id, token, b"{}")
    clock.move_to(DECEMBER_10)
    opening.look_at_boxes()

    assert queries.box_of_year(box.programme_id, 2026).is_ready is False


def test_ready_is_said_once_a_day_from_the_first_of_december_and_never_taken_back(clock) -> None:
    box, tokens = collecting(5)
    answer_all(box, tokens, ["a", "b", "c", "d", "e"])
    opening.look_at_boxes()
    assert (box.is_ready, box.looked_at) == (False, None)

    clock.move_to(DECEMBER_1)
    opening.look_at_boxes()
    assert (box.is_ready, box.looked_at) == (True, DECEMBER_1)

    clock.move_to(DECEMBER_1 + timedelta(hours=5))
    opening.look_at_boxes()
    assert box.looked_at == DECEMBER_1

    services.answer(box.organisation_id, tokens[0], b"{}")
    clock.move_to(DECEMBER_1 + timedelta(days=1))
    opening.look_at_boxes()
    assert box.is_ready is True
    clock.move_to(DECEMBER_10)
    with pytest.raises(RuleBroken, match="la règle n’est pas remplie"):
        opening.open_box(box.id, actor_id=None)


def test_an_answer_of_this_very_day_does_not_make_the_box_ready_before_tomorrow(clock) -> None:
    box, tokens = collecting(5)
    answer_all(box, tokens[:4], ["a", "b", "c", "d"])
    clock.move_to(DECEMBER_10)
    opening.look_at_boxes()

    services.answer(box.organisation_id, tokens[4], ballot("e"))

    with pytest.raises(RuleBroken):
        opening.open_box(box.id, actor_id=None)
    clock.move_to(DECEMBER_10 + timedelta(days=1))
    opening.look_at_boxes()
    opening.open_box(box.id, actor_id=None)
    assert texts_in(box) == ["a", "b", "c", "d", "e"]


def test_the_coordination_opens_from_the_tenth_of_december(clock) -> None:
    box, tokens = collecting(5)
    answer_all(box, tokens, ["a", "b", "c", "d", "e"])
    clock.move_to(DECEMBER_10 - timedelta(days=1))
    opening.look_at_boxes()
    with pytest.raises(RuleBroken, match=r"à partir du 10\sdécembre"):
        opening.open_box(box.id, actor_id=None)

    clock.move_to(DECEMBER_10)
    coordinator = make_coordinator(db.session.get_one(Organisation, box.organisation_id))
    opening.open_box(box.id, actor_id=coordinator.id)

    assert (box.state, box.invited, box.respondents, box.on_paper) == (BoxState.OPENED, 5, 5, 0)
    assert slots(box) == []
    assert not keys.is_there(box.key_id)
    assert kinds() == ["urne_depouillee"]
    message = db.session.execute(select(OutboxMessage)).scalar_one()
    assert (message.kind, message.to_address) == ("urne_depouillee", coordinator.email)
    assert message.values["taux_reponse"] == "Taux de réponse : 5 sur 5 (100 %)."


def test_one_link_and_four_papers_open_nothing_and_four_more_links_open_nine(clock) -> None:
    box, tokens = collecting(6)
    answer_all(box, tokens[:1], ["a"])
    assert services.seal_papers(box.id, [ballot(f"papier {n}") for n in range(4)], actor_id=None) == 4
    clock.move_to(DECEMBER_10)
    opening.look_at_boxes()
    sealed = {slot.id: slot.sealed for slot in slots(box)}
    journal = kinds()

    with pytest.raises(RuleBroken, match="Rien n’a été dépouillé"):
        opening.open_box(box.id, actor_id=None)

    assert {slot.id: slot.sealed for slot in slots(box)} == sealed
    assert (kinds(), texts_in(box), keys.is_there(box.key_id)) == (journal, [], True)

    answer_all(box, tokens[1:5], ["b", "c", "d", "e"])
    clock.move_to(DECEMBER_10 + timedelta(days=1))
    opening.look_at_boxes()
    opening.open_box(box.id, actor_id=None)

    assert len(texts_in(box)) == 9
    assert (box.respondents, box.on_paper, box.invited) == (9, 4, 6)


def test_paper_alone_is_enough_and_blank_papers_are_left_out(clock) -> None:
    box, _ = collecting(3)
    papers = [*(ballot(f"p{n}") for n in range(5)), b"{}"]
    assert services.seal_papers(box.id, papers, actor_id=None, handed_out=8) == 5
    assert queries.paper_count(box.id) == 5

    assert open_on_31_january(box) == BoxState.OPENED
    assert (box.respondents, box.on_paper, box.invited) == (5, 5, 11)


def test_rows_of_a_matrix_are_questions_of_their_own(clock) -> None:
    item = CIRCLES.item("c3")
    box, tokens = collecting(5)
    for n, token in enumerate(tokens):
        marks = {row: item.options[n % len(item.options)] for row in item.rows[:2]}
        services.answer(box.organisation_id, token, ballot(str(n), c3=marks))

    open_on_31_january(box)

    assert queries.values_of(box.id, "c3") == []
    for row in item.rows[:2]:
        given = sorted(item.options[n % len(item.options)] for n in range(5))
        assert sorted(queries.values_of(box.id, f"c3/{row}")) == given


@pytest.mark.parametrize(
    ("personal", "paper", "enough"),
    [
        (0, 4, False),
        (0, 5, True),
        (1, 4, False),
        (4, 1, False),
        (4, 40, False),
        (5, 0, True),
        (5, 4, True),
        (0, 0, False),
    ],
)
def test_paper_never_helps_links_over_the_threshold(personal: int, paper: int, enough: bool) -> None:
    assert rules.Count(personal=personal, paper=paper).is_enough is enough
