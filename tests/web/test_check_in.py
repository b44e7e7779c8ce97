"""Saying that one is there by a name, once the screen of the room was scanned."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance import check_in, own_presence
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession
from tests.browsing import page_words, submit, token_of
from tests.factories import make_group_session, make_organisation, make_programme
from tests.web.the_room import MISTYPED, TOO_MANY, begun, mark, marks, registered, say, scan_and_say, scanned

NOBODY_TOLD = "C'est noté si votre nom est sur la liste. Sinon, dites-le à la personne qui anime : elle vous ajoute."
CHANGED = "Ce code a changé entre-temps. Scannez l'écran à nouveau."


@pytest.fixture
def one(app, clock) -> GroupSession:
    """A talking circle that began ten minutes ago."""
    return begun(clock)


@pytest.mark.parametrize("status", ["confirmed", "walk_in"])
@pytest.mark.parametrize(
    ("first", "last"), [("Zoé", "Le Goff-Œłlé"), ("zoe", "LE GOFF OELLE"), ("Le Goff Œllé", "Zoé")]
)
def test_a_name_of_the_list_is_noted_present_however_it_is_written(browser, one, status, first, last):
    her = registered(one, status, first_name="Zoé", last_name="Le Goff-Œłlé")

    answer = scan_and_say(browser, one, first, last)

    assert (answer.status_code, answer.location) == (303, "/presence/notee")
    assert NOBODY_TOLD in page_words(browser.get(answer.location))
    assert marks(one) == {her.person_id: ("present", "qr")}
    entries = [(entry.kind, entry.person_id, entry.actor_id, entry.values) for entry in db.session.query(AuditEntry)]
    assert entries == [("presence_par_code", her.person_id, None, {})]


def test_a_visitor_gets_the_same_bytes_whether_a_name_is_on_the_list_or_not(browser, one, app):
    registered(one, first_name="Claire", last_name="Martin")
    registered(one, "waiting", first_name="Anne", last_name="Roth")
    answers = set()
    for first, last in (("Claire", "Martin"), ("Claire", "Martin"), ("Anne", "Roth"), ("Paul", "Inconnu"), ("?", "!")):
        visitor = app.test_client()
        answer = scan_and_say(visitor, one, first, last)
        after = visitor.get(answer.location)
        headers = [(name, value) for name, value in answer.headers if name != "Set-Cookie"]
        answers.add((answer.status_code, str(headers), answer.data, after.status_code, str(after.headers), after.data))

    assert len(answers) == 1
    assert list(marks(one).values()) == [("present", "qr")]


def test_two_persons_of_one_name_are_left_to_whoever_animates(browser, one):
    registered(one, first_name="Claire", last_name="Martin")
    registered(one, first_name="Claire", last_name="Martin")

    scan_and_say(browser, one, "Claire", "Martin")

    assert marks(one) == {}


def test_a_name_without_a_letter_is_nobody_s_not_even_of_somebody_erased(browser, one):
    registered(one, first_name="", last_name="")

    scan_and_say(browser, one, "?", "!")

    assert marks(one) == {}


def test_opening_what_was_scanned_changes_nothing_and_says_the_neutral_title(browser, one):
    registered(one, first_name="Claire", last_name="Martin")

    page = browser.get(scanned(one))
    words = page_words(page)

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert ("Réunion CPTS" in words, "lundi 16 novembre 2026 de 20 h à 22 h" in words) == (True, True)
    assert ("ercle" in page.get_data(as_text=True), "Martin" in words) == (False, False)
    assert (marks(one), db.session.query(AuditEntry).count()) == ({}, 0)


def test_a_name_may_be_typed_for_ten_minutes_after_having_scanned(browser, one, clock):
    her = registered(one, first_name="Claire", last_name="Martin")
    path = scanned(one)
    page = browser.get(path)

    clock.shift(timedelta(minutes=10, seconds=1))
    late = say(browser, page, path, "Claire", "Martin")
    assert (late.status_code, CHANGED in page_words(late), marks(one)) == (410, True, {})

    clock.shift(timedelta(seconds=-1))
    assert say(browser, page, path, "Claire", "Martin").status_code == 303
    assert marks(one) == {her.person_id: ("present", "qr")}


def test_from_home_later_it_is_refused(browser, one, clock):
    registered(one, first_name="Claire", last_name="Martin")
    path = scanned(one)
    clock.shift(timedelta(seconds=120))

    page = browser.get(path)
    posted = submit(browser, path, page="/presence", proof="", first_name="Claire", last_name="Martin")

    assert [(answer.status_code, CHANGED in page_words(answer)) for answer in (page, posted)] == [(410, True)] * 2
    assert marks(one) == {}


def test_the_code_of_another_session_or_of_another_cpts_opens_nothing(browser, one):
    other = make_group_session(one.programme)
    there = make_group_session(make_programme(make_organisation(public_url="http://autre.example.org")))
    wrong = f"/presence/{one.public_id}/{check_in.codes_now(other).scanned}"

    assert [browser.get(path).status_code for path in (wrong, scanned(there), scanned(other))] == [410, 404, 200]
    page = browser.get(scanned(other))
    assert say(browser, page, scanned(one), "Claire", "Martin").status_code == 410
    typed = submit(browser, "/presence", code=check_in.codes_now(there).typed)
    assert (typed.status_code, MISTYPED in page_words(typed)) == (422, True)


def test_a_name_left_empty_is_asked_again_and_the_rest_is_kept(browser, one):
    her = registered(one, first_name="Claire", last_name="Martin")
    path = scanned(one)

    again = say(browser, browser.get(path), path, "Claire", "")

    assert (again.status_code, "Indiquez votre nom." in page_words(again)) == (422, True)
    assert say(browser, again, path, "Claire", "Martin").status_code == 303
    assert list(marks(one)) == [her.person_id]


def test_the_six_digits_lead_to_what_would_have_been_scanned(browser, one):
    make_group_session(one.programme)  # another one at the same hour
    answer = submit(browser, "/presence", code=check_in.codes_now(one).typed)

    assert (answer.status_code, answer.location) == (303, scanned(one))
    assert browser.get(answer.location).status_code == 200


def test_whoever_guesses_is_stopped_and_locks_out_nobody_else(browser, one):
    right = check_in.codes_now(one).typed
    guess = "000 000" if right != "000 000" else "000 001"
    token = token_of(browser.get("/presence"))

    def type_in(code: str, address: str) -> str:
        answer = browser.post(
            "/presence", data={"csrf_token": token, "code": code}, environ_overrides={"REMOTE_ADDR": address}
        )
        return next((said for said in (MISTYPED, TOO_MANY) if said in page_words(answer)), str(answer.status_code))

    guesses = [type_in(guess, f"2001:db8:0:1::{n:x}") for n in range(own_presence.NETWORK_TRIES + 1)]

    assert guesses == [MISTYPED] * own_presence.NETWORK_TRIES + [TOO_MANY]
    assert (type_in(right, "2001:db8:0:1::ffff"), type_in(right, "2001:db8:0:2::1")) == (TOO_MANY, "303")
    assert browser.get(scanned(one), environ_overrides={"REMOTE_ADDR": "2001:db8:0:1::1"}).status_code == 200


@pytest.mark.parametrize(("before", "word"), [("absent", "absence"), ("excused", "absence excusée")])
def test_whoever_was_noted_absent_and_arrives_is_noted_present_and_the_journal_says_so(browser, one, before, word):
    her = registered(one, first_name="Claire", last_name="Martin")
    mark(one, her.person_id, before)

    scan_and_say(browser, one, "Claire", "Martin")

    assert marks(one) == {her.person_id: ("present", "qr")}
    (entry,) = db.session.query(AuditEntry)
    assert (entry.kind, entry.values) == ("presence_corrigee", {"avant": word, "apres": "présence"})


def test_whoever_is_noted_present_already_stays_as_she_was_noted(browser, one):
    her = registered(one, first_name="Claire", last_name="Martin")
    mark(one, her.person_id, "present")

    scan_and_say(browser, one, "Claire", "Martin")

    assert (marks(one), db.session.query(AuditEntry).count()) == ({her.person_id: ("present", "animator")}, 0)


def test_a_session_closed_while_she_types_is_not_changed(browser, one):
    registered(one, first_name="Claire", last_name="Martin")
    path = scanned(one)
    page = browser.get(path)
    with transaction():
        one.status = "held"

    assert (say(browser, page, path, "Claire", "Martin").status_code, marks(one)) == (410, {})
