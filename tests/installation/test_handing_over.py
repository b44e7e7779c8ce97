"""« Passer la main »: an access given, one's own that ends on its evening, and a CPTS never left alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest

from cpts_sessions.accounts import leaving, queries, services
from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation.handing_over import Handover, hand_over
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.reports.journal import journal
from cpts_sessions.rights.merge import merge
from tests.factories import (
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    signed_up,
)

EVA = {"email": "eva.martin@example.org", "first_name": "Eva", "last_name": "Martin"}
LAST_DAY = date(2026, 11, 30)
THAT_EVENING = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)  # 23 h 59 in Paris
MIDNIGHT = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)


def plan(**changes):
    values = {"email": "nadia.roche@example.org", "name": "Nadia Roche", "administers": True, "last_day": LAST_DAY}
    return Handover(**{**values, **changes})


def roles(person):
    db.session.rollback()
    return sorted(queries.roles_of(db.session.get_one(Person, person.id)).names)


def passed_on(organisation, person, planned):
    """The successor, who came in at once."""
    successor = hand_over(organisation, person, planned)
    _signed_in(successor)
    return successor


def kinds():
    return [one.kind for one in db.session.query(OutboxMessage).order_by(OutboxMessage.id)]


@pytest.fixture
def organisation(app, clock):
    return make_organisation()


@pytest.fixture
def eva(organisation):
    """Who coordinates and administers, alone."""
    person = make_coordinator(organisation, **EVA)
    services.give(person, RoleName.ADMINISTRATOR)
    return person


def test_a_successor_has_her_access_and_the_state_of_the_season(organisation, eva):
    group_session = make_group_session(make_programme(organisation, name="GAPP", session_title="GAPP"), capacity=6)
    signed_up(group_session, first_name="Zoé", last_name="Secret")

    nadia = hand_over(organisation, eva, plan())

    assert (nadia.full_name, roles(nadia)) == ("Nadia Roche", ["administrator", "coordinator"])
    to_her = db.session.query(OutboxMessage).filter_by(person_id=nadia.id).order_by(OutboxMessage.id).all()
    assert [one.kind for one in to_her] == ["role_accorde", "passation"]
    told = to_her[1].values
    assert told["seances"].replace("\u00a0", " ") == "- lundi 16 novembre 2026, 20 h : GAPP, 1 place prise sur 6"
    assert "jusqu’au 30 novembre 2026" in told["relais"].replace("\u00a0", " ")
    assert "1 séance sous son minimum" not in told["a_decider"]
    assert not any(name in str(told) for name in ("Zoé", "Secret"))


def test_she_keeps_hers_until_that_evening_and_no_longer(organisation, eva, clock):
    passed_on(organisation, eva, plan())
    secret = _signed_in(eva)

    clock.move_to(THAT_EVENING)
    assert (leaving.end_due(), roles(eva)) == (0, ["administrator", "coordinator"])
    assert queries.signed_in(secret, organisation.id).roles.is_coordinator
    clock.move_to(MIDNIGHT)
    assert (queries.signed_in(secret, organisation.id).roles.names, roles(eva)) == (set(), [])  # no worker was here
    assert (leaving.end_due(), roles(eva)) == (1, [])
    assert queries.signed_in(secret, organisation.id) is None
    assert leaving.end_due() == 0
    (over,) = db.session.query(OutboxMessage).filter_by(kind="acces_termine")
    assert (over.person_id, over.values["jour"].replace("\u00a0", " ")) == (eva.id, "30 novembre 2026")


def test_what_she_is_besides_stays(organisation, eva, clock):
    services.give(eva, RoleName.ANIMATOR)
    passed_on(organisation, eva, plan())
    clock.move_to(MIDNIGHT)
    leaving.end_due()

    assert roles(eva) == ["animator"]


def test_without_a_day_there_are_two_of_them(organisation, eva, clock):
    nadia = hand_over(organisation, eva, plan(last_day=None, administers=False))
    clock.move_to(datetime(2027, 12, 31, tzinfo=UTC))

    assert (leaving.end_due(), roles(eva), roles(nadia)) == (0, ["administrator", "coordinator"], ["coordinator"])


def test_she_may_stay_after_all(organisation, eva, clock):
    hand_over(organisation, eva, plan())

    assert (leaving.stay(eva), leaving.stay(eva)) == (True, False)
    clock.move_to(MIDNIGHT)
    assert (leaving.end_due(), roles(eva)) == (0, ["administrator", "coordinator"])


def test_nobody_leaves_a_cpts_without_administration(organisation, eva):
    with pytest.raises(RuleBroken, match="Personne d’autre n’administre"):
        hand_over(organisation, eva, plan(administers=False))

    assert (db.session.query(Role).count(), kinds()) == (2, [])


def test_nobody_leaves_a_cpts_without_coordination(organisation):
    alone = make_coordinator(organisation)
    with pytest.raises(RuleBroken, match="Personne d’autre ne coordonne"):
        leaving.leave_after(alone, LAST_DAY)


def test_one_does_not_succeed_oneself(organisation, eva):
    with pytest.raises(RuleBroken, match="Cette adresse est la vôtre"):
        hand_over(organisation, eva, plan(email=EVA["email"], name="Eva Martin"))


def test_only_what_one_has_is_passed_on(organisation, eva):
    coordinator = make_coordinator(organisation)
    nadia = hand_over(organisation, coordinator, plan())

    assert roles(nadia) == ["coordinator"]


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2027, 11, 5), date(9999, 12, 31)])
def test_a_day_that_is_no_day_for_it_is_refused(organisation, eva, day):
    with pytest.raises(RuleBroken, match="Choisissez un jour"):
        hand_over(organisation, eva, plan(last_day=day))
    assert kinds() == []


def test_today_is_a_day_for_it(organisation, eva, clock):
    passed_on(organisation, eva, plan(last_day=date(2026, 11, 2)))
    clock.move_to(datetime(2026, 11, 2, 23, 0, tzinfo=UTC))

    assert leaving.end_due() == 1


def test_when_the_successor_is_gone_the_access_stays_until_there_is_another(organisation, eva, clock):
    nadia = hand_over(organisation, eva, plan())
    for role in (RoleName.ADMINISTRATOR, RoleName.COORDINATOR):
        services.revoke(nadia, role, actor=eva)
    clock.move_to(MIDNIGHT)

    assert (leaving.end_due(), roles(eva)) == (0, ["administrator", "coordinator"])
    services.give(make_coordinator(organisation), RoleName.ADMINISTRATOR)
    assert (leaving.end_due(), roles(eva)) == (1, [])


def test_two_who_hand_over_to_each_other_do_not_both_leave(organisation, eva, clock):
    nadia = passed_on(organisation, eva, plan())
    with pytest.raises(RuleBroken):  # on the same evening nobody would be left
        leaving.leave_after(nadia, LAST_DAY)
    with transaction():
        for role in queries.coordinating_roles(nadia):
            role.ends_at = MIDNIGHT
    clock.move_to(MIDNIGHT)

    assert (leaving.end_due(), roles(eva), roles(nadia)) == (1, [], ["administrator", "coordinator"])


def test_an_access_given_again_does_not_end(organisation, eva, clock):
    nadia = hand_over(organisation, eva, plan())
    hand_over(organisation, nadia, plan(email=EVA["email"], name="Eva Martin", last_day=None))
    clock.move_to(MIDNIGHT)

    assert (leaving.end_due(), roles(eva)) == (0, ["administrator", "coordinator"])


def test_when_two_records_of_her_are_joined_the_access_that_stays_stays(organisation, eva, clock):
    passed_on(organisation, eva, plan())
    again = make_coordinator(organisation, **{**EVA, "email": "eva@example.org"})
    merge(eva.id, again.id, actor_id=None)
    clock.move_to(MIDNIGHT)

    assert (leaving.end_due(), roles(eva)) == (1, ["coordinator"])


def test_one_cpts_knows_nothing_of_the_other(organisation, eva, clock):
    other = make_organisation(public_url="https://rives.example.org")
    make_coordinator(other)

    with pytest.raises(RuleBroken):
        leaving.leave_after(eva, LAST_DAY)
    hand_over(organisation, eva, plan())
    assert (queries.ending(other.id), set(queries.ending(organisation.id))) == ({}, {eva.id})


def test_the_journal_says_it_without_a_name_of_its_own(organisation, eva, clock):
    passed_on(organisation, eva, plan())
    leaving.stay(eva)
    leaving.leave_after(eva, LAST_DAY)
    clock.move_to(MIDNIGHT)
    leaving.end_due()

    acts = [entry for entry in db.session.query(AuditEntry).order_by(AuditEntry.id) if entry.kind.startswith("depart")]
    assert [one.kind for one in acts] == ["depart_prevu", "depart_annule", "depart_prevu", "depart_fait"]
    assert acts[0].values == {"jour": "30\u00a0novembre 2026"}
    said = [one.sentence.replace("\u00a0", " ") for one in journal(organisation.id).lines][:2]
    assert said[0] == "Fin de l’accès choisie par Eva Martin"
    assert said[1] == "Eva Martin passe la main et garde son accès jusqu’au 30 novembre 2026"


def test_of_two_administrators_who_leave_at_once_one_stays(app, organisation, eva):
    nadia = make_coordinator(organisation)
    services.give(nadia, RoleName.ADMINISTRATOR)
    ids, together = [eva.id, nadia.id], Barrier(2)

    def revoked(person_id):
        with app.app_context():
            together.wait(60)
            try:
                services.revoke(db.session.get_one(Person, person_id), RoleName.ADMINISTRATOR)
            except RuleBroken:
                return "refused"
            finally:
                db.session.remove()
            return "left"

    db.session.remove()
    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(revoked, ids)) == ["left", "refused"]


def test_somebody_who_left_may_sign_in_to_her_own_page(organisation, eva, clock):
    make_person(organisation)
    passed_on(organisation, eva, plan())
    clock.move_to(MIDNIGHT)
    leaving.end_due()

    assert not queries.is_staff(db.session.get_one(Person, eva.id))
    assert services.links_for(organisation, EVA["email"])


def _signed_in(person):
    organisation = person.organisation_id
    (way,) = services.links_for(db.session.get_one(Organisation, organisation), person.email)
    return services.open_by_token(organisation, way.url.rpartition("/")[2], None, "Firefox")
