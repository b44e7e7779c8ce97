"""A session that had been cancelled is held after all: each finds again what she had."""

from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import coordination, messages, queries
from cpts_sessions.registrations.models import Registration, Status
from cpts_sessions.registrations.seats import give_place, needs_a_yes
from cpts_sessions.registrations.waiting_list import serve


def bring_back(group_session: GroupSession, word: str) -> list[Registration]:
    """Give back what the cancelling of a session took; its row is locked by the caller.

    Whoever had a seat has it again. The list keeps its order: a seat that was kept for somebody is offered again. A
    non-member's request waits for its yes again. `word` is the coordination's own sentence.

    Returns:
        Those who come back, in the order they came.
    """
    returning = queries.ended_with_session(group_session.id)
    for registration in returning:
        _find_again(registration, group_session)
    db.session.flush()
    for registration in returning:
        if registration.status == Status.CONFIRMED:
            values = {"mot_de_la_coordination": word.strip()}
            messages.write(registration, "seance_retablie", values, event=Event.REINSTATED)
    serve(group_session)
    for registration in returning:
        told_by_serving = registration.status == Status.OFFERED or registration.free_seat_told_at is not None
        if registration.status != Status.CONFIRMED and not told_by_serving:
            messages.signed_up(registration)
    if any(one.status == Status.REQUESTED for one in returning):
        coordination.request_to_decide(group_session.programme, [group_session])
    return returning


def _find_again(registration: Registration, group_session: GroupSession) -> None:
    had = registration.ended_from
    if had == Status.CONFIRMED:
        give_place(registration, group_session, decided=True)
    elif had == Status.REQUESTED and needs_a_yes(registration, group_session):
        registration.status = Status.REQUESTED.value
    else:
        registration.status = Status.WAITING.value
    registration.ended_by = registration.ended_at = registration.ended_from = None
