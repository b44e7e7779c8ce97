from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from cpts_sessions.ical.invitation import build
from cpts_sessions.ical.single import build_file
from cpts_sessions.ical.texts import cleaned
from tests.ical.parsers import PARSERS, Seen, by_ical, by_vobject
from tests.ical.samples import GAPP, LINK, PERSON, UID, first

# The evenings before and after each change of hour of 2026 and 2027, and the change itself: in UTC.
EVENINGS = [
    datetime(2026, 3, 28, 19, 30, tzinfo=UTC),  # 20 h 30 in Paris
    datetime(2026, 3, 29, 18, 30, tzinfo=UTC),  # 20 h 30 in Paris, the clocks went forward that night
    datetime(2026, 10, 24, 18, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 19, 30, tzinfo=UTC),
    datetime(2027, 3, 27, 19, 30, tzinfo=UTC),
    datetime(2027, 3, 28, 18, 30, tzinfo=UTC),
    datetime(2027, 10, 30, 18, 30, tzinfo=UTC),
    datetime(2027, 10, 31, 19, 30, tzinfo=UTC),
]
NIGHTS = [
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # 1 h 30 in Paris, over at 3 h 30: an hour later
    datetime(2027, 10, 30, 23, 30, tzinfo=UTC),  # 1 h 30 in Paris
]


@pytest.mark.parametrize("starts_at", EVENINGS, ids=str)
def test_every_evening_around_a_change_of_hour_is_at_half_past_eight_in_paris(starts_at):
    invitation = first(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))

    assert f"DTSTART;TZID=Europe/Paris:{starts_at:%Y%m%d}T203000\r\n".encode() in build(invitation)


@pytest.mark.parametrize("starts_at", EVENINGS + NIGHTS, ids=str)
@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_sees_the_same_instants_on_both_sides_of_a_change_of_hour(name, starts_at):
    ends_at = starts_at + timedelta(hours=1)
    invitation = first(starts_at=starts_at, ends_at=ends_at)
    expected = Seen(
        UID, starts_at, ends_at, GAPP.title, f"Voir mon inscription, ou libérer ma place\u00a0: {LINK}", GAPP.location
    )

    assert PARSERS[name](build(invitation)) == expected
    assert PARSERS[name](build_file(invitation)) == expected


@pytest.mark.parametrize("name", PARSERS)
def test_the_hour_that_comes_twice_is_not_taken_for_the_other(name):
    first_time = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second_time = first_time + timedelta(hours=1)

    seen = PARSERS[name](build(first(starts_at=first_time, ends_at=second_time)))

    assert (seen.starts_at, seen.ends_at) == (first_time, second_time)


@pytest.mark.parametrize("name", PARSERS)
def test_a_text_as_people_type_it_comes_back_whole(name):
    typed = replace(
        first(),
        summary="GAPP : « l’annonce », 1re partie ; à 20 h 30",
        description="Ligne un\nLigne deux, avec une virgule ; et 😀🇫🇷 " + "é" * 200,
        location="3 bis, rue de l’Église ; 2e étage\nCode 12B",
    )

    seen = PARSERS[name](build(typed))

    assert (seen.summary, seen.description, seen.location) == (typed.summary, typed.description, typed.location)


@given(st.text(min_size=1, max_size=300))
@example("\\n \\N \\; \\\\ fin\\")
@example("a\r\nATTENDEE:mailto:x@example.org\x85\u2028b")
@example("END:VEVENT\nBEGIN:VEVENT")
@example("\ud800")
@example(" début et fin ")
def test_any_text_comes_back_cleaned_and_nothing_else_changes(text):
    invitation = first(description=f"[{text}]")

    expected = by_ical(build(first()))._replace(description=f"[{cleaned(text)}]")
    assert by_ical(build(invitation)) == expected
    assert by_vobject(build(invitation)) == expected


@given(st.text(max_size=120))
@example('Zoé "la vraie";RSVP=FALSE:mailto:autre@example.org\r\nATTENDEE:mailto:autre@example.org')
@example("^n^'^^")
@example("Dr Zoé, 12:30; fin\\")
def test_any_name_stays_a_name(name):
    told = asked(build(first(attendee_name=name)))

    assert told._replace(name="") == Asked(f"mailto:{PERSON.address}", "", "REQ-PARTICIPANT", "ACCEPTED", "TRUE")
    assert {char for char in told.name if char in '"^\\\r\n'} == set()


def test_a_name_as_people_write_it_comes_back_whole():
    assert asked(build(first(attendee_name="Dr Zoé Noël-Durand, l’aînée"))).name == "Dr Zoé Noël-Durand, l’aînée"


class Asked(NamedTuple):
    """The only ATTENDEE of an invitation, as vobject reads it."""

    address: str
    name: str
    role: str
    partstat: str
    rsvp: str


def asked(data: bytes) -> Asked:
    (attendee,) = vobject.readOne(data.decode()).vevent.attendee_list
    (role,), (partstat,), (rsvp,) = (attendee.params[name] for name in ("ROLE", "PARTSTAT", "RSVP"))
    return Asked(attendee.value, attendee.params.get("CN", [""])[0], role, partstat, rsvp)
