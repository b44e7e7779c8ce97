"""Rights and sealed ballots: nobody's ballot is found, lost or doubled by what happens to her record."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires import opening, queries, services
from cpts_sessions.questionnaires.models import Box, Slot
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.merge import merge
from cpts_sessions.rights.retention import apply
from tests.factories import make_person
from tests.questionnaires.boxes import answer_all, ballot, collecting, held_session, make_asking_programme, token_of

pytestmark = pytest.mark.usefixtures("app")
JANUARY_31 = datetime(2027, 1, 31, 3, tzinfo=UTC)


def count_slots() -> int:
    return db.session.execute(select(func.count()).select_from(Slot)).scalar_one()


def opened(box: Box, clock) -> list[str]:
    clock.move_to(JANUARY_31)
    opening.look_at_boxes()
    db.session.expire_all()
    return sorted(queries.values_of(box.id, "c8"))


def test_erasing_a_person_keeps_her_ballot_and_nothing_leads_to_it(clock) -> None:
    box, tokens = collecting(6)
    answer_all(box, tokens[:5], ["a", "b", "c", "d", "e"])
    gone = queries.links_of_box(box.id)[0].person_id

    erase(gone, by_herself=True)

    assert count_slots() == 6
    assert gone not in {link.person_id for link in queries.links_of_box(box.id)}
    assert opened(box, clock) == ["a", "b", "c", "d", "e"]
    assert (box.invited, box.respondents) == (6, 5)


@pytest.mark.parametrize(("mine", "hers", "left"), [("A", "", "A"), ("", "B", "B"), ("A", "B", "A"), ("", "", None)])
def test_merging_two_records_leaves_one_slot_with_the_ballot_there_is(
    clock, mine: str, hers: str, left: str | None
) -> None:
    programme = make_asking_programme()
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    persons = [make_person(organisation) for _ in range(7)]
    held_session(programme, persons)
    box = queries.box_of_year(programme.id, 2026)
    answer_all(box, [token_of(box, person) for person in persons[2:]], ["c", "d", "e", "f", "g"])
    for person, text in zip(persons, (mine, hers), strict=False):
        if text:
            services.answer(box.organisation_id, token_of(box, person), ballot(text))
    before = {row.id: row.sealed for row in db.session.execute(select(Slot.id, Slot.sealed))}

    kept = merge(persons[0].id, persons[1].id, actor_id=None)

    after = {row.id: row.sealed for row in db.session.execute(select(Slot.id, Slot.sealed))}
    assert len(after) == 6
    assert all(before[id_] != sealed for id_, sealed in after.items())
    assert queries.box_by_token(box.organisation_id, token_of(box, kept)) is not None
    assert opened(box, clock) == sorted([*"cdefg", *([left] if left else [])])


def test_a_link_goes_with_the_record_that_held_it_alone(clock) -> None:
    box, _ = collecting(1)
    (link,) = queries.links_of_box(box.id)
    stranger = make_person(db.session.get_one(Organisation, box.organisation_id))

    kept = merge(stranger.id, link.person_id, actor_id=None)

    assert [one.person_id for one in queries.links_of_box(box.id)] == [kept.id]
    assert count_slots() == 1


def test_who_could_answer_is_forgotten_a_year_after_the_box_has_ended(clock) -> None:
    box, tokens = collecting(5)
    answer_all(box, tokens, ["a", "b", "c", "d", "e"])
    opened(box, clock)

    apply(box.organisation_id, datetime(2028, 1, 30, tzinfo=UTC))
    assert len(queries.links_of_box(box.id)) == 5
    apply(box.organisation_id, datetime(2028, 2, 1, tzinfo=UTC))
    assert queries.links_of_box(box.id) == []
    assert len(queries.values_of(box.id, "c8")) == 5
