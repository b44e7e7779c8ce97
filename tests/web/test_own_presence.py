"""Saying that one is there by one's own link, or signed in; and the code drawn by the server."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance import check_in, own_presence
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from tests.browsing import page_words, registration_link, sign_in, submit, token_of
from tests.factories import STARTS_AT, make_evening_link, make_group_session, make_person
from tests.web.the_room import MISTYPED, NOTED, TOO_MANY, begun, marks, proof_in, registered, scanned


@pytest.fixture
def one(app, clock) -> GroupSession:
    """A talking circle that began ten minutes ago."""
    return begun(clock)


def test_her_own_link_takes_the_digits_and_says_that_she_is_noted(browser, one):
    her = registered(one)
    link = registration_link(her)

    answer = submit(browser, f"{link}/je-suis-la", page=link, code=check_in.codes_now(one).typed)

    words = page_words(browser.get(answer.location))
    assert (answer.location, NOTED in words, "Dire que vous êtes là" in words) == (link, True, False)
    assert marks(one) == {her.person_id: ("present", "qr")}


def test_her_own_link_after_having_scanned_asks_for_one_tap(browser, one):
    her = registered(one)
    link = registration_link(her)
    browser.get(scanned(one))

    words = page_words(browser.get(link))
    submit(browser, f"{link}/je-suis-la", page=link)

    assert ("Vous êtes dans la salle" in words, "Code affiché" in words) == (True, False)
    assert marks(one) == {her.person_id: ("present", "qr")}


def test_having_scanned_another_session_is_no_proof_for_hers(browser, one):
    link = registration_link(registered(one))
    browser.get(scanned(make_group_session(one.programme)))

    answer = submit(browser, f"{link}/je-suis-la", page=link, code="")

    assert MISTYPED in page_words(browser.get(answer.location))
    assert marks(one) == {}


def test_wrong_digits_on_her_own_link_change_nothing_and_are_counted(browser, one, clock):
    her = registered(one)
    link = registration_link(her)
    old = check_in.codes_now(one).typed
    clock.shift(timedelta(minutes=2))
    said = []
    for code in [old, *["1"] * (own_presence.OWN_TRIES - 1), check_in.codes_now(one).typed]:
        answer = submit(browser, f"{link}/je-suis-la", page=link, code=code)
        words = page_words(browser.get(answer.location))
        said.append(next(sentence for sentence in (MISTYPED, TOO_MANY, NOTED) if sentence in words))

    assert said == [MISTYPED] * own_presence.OWN_TRIES + [TOO_MANY]
    assert marks(one) == {}


@pytest.mark.parametrize(
    ("status", "minutes", "asks"),
    [("confirmed", -31, False), ("confirmed", -20, True), ("walk_in", 30, True), ("waiting", 30, False)],
)
def test_her_own_link_asks_only_during_the_session_and_who_may_come(browser, one, clock, status, minutes, asks):
    her = registered(one, status)
    link = registration_link(her)
    clock.move_to(STARTS_AT + timedelta(minutes=minutes))
    code = check_in.codes_now(one).typed

    shown = "Dire que vous êtes là" in page_words(browser.get(link))
    submit(browser, f"{link}/je-suis-la", page="/presence", code=code)

    assert (shown, list(marks(one))) == (asks, [her.person_id] if asks else [])


def test_whoever_is_noted_before_the_start_is_no_longer_offered_to_leave(browser, one, clock):
    her = registered(one)
    clock.move_to(STARTS_AT - timedelta(minutes=5))
    link = registration_link(her)
    before = "Libérer ma place" in page_words(browser.get(link))

    submit(browser, f"{link}/je-suis-la", page=link, code=check_in.codes_now(one).typed)

    assert (before, "Libérer ma place" in page_words(browser.get(link))) == (True, False)


def test_whoever_is_signed_in_on_her_telephone_taps_once(browser, one):
    her = registered(one, first_name="Zoé")
    registered(one, first_name="Claire", last_name="Martin")
    sign_in(browser, her.person)
    page = browser.get(scanned(one))

    answer = browser.post(
        f"/presence/je-suis-la/{one.public_id}", data={"csrf_token": token_of(page), "proof": proof_in(page)}
    )

    assert ("Bonjour Zoé." in page_words(page), "Martin" in page_words(page)) == (True, False)
    assert NOTED in page_words(browser.get(answer.location))
    assert marks(one) == {her.person_id: ("present", "qr")}


def test_whoever_is_signed_in_without_a_seat_is_asked_a_name_like_everybody(browser, one):
    sign_in(browser, registered(one, "waiting", first_name="Zoé").person)

    assert "Bonjour" not in page_words(browser.get(scanned(one)))


def test_signed_in_without_having_scanned_nothing_is_noted(browser, one):
    her = registered(one)
    stranger: Person = make_person(one.organisation)
    said = []
    for person in (her.person, stranger):
        sign_in(browser, person)
        said.append(submit(browser, f"/presence/je-suis-la/{one.public_id}", page="/presence").status_code)

    assert (said, marks(one)) == ([410, 404], {})


def test_the_server_draws_the_code_for_a_browser_that_cannot(browser, one, clock):
    animator = make_person(one.organisation)
    link = make_evening_link(one, animator)
    path = f"/soiree/{links.token(Purpose.EVENING, link.public_id)}/qr"

    page = browser.get(path)
    digits = check_in.codes_now(one).typed
    clock.move_to(STARTS_AT - timedelta(hours=3))
    early = page_words(browser.get(path))
    clock.move_to(STARTS_AT - timedelta(days=3))
    too_early = browser.get(path)

    assert (digits in page_words(page), "data:image/svg+xml" in page.get_data(as_text=True)) == (True, True)
    assert "Le code s'affiche de 19 h 30 à 22 h 30, tant que la séance n'est pas close." in early
    assert (too_early.status_code, too_early.location) == (303, path.removesuffix("/qr"))
    assert browser.get("/soiree/inconnu/qr").status_code == 404
