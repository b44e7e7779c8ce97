"""Under five, ballots wait for those of the next year, or are destroyed unread."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires import keys, opening, queries, services
from cpts_sessions.questionnaires.models import BoxState
from tests.factories import make_coordinator, make_person
from tests.questionnaires.boxes import (
    HELD_AT,
    JANUARY_31,
    answer_all,
    ballot,
    collecting,
    held_session,
    kinds,
    make_asking_programme,
    open_on_31_january,
    slots,
    texts_in,
    token_of,
)

pytestmark = pytest.mark.usefixtures("app", "clock")


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
