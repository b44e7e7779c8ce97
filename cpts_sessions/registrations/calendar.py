"""The calendar part of a message: what changed for one invited person, and what to store of it."""

from typing import Any

from cpts_sessions.core.calendar_state import CalendarStateMixin
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.ical.changes import CalendarState, Event, change
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, SessionAnimator
from cpts_sessions.registrations.models import Registration


def state_of(invited: CalendarStateMixin) -> CalendarState:
    """Return what the last calendar message to this person about this session said."""
    return CalendarState(
        sequence=invited.sequence,
        stamp=invited.stamp,
        partstat=invited.partstat,  # type: ignore[arg-type]  # the column holds nothing else
        live=invited.is_invited,
    )


def tell(invited: Registration | SessionAnimator, group_session: GroupSession, event: Event) -> dict[str, Any] | None:
    """Store the change of her calendar copy and return the values of its message part.

    Returns:
        None when there is nothing to withdraw: the mail then goes without a calendar part.
    """
    told = change(event, state_of(invited), now())
    if told is None:
        return None
    state, method = told
    invited.sequence, invited.stamp = state.sequence, state.stamp
    invited.partstat, invited.is_invited = state.partstat, state.live
    organisation = group_session.organisation
    meeting = wording.meeting(group_session)
    assert state.stamp is not None  # `change` always sets it
    is_seat = isinstance(invited, Registration)
    return {
        "method": method,
        "uid_of": str(invited.public_id),
        "domain": wording.uid_domain(organisation),
        "sequence": state.sequence,
        "stamp": state.stamp.isoformat(),
        "partstat": state.partstat,
        "title": meeting.title,
        "confidential": meeting.confidential,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "location": meeting.location,
        "hour": meeting.hour,
        "link": [Purpose.REGISTRATION.name, str(invited.public_id)] if is_seat else None,
    }
