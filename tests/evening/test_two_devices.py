"""Two devices note the same evening: the last word on somebody stands, the trace keeps both."""

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.attendance.queries import trace_of
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from tests.conftest import NOW
from tests.evening.sending import ABSENT, HERS, MINE, MINUTE, PRESENT, expected, journal, mark, noted, send, trace


def test_the_last_word_stands_in_whichever_order_it_arrives_and_the_trace_keeps_both(link):
    nadia, yann = expected(link), expected(link)

    send(link, mark(nadia, PRESENT, NOW - 2 * MINUTE), mark(yann, PRESENT, NOW - 4 * MINUTE), device=MINE)
    send(link, mark(nadia, ABSENT, NOW - 3 * MINUTE), mark(yann, ABSENT, NOW - 3 * MINUTE), device=HERS)

    assert noted() == [("present", "offline"), ("absent", "offline")]
    assert trace() == [("mark", True), ("mark", True), ("mark", False), ("mark", True)]
    both = trace_of(link.group_session_id).disagreements
    assert {
        person_id: [(word.device, word.mark, word.said_at) for word in words] for person_id, words in both.items()
    } == {
        nadia.person_id: [(HERS, "absent", NOW - 3 * MINUTE), (MINE, "present", NOW - 2 * MINUTE)],
        yann.person_id: [(HERS, "absent", NOW - 3 * MINUTE), (MINE, "present", NOW - 4 * MINUTE)],
    }


def test_who_saw_what_the_other_device_said_corrects_it_without_a_conflict(link):
    nadia = expected(link)
    send(link, mark(nadia, PRESENT, NOW - MINUTE), device=MINE)

    send(link, mark(nadia, ABSENT, seen=NOW - MINUTE), device=HERS)

    assert (noted(), trace_of(link.group_session_id).disagreements) == ([("absent", "animator")], {})
    assert journal()[-1] == ("presence_corrigee", {"avant": "présence", "apres": "absence"})


def test_a_conflict_is_over_once_somebody_settles_it(link):
    nadia = expected(link)
    send(link, mark(nadia, PRESENT, NOW - 2 * MINUTE), device=MINE)
    send(link, mark(nadia, ABSENT, NOW - MINUTE), device=HERS)

    send(link, mark(nadia, PRESENT, seen=NOW - MINUTE), device=MINE)

    assert (noted(), trace_of(link.group_session_id).disagreements) == ([("present", "animator")], {})


def test_what_the_coordination_noted_later_stands(link):
    nadia = expected(link)
    with transaction():
        db.session.add(
            Attendance(
                organisation_id=nadia.organisation_id,
                group_session_id=nadia.group_session_id,
                person_id=nadia.person_id,
                status="absent",
                means="coordination",
            )
        )

    send(link, mark(nadia, PRESENT, NOW - MINUTE))

    assert (noted(), trace()) == ([("absent", "coordination")], [("mark", False)])
