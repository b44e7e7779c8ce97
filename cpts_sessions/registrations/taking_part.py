"""Who takes part in a programme or in a season: a seat, a presence without one, or a season followed."""

from sqlalchemy import ColumnElement, select, union

from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.models import SEATED, Enrolment, Registration, Status
from cpts_sessions.registrations.queries import season_bounds


def takes_part(organisation_id: int, programme_id: int | None, season: int | None) -> ColumnElement[bool]:
    """Return the condition that a person takes part; None: in any programme, in any season."""
    seats = (
        select(Registration.person_id)
        .join(Registration.group_session)
        .where(
            Registration.organisation_id == organisation_id, Registration.status.in_([*SEATED, Status.WALK_IN.value])
        )
    )
    followed = select(Enrolment.person_id).where(
        Enrolment.organisation_id == organisation_id, Enrolment.left_at.is_(None), Enrolment.is_pending.is_(False)
    )
    if programme_id is not None:
        seats = seats.where(GroupSession.programme_id == programme_id)
        followed = followed.where(Enrolment.programme_id == programme_id)
    if season is not None:
        first, end = season_bounds(season)
        seats = seats.where(GroupSession.starts_at >= first, GroupSession.starts_at < end)
        followed = followed.where(Enrolment.season == season)
    return Person.id.in_(union(seats, followed))
