"""What becomes of attestations: taken away, merged, forgotten at her wish, kept for their term otherwise."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance import attestations, standing
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.attendance.standing import State, check
from cpts_sessions.core.clock import now
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.export import export_person
from cpts_sessions.rights.merge import merge
from cpts_sessions.rights.retention import apply, months_before
from tests.attendance.attested import close_again, held, open_again
from tests.conftest import NOW
from tests.factories import make_coordinator, make_organisation, make_person, make_programme
from tests.rows import rows


@pytest.fixture
def cpts(app, clock):
    return make_organisation()


@pytest.fixture
def eva(cpts):
    return make_coordinator(cpts)


@pytest.fixture
def nadia(cpts):
    return make_person(cpts, first_name="Nadia", last_name="Ferhat")


def test_data_erased_at_her_wish_take_her_attestations_away(cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia, make_person(cpts)], actor=eva)
    code = next(row.code for row in rows(Attestation) if row.person_id == nadia.id)

    erase(nadia.id, by_herself=True)

    assert check(cpts.id, code) is None
    assert len(rows(Attestation)) == 1


def test_the_coordination_erasing_at_her_wish_does_too(cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia], actor=eva)

    erase(nadia.id, by_herself=False, actor_id=eva.id)

    assert rows(Attestation) == []


def test_a_record_forgotten_by_the_clock_leaves_its_attestations_to_their_term(cpts, nadia, eva, clock):
    group_session = held(make_programme(cpts), present=[nadia, eva], actor=eva)
    row = next(row for row in rows(Attestation) if row.person_id == nadia.id)
    code = row.code

    clock.move_to(NOW + timedelta(days=800))
    apply(cpts.id, now())
    open_again(group_session, eva)
    close_again(group_session, eva)

    found = check(cpts.id, code)
    assert found is not None
    assert (found.state, found.facts["personne"]) == (State.VALID, "Nadia Ferhat")
    assert [one.person_id for one in rows(Attestation) if one.code == code] == [None]

    clock.move_to(NOW + timedelta(days=6 * 366))
    apply(cpts.id, now())
    assert check(cpts.id, code) is None


def test_presences_made_nameless_are_still_in_what_was_attested(cpts, nadia, eva, clock):
    programme = make_programme(cpts)
    group_session = held(programme, present=[nadia, eva], actor=eva, starts_at=NOW - timedelta(days=300))
    held(programme, present=[nadia, eva], actor=eva)
    before = attestations.issue_year(cpts.id, nadia.id, 2026)

    clock.move_to(NOW + timedelta(days=80))
    apply(cpts.id, now())
    open_again(group_session, eva)
    close_again(group_session, eva)
    mine = standing.of_person(cpts.id, nadia.id)
    statement = attestations.issue_year(cpts.id, nadia.id, 2026)

    assert group_session.ends_at < months_before(now(), cpts.registration_months)
    assert [line.state for line in mine] == [State.VALID, State.VALID]
    assert len(statement.facts["seances"]) == 2
    assert statement.id == before.id


def test_two_records_made_one_have_both_their_attestations(cpts, nadia, eva):
    other = make_person(cpts, first_name="Nadia", last_name="Ferat")
    programme = make_programme(cpts)
    held(programme, present=[nadia], actor=eva)
    held(programme, present=[other], actor=eva, starts_at=NOW - timedelta(days=9))

    merge(nadia.id, other.id, actor_id=eva.id)

    assert [row.person_id for row in rows(Attestation)] == [nadia.id, nadia.id]
    assert [line.is_new_name for line in standing.of_person(cpts.id, nadia.id)] == [False, True]


def test_her_attestations_are_in_what_she_takes_away(cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia, make_person(cpts, last_name="Quatrefages")], actor=eva)

    (told,) = export_person(nadia.id)["attestations"]

    mine = next(row for row in rows(Attestation) if row.person_id == nadia.id)
    assert (told["code"], told["contenu"]["personne"]) == (mine.code, "Nadia Ferhat")
    assert "Quatrefages" not in str(told)
