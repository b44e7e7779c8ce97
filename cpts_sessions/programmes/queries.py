"""Finding programmes and sessions within one organisation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from cpts_sessions.core.clock import local
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator, SessionStatus

_ANNOUNCED = (  # asked at every sign-up: built once
    select(GroupSession)
    .where(
        GroupSession.organisation_id == bindparam("organisation"),
        GroupSession.public_id == bindparam("public_id"),
        GroupSession.status != SessionStatus.DRAFT,
    )
    .options(joinedload(GroupSession.programme, innerjoin=True))
)


def announced_session(organisation_id: int, public_id: UUID) -> GroupSession | None:
    """Return a session that visitors may see, with its programme and who animates it; None while in preparation."""
    asked = {"organisation": organisation_id, "public_id": public_id}
    return db.session.execute(_ANNOUNCED, asked).scalar_one_or_none()


def programme_by_public_id(organisation_id: int, public_id: UUID) -> Programme | None:
    """Return one programme of this organisation."""
    statement = select(Programme).where(Programme.organisation_id == organisation_id, Programme.public_id == public_id)
    return db.session.execute(statement).scalar_one_or_none()


def session_by_public_id(organisation_id: int, public_id: UUID) -> GroupSession | None:
    """Return a session of this organisation, in preparation too, with its programme and who animates it."""
    statement = (
        select(GroupSession)
        .where(GroupSession.organisation_id == organisation_id, GroupSession.public_id == public_id)
        .options(
            joinedload(GroupSession.programme), selectinload(GroupSession.animators).joinedload(SessionAnimator.person)
        )
    )
    return db.session.execute(statement).scalar_one_or_none()


def programmes_of(organisation_id: int, *, with_archived: bool = False) -> list[Programme]:
    """Return the programmes of an organisation in their order, those put away last."""
    statement = (
        select(Programme)
        .where(Programme.organisation_id == organisation_id)
        .order_by(Programme.is_archived, Programme.sort_order, Programme.id)
    )
    if not with_archived:
        statement = statement.where(Programme.is_archived.is_(False))
    return list(db.session.execute(statement).scalars())


def programme_by_slug(organisation_id: int, slug: str) -> Programme | None:
    """Return the programme of this short name, put away or not."""
    statement = select(Programme).where(Programme.organisation_id == organisation_id, Programme.slug == slug)
    return db.session.execute(statement).scalar_one_or_none()


def last_order(organisation_id: int) -> int:
    """Return the rank of the last programme, 0 when there is none."""
    statement = select(func.max(Programme.sort_order)).where(Programme.organisation_id == organisation_id)
    return db.session.execute(statement).scalar() or 0


def has_open_sessions(programme_id: int, *, after: datetime) -> bool:
    """Whether sessions of this programme are announced after an instant."""
    statement = select(GroupSession.id).where(
        GroupSession.programme_id == programme_id,
        GroupSession.status == SessionStatus.OPEN,
        GroupSession.starts_at > after,
    )
    return db.session.execute(statement.limit(1)).first() is not None


def count_sessions(organisation_id: int) -> dict[int, int]:
    """Return how many sessions each programme has, by its id; those without any are left out."""
    statement = (
        select(GroupSession.programme_id, func.count())
        .where(GroupSession.organisation_id == organisation_id)
        .group_by(GroupSession.programme_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def sessions_between(organisation_id: int, first: datetime, end: datetime) -> list[GroupSession]:
    """Return the sessions, cancelled ones left out, that start from an instant until before another one."""
    statement = (
        select(GroupSession)
        .where(
            GroupSession.organisation_id == organisation_id,
            GroupSession.starts_at >= first,
            GroupSession.starts_at < end,
            GroupSession.status != SessionStatus.CANCELLED,
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
        .options(joinedload(GroupSession.programme))
    )
    return list(db.session.execute(statement).scalars())


def season_years(organisation_id: int) -> list[int]:
    """Return the calendar years that hold a session, the latest first."""
    statement = select(func.min(GroupSession.starts_at), func.max(GroupSession.starts_at)).where(
        GroupSession.organisation_id == organisation_id
    )
    bounds = db.session.execute(statement).one()
    if bounds[0] is None:
        return []
    return list(range(local(bounds[1]).year, local(bounds[0]).year - 1, -1))


def clashes(group_session: GroupSession) -> list[tuple[Person, GroupSession]]:
    """Return who animates this session and another one at the same time, cancelled ones left out, with the other."""
    statement = (
        select(SessionAnimator, GroupSession)
        .join(SessionAnimator.group_session)
        .where(
            SessionAnimator.person_id.in_([animator.person_id for animator in group_session.animators]),
            GroupSession.id != group_session.id,
            GroupSession.status != SessionStatus.CANCELLED,
            GroupSession.starts_at < group_session.ends_at,
            GroupSession.ends_at > group_session.starts_at,
        )
        .order_by(GroupSession.starts_at, SessionAnimator.id)
        .options(joinedload(SessionAnimator.person), joinedload(GroupSession.programme))
    )
    return [(row[0].person, row[1]) for row in db.session.execute(statement)]
