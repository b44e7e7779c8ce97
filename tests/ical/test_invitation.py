from datetime import datetime, timedelta, timezone

import icalendar
import pytest

from cpts_sessions.ical.changes import CalendarState, Change
from cpts_sessions.ical.invitation import build
from cpts_sessions.ical.meeting import download, invite
from cpts_sessions.ical.single import build_file
from tests.golden_files import golden
from tests.ical.samples import ACCEPTED, CIRCLE, CPTS, GAPP, LINK, NOTHING_SENT, PERSON, UID, first

STOPPED = Change(ACCEPTED, "CANCEL")


def cancellation(meeting):
    return build(invite(meeting, STOPPED, uid=UID, link=LINK, cpts=CPTS, person=PERSON))


def names(data: bytes) -> list[str]:
    """The names of the lines of the VEVENT, in order; the bell is one of them."""
    inside = data.decode().replace("\r\n ", "").partition("BEGIN:VEVENT\r\n")[2].partition("END:VEVENT")[0]
    return [line.replace(";", ":").split(":")[0] for line in inside.partition("BEGIN:VALARM")[0].splitlines()] + [
        "VALARM" for _ in range(inside.count("BEGIN:VALARM"))
    ]


ENTRY = ["UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "CLASS", "TRANSP"]


def test_an_invitation_names_the_organiser_and_one_person_and_rings_last():
    assert names(build(first())) == [*ENTRY, "ORGANIZER", "ATTENDEE", "STATUS", "VALARM"]


def test_a_cancellation_does_not_ring():
    assert names(cancellation(GAPP)) == [*ENTRY, "ORGANIZER", "ATTENDEE", "STATUS"]


def test_a_file_to_download_names_nobody_and_asks_nothing():
    data = build_file(first())

    assert names(data) == [*ENTRY, "STATUS", "VALARM"]
    assert [word for word in (b"METHOD", b"mailto", PERSON.name.encode(), CPTS.name.encode()) if word in data] == []


def test_nothing_rings_without_a_text_and_nothing_is_said_of_a_place_there_is_not():
    silent = [name for name in ENTRY if name != "LOCATION"]

    assert names(build_file(first(alarm=None, location=None))) == [*silent, "STATUS"]


def test_a_url_is_written_on_one_line():
    assert b"\r\nURL:https://example.org/aX:b\r\n" in build_file(first(url="https://example.org/a\r\nX:b"))


def test_a_confidential_date_is_neutral_in_every_byte_sent():
    asked = CalendarState(sequence=0, stamp=ACCEPTED.stamp, partstat="ACCEPTED", live=True)
    sent = [
        build(invite(CIRCLE, Change(asked, "REQUEST"), uid=UID, link=LINK, cpts=CPTS, person=PERSON)),
        build(invite(CIRCLE, Change(asked, "REQUEST"), uid=UID, link=None, cpts=CPTS, person=PERSON)),
        cancellation(CIRCLE),
        build_file(download(CIRCLE, asked, uid=UID, link=LINK)),
    ]

    unfolded = [data.replace(b"\r\n ", b"").decode() for data in sent]
    hidden = ["Cercle", "paroles", "LOCATION", "Tilleuls", "Aval-sur", "CLASS:PUBLIC"]
    assert [[word for word in hidden if word in text] for text in unfolded] == [[], [], [], []]
    assert [text.count("CLASS:PRIVATE") for text in unfolded] == [1, 1, 1, 1]
    assert [icalendar.Calendar.from_ical(data).walk("VEVENT")[0]["SUMMARY"] for data in sent] == [
        "Réunion CPTS",
        "Réunion CPTS",
        "ANNULÉ – Réunion CPTS",
        "Réunion CPTS",
    ]


def test_the_same_values_give_the_same_bytes_whatever_the_zone_they_are_told_in():
    tokyo = timezone(timedelta(hours=9))
    elsewhere = {name: getattr(first(), name).astimezone(tokyo) for name in ("stamp", "starts_at", "ends_at")}

    assert build(first(**elsewhere)) == build(first())
    assert build_file(first(**elsewhere)) == build_file(first())


def test_the_file_to_download_is_the_golden_one():
    golden("ical/download.ics", build_file(download(GAPP, ACCEPTED, uid=UID, link=LINK)))
    golden("ical/confidential-download.ics", build_file(download(CIRCLE, ACCEPTED, uid=UID, link=LINK)))


@pytest.mark.parametrize("text", ["é€😀" * 60, "a" * 200, "Où : salle 2, " * 12])
def test_no_line_is_longer_than_75_octets_nor_broken_inside_a_character(text):
    *lines, rest = build(first(location=text, description=text)).split(b"\r\n")

    assert rest == b""
    assert max(map(len, lines)) <= 75
    assert [line for line in lines if line.decode().startswith("\ufffd")] == []


def test_the_constant_zone_is_the_paris_of_2026_and_2027():
    (zone,) = icalendar.Calendar.from_ical(build(first())).walk("VTIMEZONE")
    paris = zone.to_tz(lookup_tzid=False)

    days = [datetime(2026, 1, 1) + timedelta(days=day, hours=12) for day in range(730)]
    summer = [day for day in days if day.replace(tzinfo=paris).utcoffset() == timedelta(hours=2)]
    winter = [day for day in days if day.replace(tzinfo=paris).utcoffset() == timedelta(hours=1)]
    assert len(summer) + len(winter) == 730
    assert [f"{day:%Y-%m-%d}" for day in (summer[0], summer[209], summer[210], summer[-1])] == [
        "2026-03-29",
        "2026-10-24",
        "2027-03-28",
        "2027-10-30",
    ]


@pytest.mark.parametrize("name", ["stamp", "starts_at", "ends_at"])
def test_an_instant_without_a_zone_is_refused(name):
    with pytest.raises(ValueError, match="aware"):
        first(**{name: datetime(2027, 3, 16, 20, 30)})


def test_a_date_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="end after"):
        first(ends_at=first().starts_at)


def test_nothing_can_be_written_for_a_seat_never_told():
    with pytest.raises(ValueError, match="nothing was ever sent"):
        download(GAPP, NOTHING_SENT, uid=UID, link=LINK)
