"""The sessions of one list: between two instants, of a programme, a place, an animator, or holding words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from cpts_sessions.core.clock import local, now
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession, SessionAnimator
from cpts_sessions.programmes.rules import slug_of
from cpts_sessions.programmes.wording import AT_A_DISTANCE
from cpts_sessions.registrations import desk
from cpts_sessions.registrations.search import session_ids

#: How a place is called in a list: its name, else its address, else its town.
_PLACE: Final = func.coalesce(
    func.nullif(GroupSession.place_name, ""),
    func.nullif(GroupSession.place_address, ""),
    func.nullif(GroupSession.town, ""),
    case((GroupSession.video_url != "", AT_A_DISTANCE), else_=""),
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which sessions; None leaves nothing out."""

    first: datetime | None = None
    end: datetime | None = None
    programme_id: int | None = None
    animator_id: int | None = None
    places: tuple[str, ...] | None = None
    ids: tuple[int, ...] | None = None  # those that hold the words looked for


def holding(organisation_id: int, text: str) -> tuple[int, ...] | None:
    """Return the ids of the sessions that answer what was typed; None when nothing was."""
    return tuple(session_ids(organisation_id, text)) if text else None


def listed(organisation_id: int, wanted: Wanted) -> list[desk.Line]:
    """Return the sessions of a list in the order of their dates, with their counts."""
    statement = desk.sessions_of(organisation_id).where(*_conditions(organisation_id, wanted))
    return desk.lines(statement.order_by(GroupSession.starts_at, GroupSession.id))


def to_come(organisation_id: int, wanted: Wanted) -> list[desk.Line]:
    """Return those that are not over, whatever their year."""
    statement = desk.sessions_of(organisation_id).where(GroupSession.ends_at > now())
    return desk.lines(
        statement.where(*_conditions(organisation_id, wanted)).order_by(GroupSession.starts_at, GroupSession.id)
    )


def count_by_month(organisation_id: int, wanted: Wanted) -> dict[int, int]:
    """Return how many sessions, cancelled ones included, each month (1 to 12) holds between the two instants."""
    statement = select(GroupSession.starts_at).where(
        GroupSession.organisation_id == organisation_id, *_conditions(organisation_id, wanted)
    )
    found: dict[int, int] = {}
    for starts_at in db.session.execute(statement).scalars():
        month = local(starts_at).month
        found[month] = found.get(month, 0) + 1
    return found


def places(organisation_id: int) -> dict[str, tuple[str, ...]]:
    """Return where sessions are held, by the word of each place in an address, with every way it is written."""
    statement = select(_PLACE).distinct().where(GroupSession.organisation_id == organisation_id)
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(filter(None, db.session.execute(statement).scalars())):
        key = slug_of(name)
        found[key] = (*found.get(key, ()), name)
    return {key: found[key] for key in sorted(found) if key}


def _conditions(organisation_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if wanted.first is not None:
        chosen.append(GroupSession.starts_at >= wanted.first)
    if wanted.end is not None:
        chosen.append(GroupSession.starts_at < wanted.end)
    if wanted.programme_id is not None:
        chosen.append(GroupSession.programme_id == wanted.programme_id)
    if wanted.places is not None:
        chosen.append(_PLACE.in_(wanted.places))
    if wanted.ids is not None:
        chosen.append(GroupSession.id.in_(wanted.ids))
    if wanted.animator_id is not None:
        hers = aliased(SessionAnimator)
        animated = select(hers.group_session_id).where(
            hers.organisation_id == organisation_id, hers.person_id == wanted.animator_id
        )
        chosen.append(GroupSession.id.in_(animated))
    return chosen
