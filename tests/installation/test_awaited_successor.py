"""« Passer la main » waits until the successor has come in: a mistyped address lets nobody go."""

from datetime import UTC, date, datetime

import pytest

from cpts_sessions.accounts import leaving, queries, services
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.accounts.succession import awaited_by
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation import handing_over
from cpts_sessions.installation.handing_over import Handover, hand_over
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.coordination import coordinators
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.merge import merge
from tests.factories import make_coordinator, make_organisation, make_person

WRONG, RIGHT = "nadia.rohce@example.org", "nadia.roche@example.org"
LAST_DAY = date(2026, 11, 30)
LATER = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def organisation(app, clock):
    return make_organisation()


@pytest.fixture
def eva(organisation, clock):
    """Who coordinates and administers; another one coordinates and administers too."""
    for name in ("Paul", "Eva"):
        person = make_coordinator(organisation, first_name=name, last_name="Martin")
        services.give(person, RoleName.ADMINISTRATOR)
    clock.move_to(datetime(2026, 11, 3, 9, 0, tzinfo=UTC))
    return person


def passing(organisation, person, email=WRONG, **changes):
    values = {"email": email, "name": "Nadia Roche", "administers": True, "last_day": LAST_DAY}
    return hand_over(organisation, person, Handover(**{**values, **changes}))


def come_in(person):
    (way,) = services.links_for(db.session.get_one(Organisation, person.organisation_id), person.email)
    return services.open_by_token(person.organisation_id, way.url.rpartition("/")[2], None, "Firefox")


def names(person):
    db.session.rollback()
    return sorted(queries.roles_of(db.session.get_one(Person, person.id)).names)


def mails(address):
    db.session.rollback()
    rows = db.session.query(OutboxMessage).filter_by(to_address=address).order_by(OutboxMessage.id)
    return [(one.kind, one.status) for one in rows]


def all_left():
    with transaction():
        db.session.query(OutboxMessage).update({"status": MessageStatus.SENT.value})


BOTH = ["administrator", "coordinator"]


def test_while_she_has_not_come_in_nobody_leaves_though_others_coordinate(organisation, eva, clock):
    nadia = passing(organisation, eva)
    clock.move_to(LATER)

    assert (leaving.end_due(), names(eva)) == (0, BOTH)
    come_in(nadia)
    assert (names(eva), leaving.end_due(), awaited_by(eva)) == ([], 1, None)
    told = {one.kind: one.values for one in db.session.query(OutboxMessage).filter_by(person_id=eva.id)}
    assert "il prend fin maintenant" in told["passation_ouverte"]["votre_acces"]
    assert told["acces_termine"]["jour"].replace("\u00a0", " ") == "3 décembre 2026"


def test_one_who_came_in_before_that_day_changes_nothing_of_it(organisation, eva, clock):
    nadia = passing(organisation, eva)
    come_in(nadia)
    come_in(nadia)

    assert names(eva) == BOTH
    (told,) = db.session.query(OutboxMessage).filter_by(person_id=eva.id)
    assert "jusqu’au 30 novembre 2026 au soir" in told.values["votre_acces"].replace("\u00a0", " ")
    clock.move_to(LATER)
    assert names(eva) == []


def test_who_has_come_in_already_is_not_awaited(organisation, eva):
    paul = db.session.query(Person).filter_by(first_name="Paul").one()
    passing(organisation, eva, email=paul.email, name=None)

    assert awaited_by(eva) is None


def test_with_the_worker_stopped_nothing_is_open_after_the_last_day(organisation, eva, clock):
    secret = come_in(eva)
    come_in(passing(organisation, eva))
    clock.move_to(LATER)

    assert queries.signed_in(secret, organisation.id).roles.names == set()
    assert [one.first_name for one in coordinators(organisation.id)] == ["Paul", "Nadia"]
    (way,) = services.links_for(organisation, eva.email)
    assert way.minutes == 60  # as for anybody: no longer one of the team
    assert {one.person.first_name for one in queries.roles_given(organisation.id)} == {"Paul", "Nadia"}


