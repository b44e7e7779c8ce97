"""The codes of the room: what they are, how long they serve, what proves that somebody was there."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance import check_in
from cpts_sessions.attendance.check_in import Codes, codes
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.programmes.models import GroupSession
from tests.factories import STARTS_AT, make_group_session, make_organisation, make_programme

#: A key, windows and their codes; tests/browser/test_check_in.py asks the same of the browser.
KEY = bytes(range(32))
KNOWN = {
    0: Codes("t4gntokas77eskmr", "746 969"),
    58_853_760: Codes("5ksyy74rjblx4a6a", "120 876"),
    2**32: Codes("hdua4uxaalgqqxfz", "028 180"),
}

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def one(app, clock) -> GroupSession:
    """A session that begins at this very second, the first of a window."""
    clock.move_to(STARTS_AT)
    return make_group_session(make_programme(make_organisation(public_url="https://seances.example.org")))


def test_the_codes_of_a_window_are_those_that_were_agreed_with_the_browser():
    assert {number: codes(KEY, number) for number in KNOWN} == KNOWN


def test_a_code_changes_every_thirty_seconds_and_is_of_one_session_only(one, clock):
    shown = []
    for seconds in (0, 29, 30, 59):
        clock.move_to(STARTS_AT + seconds * SECOND)
        shown.append(check_in.codes_now(one))
    other = make_group_session(one.programme)

    assert (shown[0], shown[2]) == (shown[1], shown[3])
    assert len({*shown, check_in.codes_now(other)}) == 3


def test_a_code_serves_until_ninety_seconds_after_it_was_first_shown_and_thirty_before(one, clock):
    code = check_in.codes_now(one)
    right = []
    for seconds in (-31, -30, 0, 89, 90):
        clock.move_to(STARTS_AT + seconds * SECOND)
        right.append((check_in.was_scanned(one, code.scanned), check_in.was_typed(one, code.typed)))

    assert right == [(False, False), (True, True), (True, True), (True, True), (False, False)]


def test_the_digits_are_read_however_they_are_spaced(one):
    six = check_in.codes_now(one).typed
    spellings = [six, six.replace(" ", ""), six.replace(" ", "\u00a0"), f" {six} ", six.replace(" ", "-")]

    assert [check_in.was_typed(one, spelling) for spelling in spellings] == [True] * 5
    assert [check_in.was_typed(one, wrong) for wrong in ("", six[:5], six + "0", "é")] == [False] * 4


@pytest.mark.parametrize(
    ("minutes", "status", "serves"),
    [
        (-31, "open", False),
        (-30, "open", True),
        (150, "open", True),
        (151, "open", False),
        (60, "held", False),
        (60, "cancelled", False),
    ],
)
def test_a_code_serves_from_half_an_hour_before_to_half_an_hour_after_while_the_session_is_open(
    one, clock, minutes, status, serves
):
    with transaction():
        one.status = status
    clock.move_to(STARTS_AT + minutes * MINUTE)
    code = check_in.codes_now(one)

    right = check_in.was_scanned(one, code.scanned), check_in.was_typed(one, code.typed)

    assert (*right, check_in.is_passage(one, check_in.passage(one))) == (serves,) * 3


def test_having_scanned_is_remembered_ten_minutes_for_that_session(one, clock):
    proof = check_in.passage(one)
    other = make_group_session(one.programme)
    clock.move_to(STARTS_AT + 10 * MINUTE)
    kept = check_in.is_passage(one, proof)
    clock.move_to(STARTS_AT + 10 * MINUTE + SECOND)

    assert (kept, check_in.is_passage(one, proof)) == (True, False)
    assert not check_in.is_passage(other, check_in.passage(one))


def test_what_nobody_gave_proves_nothing(one):
    second, _, signature = check_in.passage(one).partition(".")
    later = str(int(second) + 1)

    forged = ["", "-", second, f"{later}.{signature}", f"{second}.{signature[:-1]}", f"{second}.", f"é.{signature}"]

    assert [check_in.is_passage(one, proof) for proof in forged] == [False] * len(forged)


def test_the_screen_of_the_room_says_where_to_type_and_when(one):
    screen = check_in.screen(one)

    assert (screen.url, screen.address, normalise(screen.hours)) == (
        f"https://seances.example.org/presence/{one.public_id}/",
        "seances.example.org/presence",
        "de 19 h 30 à 22 h 30",
    )
