"""The desk when much waits, and when nothing ever took place: what is shown first, what is behind « Voir tout »."""

from datetime import UTC, datetime, timedelta

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.reports.services import freeze
from cpts_sessions.web.coordinator.decision import Decision
from cpts_sessions.web.coordinator.decisions import MOST, first
from tests.browsing import sign_in
from tests.conftest import NOW
from tests.factories import make_circles, make_group_session, make_person, make_registration
from tests.web.coordination import text_of
from tests.web.test_decisions import DAY, DESK, GOOD_DAY, cards


def decision(icon, title):
    return Decision("", "", icon, title, "", "", "")


def test_eight_are_shown_first_and_no_kind_hides_the_others():
    every = [decision("clock", f"clore {n}") for n in range(9)] + [decision("users", "doublons")]
    assert [one.title for one in first(every)] == [f"clore {n}" for n in range(7)] + ["doublons"]
    assert first(every[:MOST]) == every[:MOST]


def test_a_busy_desk_shows_eight_then_all_of_them_by_its_address(coordinator, organisation, programme):
    for n in range(20):
        make_group_session(programme, starts_at=now() - (n + 1) * DAY)
    make_registration(
        make_group_session(make_circles(organisation), starts_at=NOW + 30 * DAY), make_person(organisation), "requested"
    )

    shown = text_of(coordinator, DESK)
    assert "21 décisions vous attendent" in shown
    assert "Voir tout : 13 autres décisions" in shown
    assert (len(cards(coordinator)), len(cards(coordinator, f"{DESK}?tout=1"))) == (8, 21)
    assert "Répondre aux demandes" in cards(coordinator)
    assert "Voir tout" not in text_of(coordinator, f"{DESK}?tout=1")


def test_a_new_cpts_is_told_where_to_begin(coordinator, organisation):
    shown = text_of(coordinator, DESK)
    assert ("Faire les premiers pas" in shown, "en chiffres" in shown, GOOD_DAY in shown) == (True, False, False)
    assert coordinator.get("/coordination/premiers-pas").status_code == 200


def test_the_most_urgent_comes_first(coordinator, organisation, programme):
    circles = make_circles(organisation)
    for _ in range(2):
        make_person(organisation, last_name="Roth")
    make_group_session(programme, starts_at=NOW + 9 * DAY, status="draft")
    make_group_session(programme, starts_at=NOW - DAY)
    make_group_session(programme, starts_at=NOW - 9 * DAY)
    make_registration(make_group_session(circles, starts_at=NOW + 30 * DAY), make_person(organisation), "requested")
    make_group_session(programme, starts_at=NOW + 2 * DAY, minimum=5)
    make_registration(make_group_session(programme, starts_at=NOW + 6 * DAY), make_person(organisation))
    kept = make_group_session(programme, starts_at=NOW + 40 * DAY)
    make_registration(kept, make_person(organisation, email=None), "offered", offer_expires_at=NOW + timedelta(hours=5))

    assert [title.partition(" ")[0] for title in cards(coordinator)] == [
        "Appeler",
        "Décider",
        "Confier",
        "Clore",
        "Répondre",
        "Clore",
        "Ouvrir",
        "Comparer",
    ]


def test_in_january_the_report_of_the_year_before_is_to_be_read_until_it_is_frozen(coordinator, programme, clock):
    make_group_session(programme, starts_at=NOW - 30 * DAY, status="held")
    sophie = db.session.query(Person).filter_by(first_name="Sophie").one()
    shown = []
    for day in ((2026, 12, 31), (2027, 1, 4), (2027, 2, 1)):
        clock.move_to(datetime(*day, 9, tzinfo=UTC))
        sign_in(coordinator, sophie)
        shown.append(cards(coordinator))
    assert shown == [{}, {"Relire le rapport 2026": "/coordination/rapport/2026"}, {}]

    clock.move_to(datetime(2027, 1, 4, 9, tzinfo=UTC))
    sign_in(coordinator, sophie)
    freeze(programme.organisation_id, 2026, actor_id=sophie.id)
    assert cards(coordinator) == {}


def test_no_report_is_to_be_read_of_a_year_without_any_session(coordinator, programme, clock):
    make_group_session(programme, starts_at=NOW - 400 * DAY, status="held")
    clock.move_to(datetime(2027, 1, 4, 9, tzinfo=UTC))
    sign_in(coordinator, db.session.query(Person).filter_by(first_name="Sophie").one())
    assert cards(coordinator) == {}
