"""People who answer at the same moment, or while the box is opened: no ballot is lost, none comes in too late."""

import threading

import pytest
import time_machine
from flask import Flask

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires import opening, queries, services
from cpts_sessions.questionnaires.models import Box, BoxState
from tests.questionnaires.boxes import JANUARY_31, answer_all, ballot, collecting

PEOPLE = 8


def at_once(app: Flask, *acts) -> list[object]:
    """Let each act happen in a thread of its own, at the same instant; return what each raised, or None."""
    gate = threading.Barrier(len(acts))
    raised: list[object] = [None] * len(acts)

    def run(number, act):
        with app.app_context():
            gate.wait(60)
            try:
                act()
            except RuleBroken as refusal:
                raised[number] = refusal
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.expire_all()
    return raised


def test_answers_at_the_same_moment_are_all_kept(app: Flask) -> None:
    box, tokens = collecting(PEOPLE)
    organisation_id = box.organisation_id
    db.session.commit()

    def answering(number):
        return lambda: services.answer(organisation_id, tokens[number], ballot(f"texte {number}"))

    assert at_once(app, *map(answering, range(PEOPLE))) == [None] * PEOPLE

    with time_machine.travel(JANUARY_31, tick=False):
        opening.look_at_boxes()
    assert sorted(queries.values_of(box.id, "c8")) == [f"texte {number}" for number in range(PEOPLE)]


@pytest.mark.parametrize("turn", range(3))
def test_an_answer_while_the_box_is_opened_is_counted_or_refused(app: Flask, turn: int) -> None:
    box, tokens = collecting(PEOPLE)
    answer_all(box, tokens[1:], [f"texte {number}" for number in range(1, PEOPLE)])
    organisation_id, box_id = box.organisation_id, box.id
    with transaction():
        db.session.get_one(Box, box_id).year = 2001

    late, _ = at_once(
        app, lambda: services.answer(organisation_id, tokens[0], ballot("texte 0")), opening.look_at_boxes
    )

    assert db.session.get_one(Box, box_id).state == BoxState.OPENED
    assert len(queries.values_of(box_id, "c8")) == PEOPLE - (late is not None)
