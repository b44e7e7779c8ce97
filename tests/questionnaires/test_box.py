"""A box collects, is opened, carried or destroyed; what it holds is read by nobody before."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.questionnaires import keys, opening, queries, rules, services
from cpts_sessions.questionnaires.models import Answer, Box, BoxState, QuestionnaireLink, Slot
from cpts_sessions.questionnaires.sealed_box import SEALED_BYTES
from tests.factories import make_coordinator, make_person
from tests.questionnaires.boxes import (
    CIRCLES,
    HELD_AT,
    answer_all,
    ballot,
    collecting,
    held_session,
    make_asking_programme,
    token_of,
)

DECEMBER_1 = datetime(2026, 12, 1, 3, tzinfo=UTC)
DECEMBER_10 = datetime(2026, 12, 10, 9, tzinfo=UTC)
JANUARY_31 = datetime(2027, 1, 31, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stopped(app, clock):
    """Every test has both."""


def texts_in(box: Box) -> list[str]:
    return sorted(queries.values_of(box.id, "c8"))


def slots(box: Box) -> list[Slot]:
    db.session.expire_all()
    return list(db.session.execute(select(Slot).where(Slot.box_id == box.id).order_by(Slot.id)).scalars())


def kinds(model=AuditEntry) -> list[str]:
    return list(db.session.execute(select(model.kind).order_by(model.id)).scalars())


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


def open_on_31_january(box: Box) -> str:
    with time_machine.travel(JANUARY_31, tick=False):
        opening.look_at_boxes()
    db.session.expire_all()
    return box.state


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


def test_the_table_of_answers_leads_to_nobody() -> None:
    table = Answer.__table__
    assert [column.name for column in table.columns] == ["id", "box_id", "question", "value"]
    assert {key.column.table.name for key in table.foreign_keys} == {"box"}
    assert {key.column.table.name for key in Slot.__table__.foreign_keys} == {"box"}


def test_a_box_under_five_waits_in_the_next_year_and_its_links_say_so(clock) -> None:
    box, tokens = collecting(4)
    answer_all(box, tokens[:3], ["a", "b", "c"])

    assert open_on_31_january(box) == BoxState.CARRIED

    following = queries.box_of_year(box.programme_id, 2027)
    assert (following.holds_last_year, following.since) == (True, box.since)
    assert len(slots(following)) == 4
    assert not keys.is_there(box.key_id)
    assert keys.is_there(following.key_id)
    found = queries.box_by_token(box.organisation_id, tokens[0])
    assert (found.box.id, found.is_open) == (box.id, False)
    assert [link.due_at for link in queries.links_of_box(following.id)] == [None] * 4
    assert kinds()[-1] == "urne_reportee"


def test_a_carried_ballot_is_kept_unless_its_person_answers_anew(clock) -> None:
    programme = make_asking_programme()
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    persons = [make_person(organisation) for _ in range(6)]
    held_session(programme, persons[:4])
    box = queries.box_of_year(programme.id, 2026)
    answer_all(box, [token_of(box, person) for person in persons[:3]], ["a", "b", "c"])
    clock.move_to(datetime(2027, 1, 20, tzinfo=UTC))
    held_session(programme, [persons[0], persons[1], persons[3]], datetime(2027, 1, 19, 19, tzinfo=UTC))
    following = queries.box_of_year(programme.id, 2027)
    answer_all(following, [token_of(following, persons[0])], ["A"])

    clock.move_to(JANUARY_31)
    opening.look_at_boxes()
    assert len(slots(following)) == 4

    clock.move_to(datetime(2027, 3, 2, tzinfo=UTC))
    held_session(programme, [persons[2], *persons[4:]], datetime(2027, 3, 1, 19, tzinfo=UTC))
    assert len(slots(following)) == 6
    answer_all(following, [token_of(following, person) for person in persons[3:]], ["d", "e", "f"])
    clock.move_to(datetime(2028, 1, 31, tzinfo=UTC))
    opening.look_at_boxes()

    assert texts_in(following) == ["A", "b", "c", "d", "e", "f"]
    assert all(link.due_at for link in queries.links_of_box(following.id) if link.person_id != persons[3].id)


def test_under_five_for_two_years_is_destroyed_unread(clock) -> None:
    box, tokens = collecting(3)
    make_coordinator(db.session.get_one(Organisation, box.organisation_id))
    answer_all(box, tokens, ["a", "b", "c"])
    clock.move_to(JANUARY_31)
    opening.look_at_boxes()
    clock.move_to(datetime(2028, 1, 31, 3, tzinfo=UTC))
    opening.look_at_boxes()

    following = queries.box_of_year(box.programme_id, 2027)
    assert following.state == BoxState.DESTROYED
    assert slots(following) == []
    assert not keys.is_there(following.key_id)
    assert kinds(OutboxMessage) == ["urne_reportee", "urne_detruite"]
    assert texts_in(box) == texts_in(following) == []


def test_closing_the_year_early_opens_or_carries_once_and_for_ever(clock) -> None:
    box, tokens = collecting(5)
    few, few_tokens = collecting(5)
    answer_all(box, tokens, ["a", "b", "c", "d", "e"])
    answer_all(few, few_tokens[:4], ["a", "b", "c", "d"])

    assert opening.close_year(box.id, actor_id=None) == BoxState.OPENED
    assert opening.close_year(few.id, actor_id=None) == BoxState.CARRIED

    with pytest.raises(RuleBroken):
        services.answer(few.organisation_id, few_tokens[4], ballot("e"))
    with pytest.raises(RuleBroken):
        opening.close_year(few.id, actor_id=None)


def test_who_comes_after_the_year_was_closed_early_answers_in_the_next_box(clock) -> None:
    programme = make_asking_programme()
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    persons = [make_person(organisation) for _ in range(2)]
    held_session(programme, persons[:1])
    opening.close_year(queries.box_of_year(programme.id, 2026).id, actor_id=None)

    held_session(programme, persons, HELD_AT + timedelta(days=7))

    following = queries.box_of_year(programme.id, 2027)
    assert {link.person_id for link in queries.links_of_box(following.id)} == {person.id for person in persons}


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
