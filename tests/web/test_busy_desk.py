"""The desk when much waits, and when nothing ever took place: what is shown first, what is behind « Voir tout »."""

from datetime import timedelta

from cpts_sessions.core.clock import now
from cpts_sessions.web.coordinator.decisions import MOST, Decision, first
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
    assert ("Aucune séance n'est prévue" in shown, "en chiffres" in shown, GOOD_DAY in shown) == (True, False, False)


def test_the_most_urgent_comes_first(coordinator, organisation, programme):
    circles = make_circles(organisation)
    for _ in range(2):
        make_person(organisation, last_name="Roth")
    make_group_session(programme, starts_at=NOW + 9 * DAY, status="draft")
    make_group_session(programme, starts_at=NOW - DAY)
    make_group_session(programme, starts_at=NOW - 9 * DAY)
    make_registration(make_group_session(circles, starts_at=NOW + 30 * DAY), make_person(organisation), "requested")
    make_group_session(programme, starts_at=NOW + 2 * DAY, minimum=5)
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