def test_a_mistyped_address_is_corrected_and_opens_nothing_any_more(organisation, eva):
    wrong_id = passing(organisation, eva).id
    nadia = handing_over.correct_address(organisation, eva, RIGHT, "Nadia Roche")

    assert (db.session.get(Person, wrong_id), names(nadia), mails(WRONG)) == (None, BOTH, [])
    assert mails(RIGHT) == [("role_accorde", "queued"), ("passation", "queued")]
    assert (awaited_by(eva).successor.email, set(queries.ending(organisation.id))) == (RIGHT, {eva.id})


def test_the_address_of_somebody_else_is_corrected_and_she_stays_as_she_was(organisation, eva):
    other = make_person(organisation, email=WRONG, first_name="Nadia", last_name="Roche")
    services.give(other, RoleName.ANIMATOR)
    passing(organisation, eva)
    handing_over.correct_address(organisation, eva, RIGHT, "Nadia Roche")

    assert (names(other), mails(WRONG)) == (["animator"], [("role_accorde", "obsolete"), ("passation", "obsolete")])


def test_a_correction_that_is_refused_changes_nothing(organisation, eva):
    nadia = passing(organisation, eva)
    for email, name in ((WRONG, "Nadia Roche"), (eva.email, "Eva Martin"), (RIGHT, None)):
        with pytest.raises(RuleBroken):
            handing_over.correct_address(organisation, eva, email, name)

    assert (names(nadia), len(mails(WRONG))) == (BOTH, 2)


def test_an_invitation_leaves_again(organisation, eva):
    passing(organisation, eva)
    handing_over.invite_again(organisation, eva)

    assert [kind for kind, _ in mails(WRONG)] == ["role_accorde", "passation"] * 2


def test_an_invitation_that_had_not_left_is_cancelled_without_a_word(organisation, eva, clock):
    nadia_id = passing(organisation, eva).id
    assert handing_over.cancel(organisation, eva) == "Nadia Roche"

    assert (db.session.get(Person, nadia_id), mails(WRONG), queries.ending(organisation.id)) == (None, [], {})
    clock.move_to(LATER)
    assert (leaving.end_due(), names(eva)) == (0, BOTH)


def test_one_that_had_left_is_cancelled_and_said(organisation, eva):
    nadia = passing(organisation, eva)
    all_left()
    handing_over.cancel(organisation, eva)

    assert (names(nadia), mails(WRONG)[-1]) == ([], ("role_retire", "queued"))
    with pytest.raises(RuleBroken, match="Aucune invitation n’attend"):
        handing_over.cancel(organisation, eva)


def test_an_access_she_had_before_stays_when_the_invitation_is_cancelled(organisation, eva, clock):
    nadia = services.grant(organisation, WRONG, RoleName.COORDINATOR, name="Nadia Roche")
    clock.shift(60)
    passing(organisation, eva)
    handing_over.cancel(organisation, eva)

    assert names(nadia) == ["coordinator"]


def test_two_are_not_invited_at_once(organisation, eva):
    passing(organisation, eva)
    with pytest.raises(RuleBroken, match="Une invitation attend déjà"):
        passing(organisation, eva, email=RIGHT)


def test_who_never_came_in_does_not_count_as_somebody_who_stays(organisation, eva):
    nadia = passing(organisation, eva, last_day=None)
    paul = db.session.query(Person).filter_by(first_name="Paul").one()
    for role in (RoleName.COORDINATOR, RoleName.ADMINISTRATOR):
        services.revoke(paul, role, actor=eva)

    with pytest.raises(RuleBroken, match="Personne d’autre n’administre"):
        services.revoke(eva, RoleName.ADMINISTRATOR)
    with pytest.raises(RuleBroken, match="Personne d’autre ne coordonne"):
        erase(eva.id, by_herself=True, actor_id=None)
    come_in(nadia)
    for role in (RoleName.ADMINISTRATOR, RoleName.COORDINATOR):
        services.revoke(eva, role)
    with pytest.raises(RuleBroken, match="Personne d’autre n’administre"):
        services.revoke(nadia, RoleName.ADMINISTRATOR)


def test_when_two_records_of_who_leaves_are_joined_she_still_awaits(organisation, eva):
    passing(organisation, eva)
    again = make_coordinator(organisation, first_name="Eva", last_name="Martin", email="eva@example.org")
    merge(again.id, eva.id, actor_id=None)

    assert awaited_by(again).successor.email == WRONG
