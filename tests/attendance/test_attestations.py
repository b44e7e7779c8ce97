"""Attestations: issued at the closing, suspended when it is opened again, withdrawn when a presence is corrected."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance import attestations, standing
from cpts_sessions.attendance.models import Attendance, Attestation
from cpts_sessions.attendance.standing import State
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Profession
from cpts_sessions.programmes.models import GroupSession, SessionAnimator
from tests import factories
from tests.attendance.attested import attendance, close_again, held, mark, open_again
from tests.conftest import NOW
from tests.factories import make_circles, make_coordinator, make_organisation, make_person, make_programme
from tests.page import words
from tests.rows import rows

YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def cpts(app, clock):
    return make_organisation(signatory_name="Eva Martin", signatory_function="coordinatrice")


@pytest.fixture
def nadia(cpts):
    return make_person(cpts, first_name="Nadia", last_name="Ferhat", civility="Mme", rpps="10000000009")


@pytest.fixture
def eva(cpts):
    return make_coordinator(cpts)


def facts(row: Attestation) -> dict:
    """The facts, with plain spaces."""
    return {name: words(value) if isinstance(value, str) else value for name, value in row.facts.items()}


def state(row: Attestation) -> State:
    db.session.expire_all()
    return standing.standing(row, standing.sessions_of([row]))


def letters() -> list[tuple[str, int | None]]:
    return [(one.kind, one.person_id) for one in rows(OutboxMessage)]


def test_closing_attests_those_present_in_the_words_that_will_be_printed(cpts, nadia, eva):
    absent = make_person(cpts)
    group_session = held(make_programme(cpts), present=[nadia], absent=[absent], actor=eva)

    (row,) = rows(Attestation)

    assert (row.person_id, row.group_session_id, len(row.code)) == (nadia.id, group_session.id, 14)
    assert facts(row) == {
        "personne": "Mme Nadia Ferhat",
        "profession": "sage-femme",
        "rpps": "10000000009",
        "cpts": "CPTS du Val d'Ambre",
        "fait": "Fait à Ambreville, le 2 novembre 2026",
        "signature": "Eva Martin, coordinatrice",
        "lieu": "Maison de santé, 1 rue des Tilleuls, Ambreville",
        "mention": "Cette participation peut contribuer, selon le référentiel de votre conseil national "
        "professionnel, à l'axe 2 de la certification périodique.",
        "seances": [
            {
                "seance": str(group_session.public_id),
                "debut": group_session.starts_at.isoformat(),
                "fin": group_session.ends_at.isoformat(),
                "intitule": "GAPP",
                "quand": "dimanche 1er\xa0novembre 2026 de 10\xa0h à 12\xa0h",
                "duree": "2\xa0h",
                "axe": 2,
                "anime": False,
            }
        ],
    }
    assert (state(row), letters()) == (State.VALID, [])


def test_of_a_confidential_programme_neither_title_nor_place_nor_axis_is_told(cpts, nadia, eva):
    held(make_circles(cpts), present=[nadia], actor=eva)

    (row,) = rows(Attestation)

    (line,) = row.facts["seances"]
    assert line["intitule"] == "Séance d’échange entre professionnels de santé"
    assert (line["axe"], row.facts["lieu"], row.facts["mention"]) == (None, "Ambreville", "")


@pytest.mark.parametrize(
    ("profession", "action", "axis"),
    [("sage-femme", 29, "axe 2"), ("sage-femme", 30, "axe 4"), ("sage-femme", 27, ""), ("psychologue", 29, "")],
)
def test_certification_is_mentioned_to_the_professions_with_a_council_only(cpts, eva, profession, action, axis):
    person = make_person(cpts, profession_slug=profession)
    held(make_programme(cpts, action=action), present=[person], actor=eva)

    (row,) = rows(Attestation)

    mention = words(row.facts["mention"])
    assert (bool(mention), axis in mention) == (bool(axis), True)


def test_the_profession_agrees_with_the_civility_that_was_told(cpts, eva):
    with transaction():
        nurse = db.session.query(Profession).filter_by(slug="sage-femme").one()
        nurse.label, nurse.label_f = "infirmier", "infirmière"
    people = [make_person(cpts, civility=one) for one in ("Mme", "M.", None)]
    held(make_programme(cpts), present=people, actor=eva, capacity=3)

    assert [row.facts["profession"] for row in rows(Attestation)] == ["infirmière", "infirmier", "infirmier"]


def test_who_animates_is_attested_to_have_animated(cpts, nadia, eva):
    group_session = factories.make_group_session(make_programme(cpts), starts_at=YESTERDAY)
    with transaction():
        db.session.add(SessionAnimator(organisation_id=cpts.id, group_session_id=group_session.id, person_id=eva.id))
    mark(group_session, [nadia], "present")
    close_again(group_session, eva)

    told = {row.person_id: (row.facts["seances"][0]["anime"], bool(row.facts["mention"])) for row in rows(Attestation)}

    assert told == {nadia.id: (False, True), eva.id: (True, False)}


def test_opened_again_a_session_suspends_its_attestations_until_it_is_closed(cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia], actor=eva)
    (row,) = rows(Attestation)

    open_again(group_session, eva)
    meanwhile = state(row)
    close_again(group_session, eva)

    assert (meanwhile, state(row), len(rows(Attestation)), letters_about_it()) == (
        State.SUSPENDED,
        State.VALID,
        1,
        [],
    )


def letters_about_it() -> list[tuple[str, int | None]]:
    return [one for one in letters() if one[0].startswith("attestation")]


def test_a_presence_corrected_withdraws_what_was_attested_and_tells_her(cpts, nadia, eva):
    other = make_person(cpts)
    group_session = held(make_programme(cpts), present=[nadia, other], actor=eva)
    statement = attestations.issue_year(cpts.id, nadia.id, 2026)
    mine, hers = (next(row for row in rows(Attestation) if row.person_id == one.id) for one in (nadia, other))

    open_again(group_session, eva)
    attendance(group_session, nadia).status = "absent"
    db.session.commit()
    close_again(group_session, eva)

    assert [state(row) for row in (mine, statement, hers)] == [State.WITHDRAWN, State.WITHDRAWN, State.VALID]
    assert letters_about_it() == [("attestation_retiree", nadia.id)]
    (letter,) = [one for one in rows(OutboxMessage) if one.kind == "attestation_retiree"]
    assert letter.values["numero"] == mine.code


def test_present_again_after_a_withdrawal_she_has_another_code(cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia, make_person(cpts)], actor=eva)
    for status in ("absent", "present"):
        open_again(group_session, eva)
        attendance(group_session, nadia).status = status
        db.session.commit()
        close_again(group_session, eva)

    mine = [row for row in rows(Attestation) if row.person_id == nadia.id]

    assert [state(row) for row in mine] == [State.WITHDRAWN, State.VALID]
    assert len({row.code for row in mine}) == 2


def test_hours_corrected_make_what_was_printed_stand_no_more(cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia], actor=eva)
    (row,) = rows(Attestation)
    with transaction():
        db.session.get_one(GroupSession, group_session.id).ends_at += timedelta(minutes=30)

    outdated = state(row)
    issued = attestations.prepare(cpts.id, nadia.id)

    assert (outdated, issued) == (State.OUTDATED, 1)
    assert [state(row) for row in rows(Attestation)] == [State.OUTDATED, State.VALID]


def test_preparing_twice_attests_once_and_a_corrected_name_attests_again(cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia], actor=eva)
    with transaction():
        db.session.query(Attestation).delete()  # as those of sessions closed by an earlier version

    first = [attestations.prepare(cpts.id, nadia.id) for _ in range(2)]
    with transaction():
        nadia.last_name = "Ferhat-Lemoine"
    second = [attestations.prepare(cpts.id, nadia.id) for _ in range(2)]
    current = attestations.issue(cpts.id, nadia.id, group_session.id)

    assert (first, second) == ([1, 0], [1, 0])
    assert [state(row) for row in rows(Attestation)] == [State.VALID, State.VALID]
    assert current.facts["personne"] == "Mme Nadia Ferhat-Lemoine"


@pytest.mark.parametrize("status", ["absent", "excused", None])
def test_who_was_not_present_is_not_attested(cpts, nadia, eva, status):
    group_session = factories.make_group_session(make_programme(cpts), starts_at=YESTERDAY, status="held")
    factories.make_registration(group_session, nadia)
    if status:
        mark(group_session, [nadia], status, registered=True)

    with pytest.raises(RuleBroken, match="rien à attester"):
        attestations.issue(cpts.id, nadia.id, group_session.id)
    with pytest.raises(RuleBroken, match="rien à attester"):
        attestations.issue_year(cpts.id, nadia.id, 2026)
    assert rows(Attestation) == []


def test_a_session_that_is_not_closed_attests_nobody(cpts, nadia):
    group_session = factories.make_group_session(make_programme(cpts), starts_at=YESTERDAY)
    mark(group_session, [nadia], "present")

    with pytest.raises(RuleBroken, match="rien à attester"):
        attestations.issue(cpts.id, nadia.id, group_session.id)
    with pytest.raises(RuleBroken, match="rien à attester"):
        attestations.issue_year(cpts.id, nadia.id, 2026)
    assert (attestations.prepare(cpts.id, nadia.id), rows(Attestation)) == (0, [])


def test_a_statement_tells_every_session_of_the_year_and_no_other(cpts, nadia, eva):
    gapp, circles = make_programme(cpts), make_circles(cpts)
    held(gapp, present=[nadia], actor=eva)
    held(circles, present=[nadia], actor=eva, starts_at=NOW - timedelta(days=20), ends_at=NOW - timedelta(days=19.9375))
    held(gapp, present=[nadia], actor=eva, starts_at=NOW - timedelta(days=400))
    held(gapp, present=[make_person(cpts)], actor=eva, starts_at=NOW - timedelta(days=40))

    row = attestations.issue_year(cpts.id, nadia.id, 2026)
    again = attestations.issue_year(cpts.id, nadia.id, 2026)

    assert again.id == row.id
    told = [(line["intitule"], words(line["duree"])) for line in row.facts["seances"]]
    assert told == [("Séance d’échange entre professionnels de santé", "1 h 30"), ("GAPP", "2 h")]
    assert (words(row.facts["nombre"]), words(row.facts["total"]), row.facts["mention"]) == ("2 séances", "3 h 30", "")


def test_a_statement_says_less_than_a_later_one_and_both_stand(cpts, nadia, eva):
    gapp = make_programme(cpts)
    held(gapp, present=[nadia], actor=eva)
    first = attestations.issue_year(cpts.id, nadia.id, 2026)
    held(gapp, present=[nadia], actor=eva, starts_at=NOW - timedelta(days=8))

    second = attestations.issue_year(cpts.id, nadia.id, 2026)

    assert (first.id != second.id, state(first), state(second)) == (True, State.VALID, State.VALID)
    assert "axe 2 (GAPP) ou 4 (cercles)" in words(second.facts["mention"]).replace("l'", "")


def test_all_those_present_receive_their_own_message_once(cpts, nadia, eva):
    other, without = make_person(cpts), make_person(cpts, email=None)
    group_session = held(make_programme(cpts), present=[nadia, other, without], actor=eva, capacity=3)

    written = [attestations.send_all(group_session.id, actor_id=eva.id) for _ in range(2)]

    assert written == [2, 0]
    assert letters_about_it() == [("attestation", nadia.id), ("attestation", other.id)]


def test_nothing_is_sent_of_what_does_not_stand(cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia], actor=eva)
    (row,) = rows(Attestation)
    open_again(group_session, eva)

    with pytest.raises(RuleBroken, match="ne part pas"):
        attestations.send(row)
    with pytest.raises(RuleBroken, match="rien à attester"):
        attestations.send_all(group_session.id, actor_id=eva.id)

    assert letters_about_it() == []


def test_without_an_address_it_is_handed_over(cpts, eva):
    held(make_programme(cpts), present=[make_person(cpts, email=None)], actor=eva)

    with pytest.raises(RuleBroken, match="pas d’adresse"):
        attestations.send(rows(Attestation)[0])
    assert rows(Attestation)[0].mailed_at is None
    assert rows(Attendance) != []
