"""Who holds a slot, and what an answer does to it."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.questionnaires import queries, services
from cpts_sessions.questionnaires.models import Answer, BoxState, QuestionnaireLink, Slot
from cpts_sessions.questionnaires.sealed_box import SEALED_BYTES
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
)

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_each_person_present_holds_one_slot_however_often_she_comes() -> None:
    programme = make_asking_programme()
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    claire, nadia = make_person(organisation), make_person(organisation)

    held_session(programme, [claire])
    held_session(programme, [claire, nadia], HELD_AT + timedelta(days=7))

    box = queries.box_of_year(programme.id, 2026)
    assert len(slots(box)) == 2
    assert {len(slot.sealed) for slot in slots(box)} == {SEALED_BYTES}
    assert len({slot.sealed for slot in slots(box)}) == 2


def test_closing_again_after_a_correction_removes_no_slot_and_adds_none_twice() -> None:
    programme = make_asking_programme()
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    group_session = held_session(programme, [make_person(organisation)])
    with transaction():
        db.session.execute(db.text("UPDATE attendance SET status = 'absent'"))

    assert services.add_slots(group_session) == 0
    assert len(slots(queries.box_of_year(programme.id, 2026))) == 1


def test_whoever_animates_holds_no_slot() -> None:
    programme = make_asking_programme()
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    animator = make_person(organisation)
    other = held_session(programme, [], HELD_AT - timedelta(days=30))
    with transaction():
        db.session.add(
            SessionAnimator(organisation_id=organisation.id, group_session_id=other.id, person_id=animator.id)
        )

    held_session(programme, [animator])

    assert queries.box_of_year(programme.id, 2026) is None


def test_nothing_is_asked_at_a_discovery_or_by_a_programme_without_questionnaire() -> None:
    asking, silent = make_asking_programme(), make_asking_programme(questionnaire_slug=None)
    for programme, changes in ((asking, {"is_discovery": True}), (silent, {})):
        organisation = db.session.get_one(Organisation, programme.organisation_id)
        held_session(programme, [make_person(organisation)], **changes)
        assert queries.box_of_year(programme.id, 2026) is None


def test_the_link_leaves_the_day_after_the_session_is_closed() -> None:
    box, _ = collecting(1)
    link = db.session.execute(select(QuestionnaireLink).where(QuestionnaireLink.box_id == box.id)).scalar_one()

    assert link.due_at == datetime(2026, 11, 3, 8, tzinfo=UTC)  # 9 h in Paris
    assert link.link_hash is None


def test_a_new_answer_replaces_the_former_one_and_nobody_reads_it() -> None:
    box, tokens = collecting(5)
    answer_all(box, tokens, ["a", "b", "c", "d", "e"])
    services.answer(box.organisation_id, tokens[0], ballot("z"))

    assert db.session.execute(select(func.count()).select_from(Answer)).scalar_one() == 0
    assert open_on_31_january(box) == BoxState.OPENED
    assert texts_in(box) == ["b", "c", "d", "e", "z"]


def test_an_answer_seals_every_slot_anew_at_one_length() -> None:
    box, tokens = collecting(6)
    before = {slot.id: slot.sealed for slot in slots(box)}

    services.answer(box.organisation_id, tokens[2], ballot("un mot"))

    after = {slot.id: slot.sealed for slot in slots(box)}
    assert after.keys() == before.keys()
    assert all(after[id_] != before[id_] for id_ in before)
    assert {len(sealed) for sealed in after.values()} == {SEALED_BYTES}


def test_an_unknown_link_or_the_one_of_another_cpts_seals_nothing() -> None:
    box, tokens = collecting(2)
    other, _ = collecting(1)

    for organisation_id, token in ((box.organisation_id, "x" * 43), (other.organisation_id, tokens[0])):
        with pytest.raises(RuleBroken, match="ne reçoit plus"):
            services.answer(organisation_id, token, ballot("a"))
        assert queries.box_by_token(organisation_id, token) is None


def test_a_ballot_unseals_nowhere_but_in_its_slot() -> None:
    box, _ = collecting(2)
    one, other = slots(box)
    sealer = services.sealer_of(box)

    with pytest.raises(InvalidTag):
        sealer.unseal(one.id, other.sealed)


def test_a_ballot_too_large_is_never_sealed() -> None:
    box, _ = collecting(1)
    (slot,) = slots(box)

    with pytest.raises(ValueError, match="too large"):
        services.sealer_of(box).seal(slot.id, b"x" * (15 * 1024 + 1))


def test_the_table_of_answers_leads_to_nobody() -> None:
    table = Answer.__table__
    assert [column.name for column in table.columns] == ["id", "box_id", "question", "value"]
    assert {key.column.table.name for key in table.foreign_keys} == {"box"}
    assert {key.column.table.name for key in Slot.__table__.foreign_keys} == {"box"}
