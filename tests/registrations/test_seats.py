"""A seat asked for, left, offered, taken: the stories of one session."""

from datetime import timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.registrations import queries, services, undoing
from cpts_sessions.registrations.models import Registration
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    signed_up,
    told,
)
from tests.registrations.outbox import kinds, last, written
from tests.rows import statuses

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_the_first_have_a_seat_and_the_next_wait_in_their_order(group_session):
    asked = [signed_up(group_session) for _ in range(4)]

    assert statuses(*asked) == ["confirmed", "confirmed", "waiting", "waiting"]
    assert [queries.rank(registration) for registration in asked[2:]] == [1, 2]
    assert kinds() == ["inscription_confirmee", "inscription_confirmee", "liste_attente", "liste_attente"]


def test_a_confirmed_seat_carries_an_invitation_and_a_place_on_the_list_none(group_session):
    seated = signed_up(group_session)
    part = last().calendar
    signed_up(group_session)
    signed_up(group_session)

    assert (part["method"], part["sequence"], part["partstat"]) == ("REQUEST", 0, "ACCEPTED")
    assert part["uid_of"] == str(seated.public_id)
    assert last().kind == "liste_attente"
    assert last().calendar is None
    assert last().values["rang"] == "1re"


def test_asking_twice_changes_nothing_and_says_so_by_mail(group_session):
    who = told()
    for _ in range(2):
        services.sign_up(group_session.id, who)

    assert db.session.query(Registration).count() == 1
    assert kinds() == ["inscription_confirmee", "deja_inscrit"]


def test_a_repeated_request_is_written_five_times_an_hour_and_no_more(group_session, clock):
    who = told()
    for _ in range(9):
        services.sign_up(group_session.id, who)
    within_the_hour = kinds().count("deja_inscrit")
    clock.shift(timedelta(minutes=61))
    services.sign_up(group_session.id, who)

    assert within_the_hour == 5
    assert kinds().count("deja_inscrit") == 6


def test_a_shared_mailbox_serves_two_persons_each_with_her_seat(group_session):
    signed_up(group_session, first_name="Élodie", last_name="Bœglin", email="cabinet@example.org")
    signed_up(group_session, first_name="Luc", last_name="Hirtz", email="Cabinet@example.org")

    assert statuses(*db.session.query(Registration)) == ["confirmed", "confirmed"]
    assert db.session.query(Person).filter_by(email="cabinet@example.org").count() == 2


def test_the_same_name_written_otherwise_is_the_same_person_and_her_record_stays(group_session):
    organisation_person = make_person(
        db.session.get_one(type(group_session.programme), group_session.programme_id),
        organisation_id=group_session.organisation_id,
        first_name="Élodie",
        last_name="D’Hautcœur",
        email="elodie@example.org",
        profession_slug="sage-femme",
    )

    signed_up(
        group_session,
        first_name="elodie",
        last_name="d hautcoeur",
        email="ELODIE@example.org",
        profession_slug="medecin-generaliste",
    )

    registration = db.session.query(Registration).one()
    assert registration.person_id == organisation_person.id
    assert (registration.profession_slug, registration.person.profession_slug) == (
        "medecin-generaliste",
        "sage-femme",
    )
    assert registration.person.first_name == "Élodie"


def test_after_the_start_nothing_moves(group_session, clock):
    seated = signed_up(group_session)
    clock.move_to(STARTS_AT + timedelta(minutes=1))

    for act in (services.leave, services.take_back, services.take_seat):
        with pytest.raises(RuleBroken, match="a commencé"):
            act(seated.id)
    with pytest.raises(RuleBroken, match="a commencé"):
        services.sign_up(group_session.id, told())
    undoing.not_me(seated.id)
    assert statuses(seated) == ["confirmed"]


def test_who_left_comes_back_while_a_seat_is_free_else_at_the_end_of_the_list(group_session):
    first, second = (signed_up(group_session) for _ in range(2))
    services.leave(first.id)
    services.take_back(first.id)
    assert statuses(first) == ["confirmed"]
    assert (last().calendar["method"], last().calendar["sequence"]) == ("REQUEST", 2)

    third = signed_up(group_session)
    services.leave(second.id)
    services.take_back(second.id)
    assert statuses(third, second) == ["offered", "waiting"]


def test_not_me_forgets_a_new_person_and_tells_nobody(group_session):
    registration = signed_up(group_session)
    waiting = [signed_up(group_session) for _ in range(2)][-1]
    person_id = registration.person_id
    before = len(kinds(of=waiting.person))

    undoing.not_me(registration.id)

    assert db.session.get(Person, person_id) is None
    assert [address for _, address in written() if address.startswith("nadia")].count("x") == 0
    assert statuses(waiting) == ["offered"]
    assert len(kinds(of=waiting.person)) == before + 1  # the offer, which names nobody


def test_not_me_keeps_somebody_already_known(group_session):
    person = make_person(group_session.programme, organisation_id=group_session.organisation_id)
    registration = signed_up(
        group_session, first_name=person.first_name, last_name=person.last_name, email=person.email
    )

    undoing.not_me(registration.id)

    assert statuses(registration) == ["cancelled"]
    assert kinds(of=person) == []


def test_a_non_member_asks_a_member_sits():
    organisation = make_organisation()
    coordinator = make_coordinator(organisation)
    circle = make_group_session(make_circles(organisation))
    member = make_person(organisation, is_member=True)

    stranger = signed_up(circle)
    known = signed_up(circle, first_name=member.first_name, last_name=member.last_name, email=member.email)

    assert statuses(stranger, known) == ["requested", "confirmed"]
    assert kinds() == ["adhesion_demandee", "adhesion_a_valider", "inscription_confirmee"]
    assert written()[1] == ("adhesion_a_valider", coordinator.email)


def test_a_request_holds_no_seat():
    organisation = make_organisation()
    circle = make_group_session(make_circles(organisation), capacity=1)
    signed_up(circle)

    assert queries.seats_taken(circle.id) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": "cancelled", "cancel_reason": "salle fermée"}, "Cette séance est annulée. Motif : salle fermée."),
        ({"status": "draft"}, "Cette séance n'est pas encore annoncée."),
        ({"opens_at": STARTS_AT - timedelta(days=1)}, "Les inscriptions ouvrent le dimanche 15 novembre à 20 h."),
        (
            {"closes_at": STARTS_AT - timedelta(days=20)},
            "Les inscriptions à cette séance sont closes depuis le mardi 27 octobre 2026. "
            "Écrivez à la coordination s'il vous tient à cœur de venir.",
        ),
    ],
)
def test_a_session_that_takes_no_sign_ups_says_why(changes, sentence):
    group_session = make_group_session(make_programme(make_organisation()), **changes)

    with pytest.raises(RuleBroken) as refusal:
        services.sign_up(group_session.id, told())

    assert normalise(str(refusal.value)) == sentence
    assert (kinds(), db.session.query(Person).count()) == ([], 0)


def test_a_failure_in_the_middle_leaves_nothing(group_session, monkeypatch):
    def crash(_registration):
        raise OSError("power cut")

    monkeypatch.setattr(services.messages, "signed_up", crash)
    with pytest.raises(OSError, match="power cut"):
        services.sign_up(group_session.id, told())

    assert (db.session.query(Registration).count(), db.session.query(Person).count()) == (0, 0)


def test_a_write_outside_a_transaction_is_refused(group_session):
    group_session.remark = "hors transaction"
    with pytest.raises(RuntimeError, match="outside transaction"), transaction():
        pass
    db.session.rollback()
