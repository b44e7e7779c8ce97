"""Who animates the sessions of a programme in one year, whether the sessions or the persons come first."""

from sqlalchemy import select

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme, SeasonAnimator, SessionStatus
from cpts_sessions.registrations import animation
from cpts_sessions.registrations.queries import season_bounds


def note(programme: Programme, season: int, person: Person) -> bool:
    """Remember that she animates this season.

    Returns:
        Whether it was not known.
    """
    if any(one.id == person.id for one in of_season(programme.id, season)):
        return False
    db.session.add(
        SeasonAnimator(
            organisation_id=programme.organisation_id, person_id=person.id, programme_id=programme.id, season=season
        )
    )
    db.session.flush()
    return True


def of_season(programme_id: int, season: int) -> list[Person]:
    """Return those who animate a season, in the order they were noted."""
    statement = (
        select(Person)
        .join(SeasonAnimator, SeasonAnimator.person_id == Person.id)
        .where(SeasonAnimator.programme_id == programme_id, SeasonAnimator.season == season)
        .order_by(SeasonAnimator.id)
    )
    return list(db.session.execute(statement).scalars())


def sessions_without_animator(programme_id: int, season: int) -> list[GroupSession]:
    """Return the sessions of a season that nobody animates, cancelled ones left out, oldest first."""
    first, end = season_bounds(season)
    statement = (
        select(GroupSession)
        .where(
            GroupSession.programme_id == programme_id,
            GroupSession.starts_at >= first,
            GroupSession.starts_at < end,
            GroupSession.status != SessionStatus.CANCELLED,
            ~GroupSession.animators.any(),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    return list(db.session.execute(statement).scalars())


def give(group_session: GroupSession, person: Person, *, with_mail: bool) -> bool:
    """Make her animate a session; she is invited when it is announced and still to come.

    Returns:
        Whether she did not animate it already.
    """
    if any(animator.person_id == person.id for animator in group_session.animators):
        return False
    animator = animation.attach(group_session, person)
    if with_mail and group_session.status == SessionStatus.OPEN and group_session.starts_at > now():
        animation.write(animator, "animation_confiee", Event.SEAT_GIVEN)
    return True
