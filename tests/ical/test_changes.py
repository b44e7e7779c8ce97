from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.ical.changes import CalendarState, Change, Event, change, next_stamp
from cpts_sessions.ical.invitation import build
from cpts_sessions.ical.meeting import invite
from tests.golden_files import golden
from tests.ical.samples import ACCEPTED, CANCELLED, CIRCLE, CPTS, GAPP, LINK, NOTHING_SENT, NOW, PERSON, UID

SENT_AT = NOW.replace(microsecond=0)

# what happened, before, (METHOD, SEQUENCE, PARTSTAT)
ROWS = [
    ("seat-asked", Event.SEAT_ASKED, NOTHING_SENT, ("REQUEST", 0, "ACCEPTED")),
    ("seat-given", Event.SEAT_GIVEN, NOTHING_SENT, ("REQUEST", 0, "NEEDS-ACTION")),
    ("seat-asked-again", Event.SEAT_ASKED, CANCELLED, ("REQUEST", 3, "ACCEPTED")),
    ("seat-given-again", Event.SEAT_GIVEN, CANCELLED, ("REQUEST", 3, "NEEDS-ACTION")),
    ("moved", Event.MOVED, ACCEPTED, ("REQUEST", 3, "NEEDS-ACTION")),
    ("place-changed", Event.PLACE_CHANGED, ACCEPTED, ("REQUEST", 3, "ACCEPTED")),
    ("text-mended", Event.TEXT_MENDED, ACCEPTED, ("REQUEST", 2, "ACCEPTED")),
    ("withdrawn", Event.WITHDRAWN, ACCEPTED, ("CANCEL", 3, "ACCEPTED")),
    ("session-cancelled", Event.SESSION_CANCELLED, ACCEPTED, ("CANCEL", 3, "ACCEPTED")),
    ("reinstated", Event.REINSTATED, CANCELLED, ("REQUEST", 3, "NEEDS-ACTION")),
]


def test_every_event_has_a_row_in_these_tests():
    assert {event for _, event, _, _ in ROWS} == set(Event)


@pytest.mark.parametrize(("name", "event", "before", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_an_event_changes_the_copy_as_the_table_says(name, event, before, expected):
    method, sequence, partstat = expected

    told = change(event, before, NOW)

    state = CalendarState(sequence=sequence, stamp=SENT_AT, partstat=partstat, live=method == "REQUEST")
    assert told == Change(state, method)


@pytest.mark.parametrize(("name", "event", "before", "expected"), ROWS, ids=[row[0] for row in ROWS])
@pytest.mark.parametrize("meeting", [GAPP, CIRCLE], ids=["open", "confidential"])
def test_what_is_sent_for_each_event_is_the_golden_file(meeting, name, event, before, expected):
    told = change(event, before, NOW)

    sent = build(invite(meeting, told, uid=UID, link=LINK, cpts=CPTS, person=PERSON))

    golden(f"ical/{'confidential-' if meeting.confidential else ''}{name}.ics", sent)


@pytest.mark.parametrize("event", [Event.SEAT_GIVEN, Event.MOVED, Event.SESSION_CANCELLED])
def test_what_is_sent_to_the_animator_is_the_golden_file(event):
    told = change(event, NOTHING_SENT if event is Event.SEAT_GIVEN else ACCEPTED, NOW)

    sent = build(invite(GAPP, told, uid=UID, link=None, cpts=CPTS, person=PERSON))

    golden(f"ical/animator-{event.value.replace('_', '-')}.ics", sent)


@pytest.mark.parametrize("event", [Event.WITHDRAWN, Event.SESSION_CANCELLED])
@pytest.mark.parametrize("before", [NOTHING_SENT, CANCELLED])
def test_what_is_not_in_the_agenda_is_not_withdrawn_from_it(event, before):
    assert change(event, before, NOW) is None


@pytest.mark.parametrize("event", [Event.MOVED, Event.PLACE_CHANGED, Event.TEXT_MENDED, Event.REINSTATED])
def test_an_update_to_someone_never_invited_is_her_first_invitation(event):
    told = change(event, NOTHING_SENT, NOW)

    assert told == Change(CalendarState(sequence=0, stamp=SENT_AT, live=True), "REQUEST")


def test_mending_the_text_after_a_cancel_does_not_reuse_its_sequence():
    told = change(Event.TEXT_MENDED, CANCELLED, NOW)

    assert told is not None
    assert (told.method, told.state.sequence) == ("REQUEST", 3)


def test_ten_changes_within_one_second_are_still_in_order():
    state = NOTHING_SENT
    sent = []
    for event in [Event.SEAT_ASKED, *[Event.TEXT_MENDED, Event.MOVED, Event.PLACE_CHANGED] * 3]:
        told = change(event, state, NOW)
        assert told is not None
        state = told.state
        sent.append((state.sequence, state.stamp))

    sequences = [0, 0, 1, 2, 2, 3, 4, 4, 5, 6]
    assert sent == [(sequence, SENT_AT + timedelta(seconds=rank)) for rank, sequence in enumerate(sequences)]


def test_the_stamp_is_later_than_the_last_one_when_the_clock_goes_back():
    last = datetime(2027, 3, 1, 9, tzinfo=UTC)

    assert next_stamp(NOW, last) == datetime(2027, 3, 1, 9, 0, 1, tzinfo=UTC)


def test_a_decline_is_forgotten_when_the_day_moves_and_kept_when_the_room_changes():
    declined = replace(ACCEPTED, partstat="DECLINED")

    told = [change(event, declined, NOW) for event in (Event.MOVED, Event.PLACE_CHANGED)]

    assert [one.state.partstat for one in told if one] == ["NEEDS-ACTION", "DECLINED"]
