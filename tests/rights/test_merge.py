"""Two records of one person become one."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.accounts import services as accounts
from cpts_sessions.accounts.queries import live_link, signed_in
from cpts_sessions.core import links
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.models import LinkState
from cpts_sessions.evening.queries import link_by_token, state_of_link
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.registrations import queries, services
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.registrations.rules import STRENGTH
from cpts_sessions.reports.season import season_report
from cpts_sessions.rights.merge import merge, merge_preview
from tests.factories import (
    make_coordinator,
    make_evening_link,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    signed_up,
    told,
)
from tests.reports.seasons import Season
from tests.rights.people import make_known_everywhere, rows_about

pytestmark = pytest.mark.usefixtures("app", "clock")

AS_LONG = datetime(2026, 11, 10, tzinfo=UTC)


def everything(session):
    db.session.expire_all()
    rows = db.session.query(Registration).filter_by(group_session_id=session.id).order_by(Registration.id)
    return [(row.person_id, row.status) for row in rows]


def distinct(season):
    return season_report(season.organisation.id, season.year).together.counting.enrolled_distinct


def test_every_table_that_points_at_a_person_follows(app):
    season = Season(2026)
    keep, _ = make_known_everywhere(season, "Anne")
    absorb, _ = make_known_everywhere(season, "Anna")
    mine, hers = rows_about(keep.id), rows_about(absorb.id)
    assert all([*mine.values(), *hers.values()])

    absorbed_id = absorb.id
    merge(keep.id, absorbed_id, actor_id=None)

    after = rows_about(keep.id)
    sign_ins = [after.pop("sign_in_link.person_id"), after.pop("open_sign_in.person_id")]
    assert after.pop("personal_feed.person_id") == 0  # she asks for a new address
    assert sign_ins == [0, 0]  # a role came with the second record: both enter again
    pairs = {column: after.pop(column) for column in list(after) if column.startswith("distinct_pair")}
    assert after == {column: mine[column] + hers[column] for column in after}
    assert sum(pairs.values()) == sum(mine[column] + hers[column] for column in pairs)
    assert set(rows_about(absorbed_id).values()) == {0}
    assert db.session.get(Person, absorbed_id) is None


def test_whoever_signed_in_as_the_absorbed_record_does_not_enter_as_the_kept_one(app):
    organisation = make_organisation()
    coordinator, stranger = make_coordinator(organisation), make_person(organisation, first_name="Eva")
    hers, link, strangers = [
        accounts.links_for(organisation, who.email)[0] for who in (coordinator, stranger, stranger)
    ]
    known = accounts.open_by_token(organisation.id, hers.url[-43:], None, "")
    gained = accounts.open_by_token(organisation.id, strangers.url[-43:], None, "")

    merge(coordinator.id, stranger.id, actor_id=None)

    assert signed_in(gained, organisation.id) is None
    assert live_link(organisation.id, link.url[-43:]) is None
    assert signed_in(known, organisation.id).person_id == coordinator.id


@pytest.mark.parametrize("kept_first", [True, False])
@pytest.mark.parametrize("weaker", [status for status in STRENGTH if status != "confirmed"])
def test_of_two_places_in_one_session_the_strongest_is_kept_with_its_calendar_copy(app, weaker, kept_first):
    season = Season(2026)
    session = season.session(season.programme(), "2026-11-24", status="open")
    anne, annie = season.person("Anne"), season.person("Annie")
    strong = season.register(anne, session)
    season.register(annie, session, weaker)
    uid = strong.public_id
    keep, absorb = (anne, annie) if kept_first else (annie, anne)
    merge(keep.id, absorb.id, actor_id=None)

    (row,) = db.session.query(Registration).all()
    assert (row.person_id, row.status, row.public_id) == (keep.id, "confirmed", uid)


def test_a_seat_that_two_records_held_goes_to_the_waiting_list_and_the_second_copy_is_withdrawn(app):
    organisation = make_organisation()
    session = make_group_session(make_programme(organisation), capacity=2)
    first, second, waits = (signed_up(session) for _ in range(3))
    with transaction():
        for message in db.session.query(OutboxMessage):
            message.status = "sent"
    keep, absorb, address = first.person, second.person, second.person.email
    uid = str(second.public_id)
    preview = merge_preview(keep.id, absorb.id)
    assert [(one.group_session.id, one.kept, one.frees_a_seat) for one in preview.conflicts] == [
        (session.id, "confirmed", True)
    ]
    merge(keep.id, absorb.id, actor_id=None)

    assert everything(session) == [(keep.id, "confirmed"), (waits.person_id, "offered")]
    cancel, offer = db.session.query(OutboxMessage).filter_by(status="queued").order_by(OutboxMessage.id)
    assert (cancel.kind, cancel.to_address, cancel.person_id) == (
        "desinscription_par_la_coordination",
        address,
        keep.id,
    )
    assert (cancel.calendar["method"], cancel.calendar["uid_of"]) == ("CANCEL", uid)
    assert (offer.kind, offer.person_id) == ("place_proposee", waits.person_id)


def test_an_invitation_that_has_not_left_yet_is_dropped_without_a_word(app):
    session = make_group_session(make_programme(make_organisation()))
    first, second = signed_up(session), signed_up(session)
    merge(first.person_id, second.person_id, actor_id=None)

    assert [(one.kind, one.status, one.to_address) for one in db.session.query(OutboxMessage).order_by("id")] == [
        ("inscription_confirmee", "queued", first.person.email),
        ("inscription_confirmee", "obsolete", first.person.email),
    ]


def test_merging_never_overbooks(app):
    season = Season(2026)
    circles = season.programme()
    sessions = [season.session(circles, f"2026-11-{day}", status="open", capacity=3) for day in (23, 24, 25)]
    people = [season.person(f"Anne{n}") for n in range(6)]
    for session in sessions:
        for person in people:
            services.sign_up(
                session.id, told(first_name=person.first_name, last_name=person.last_name, email=person.email)
            )
    keep = people[0]
    for absorb in people[1:4]:
        merge(keep.id, absorb.id, actor_id=None)

        for session in sessions:
            assert queries.seats_taken(session.id) <= 3
    for session in sessions:
        assert [status for _, status in everything(session)] == ["confirmed", "offered", "offered"]


def test_the_distinct_count_drops_by_one(app):
    season = Season(2026)
    circles, gapp = season.programme(), season.programme("gapp")
    anne, annie, luc = (season.person(name) for name in ("Anne", "Annie", "Luc"))
    first, second = season.session(circles, "2026-09-01"), season.session(gapp, "2026-09-08")
    for person, session in ((anne, first), (annie, first), (annie, second), (luc, second)):
        season.register(person, session)
        season.note(person, session)
    before = distinct(season)
    preview = merge_preview(anne.id, annie.id)
    merge(anne.id, annie.id, actor_id=None)

    assert (preview.taken_over, preview.years) == (2, (2026,))
    assert (before, distinct(season)) == (3, 2)


@pytest.mark.parametrize(
    ("mine", "hers", "kept"),
    [("absent", "present", "present"), ("excused", "absent", "excused"), ("present", "excused", "present")],
)
def test_of_two_presences_the_stronger_is_kept(app, mine, hers, kept):
    season = Season(2026)
    session = season.session(season.programme(), "2026-09-01")
    anne, annie = season.person("Anne"), season.person("Annie")
    season.note(anne, session, mine)
    season.note(annie, session, hers)
    merge(anne.id, annie.id, actor_id=None)

    found = db.session.execute(db.text("SELECT person_id, status FROM attendance")).all()
    assert [tuple(row) for row in found] == [(anne.id, kept)]


def test_of_two_enrolments_of_one_season_the_standing_one_is_kept_with_the_dates_of_both(app):
    season = Season(2026)
    circles = season.programme()
    sessions = [season.session(circles, f"2026-11-{day}", status="open") for day in (23, 24)]
    anne, annie = season.person("Anne"), season.person("Annie")
    left = season.enrol(anne, circles, left_at=datetime(2026, 10, 1, tzinfo=UTC))
    stands = season.enrol(annie, circles)
    stands_id = stands.id
    season.register(anne, sessions[0], "declined", enrolment_id=left.id)
    season.register(annie, sessions[1], enrolment_id=stands_id)
    merge(anne.id, annie.id, actor_id=None)

    (enrolment,) = db.session.query(Enrolment).all()
    assert (enrolment.id, enrolment.person_id, enrolment.left_at) == (stands_id, anne.id, None)
    assert {row.enrolment_id for row in db.session.query(Registration)} == {stands_id}


def test_the_kept_record_takes_what_it_lacks(app):
    organisation = make_organisation()
    keep = make_person(organisation, first_name="Anne", last_name="Roux", email=None)
    absorb = make_person(
        organisation,
        first_name="Anne",
        last_name="Roux",
        email="anne@example.org",
        rpps="10000000008",
        is_member=True,
        active_at=AS_LONG - timedelta(days=20),
    )
    merge(keep.id, absorb.id, actor_id=None)

    assert (keep.email, keep.rpps, keep.is_member) == ("anne@example.org", "10000000008", True)
    assert (keep.identity, keep.active_at) == ("anne@example.org|roux|anne", AS_LONG - timedelta(days=20))


def test_the_journal_keeps_ids_and_no_name(app):
    organisation = make_organisation()
    keep, absorb = make_person(organisation), make_person(organisation)
    absorbed_id = absorb.id
    merge(keep.id, absorbed_id, actor_id=keep.id)

    (entry,) = db.session.query(AuditEntry).all()
    assert (entry.kind, entry.actor_id, entry.person_id, entry.values) == (
        "fusion",
        keep.id,
        keep.id,
        {"absorbed_id": absorbed_id},
    )


def test_records_that_cannot_be_merged_are_refused(app):
    organisation = make_organisation()
    keep = make_person(organisation, first_name="Anne", last_name="Roux", email=None)
    absorb = make_person(organisation, first_name="Annie", last_name="Roux", email="anne@example.org")
    make_person(organisation, first_name="Anne", last_name="Roux", email="anne@example.org")
    erased = make_person(organisation, erased_at=AS_LONG)
    stranger = make_person(make_organisation())
    for one, other in ((keep, absorb), (keep, keep), (keep, stranger), (keep, erased)):
        with pytest.raises(RuleBroken):
            merge(one.id, other.id, actor_id=None)
    assert db.session.query(Person).count() == 5


def test_of_two_links_to_one_evening_the_one_that_is_kept_goes_on_opening_it(app):
    organisation = make_organisation()
    session = make_group_session(make_programme(organisation))
    keep, absorb = make_person(organisation, first_name="Anne"), make_person(organisation, first_name="Anna")
    mine, hers = make_evening_link(session, keep), make_evening_link(session, absorb)
    kept, lost = (links.token(Purpose.EVENING, link.public_id) for link in (mine, hers))

    merge(keep.id, absorb.id, actor_id=None)

    found = link_by_token(organisation.id, kept)
    assert (found.person_id, link_by_token(organisation.id, lost)) == (keep.id, None)
    assert state_of_link(found, session.starts_at) == LinkState.OPEN
