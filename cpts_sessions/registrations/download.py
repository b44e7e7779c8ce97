"""The file that puts one's own seat into any agenda."""

from functools import cache
from typing import Any

from sqlalchemy import Engine, Row, Select, bindparam, select

from cpts_sessions.core import french, links
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.links import Purpose
from cpts_sessions.ical import meeting, single, uids
from cpts_sessions.ical.changes import CalendarState
from cpts_sessions.organisations.queries import Site
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator, SessionStatus
from cpts_sessions.registrations.models import Registration, Status
from cpts_sessions.registrations.personal import LinkOver
from cpts_sessions.registrations.rules import LINK_OUTLIVES_SESSION

FILE_NAME = "seance.ics"  # the same for every programme: it tells nothing


def calendar_file(engine: Engine, master_key: bytes, site: Site, token: str) -> bytes | None:
    """Return the date as a file, with the UID of its invitation; None when the link holds no seat.

    One select, then text: needs no application context, so that it can be answered before one is made.

    Raises:
        LinkOver: more than 24 hours have passed since the session.
    """
    asked = {"link": links.digest(token), "organisation": site.id}
    with engine.connect() as connection:
        row = connection.execute(_seat(), asked).one_or_none()
    if row is None:
        return None
    if now() >= row.ends_at + LINK_OUTLIVES_SESSION:
        raise LinkOver
    secret = uids.derive_secret(master_key, row.public_id)
    entry = meeting.download(
        _meeting(row),
        CalendarState(sequence=row.sequence or 0, stamp=row.stamp or now()),
        uid=uids.uid(row.public_id, secret, wording.uid_domain(site)),
        link=f"{site.public_url}/{Purpose.REGISTRATION.value}/{token}",
    )
    return single.build_file(entry)


def animators_file(animator: SessionAnimator, master_key: bytes) -> bytes | None:
    """Return a session as a file for whoever animates it, with the UID of her invitation; None when it is cancelled."""
    group_session = animator.group_session
    if group_session.status == SessionStatus.CANCELLED:
        return None
    secret = uids.derive_secret(master_key, animator.public_id)
    entry = meeting.download(
        wording.meeting(group_session),
        CalendarState(sequence=animator.sequence or 0, stamp=animator.stamp or now()),
        uid=uids.uid(animator.public_id, secret, wording.uid_domain(group_session.organisation)),
        link=None,
    )
    return single.build_file(entry)


@cache
def _seat() -> Select[*tuple[Any, ...]]:
    one, there, what = (model.__table__.c for model in (Registration, GroupSession, Programme))
    state = (one.public_id, one.sequence, one.stamp)
    date = (there.starts_at, there.ends_at, there.place_name, there.place_address, there.town, there.video_url)
    return select(*state, *date, what.session_title, what.is_confidential).where(
        there.id == one.group_session_id,
        what.id == there.programme_id,
        one.link_hash == bindparam("link"),
        one.organisation_id == bindparam("organisation"),
        one.status == Status.CONFIRMED.value,
        there.status != SessionStatus.CANCELLED.value,
    )


def _meeting(row: Row[*tuple[Any, ...]]) -> meeting.Meeting:
    place = wording.place_line(row.place_name, row.place_address, row.town, row.video_url)
    return meeting.Meeting(
        title=row.session_title,
        confidential=row.is_confidential,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        location=place or None,
        hour=french.hour(local(row.starts_at)),
    )
