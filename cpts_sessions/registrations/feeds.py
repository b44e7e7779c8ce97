"""Agendas one subscribes to: everybody's, that of a programme, and one person's own."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.ical import meeting, uids
from cpts_sessions.ical.feed import Listed, build_feed
from cpts_sessions.organisations.queries import Site
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator, SessionStatus
from cpts_sessions.registrations.models import EndedBy, PersonalFeed, Registration, Status

PAST_STAYS = timedelta(weeks=8)  # after the end of a session
CANCELLED_STAYS = timedelta(weeks=6)  # after the cancelling, as « ANNULÉ – »: an agenda forgets what it no longer finds

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # of a feed that never said anything
_WITH_PROGRAMME = contains_eager(GroupSession.programme)
_HELD = (SessionStatus.OPEN, SessionStatus.HELD)


@dataclass(frozen=True)
class Feed:
    """A feed as it is sent: the same bytes, hence the same mark, as long as nothing it says changed."""

    content: bytes
    changed_at: datetime

    @property
    def mark(self) -> str:
        """What the content is recognised by, a strong validator (RFC 9110, 8.8.3)."""
        return hashlib.sha256(self.content).hexdigest()[:32]


def public_feed(site: Site, programme: Programme | None = None) -> Feed:
    """Return the announced dates, of one programme or of all: what every visitor may read, no secret in any UID.

    A confidential programme is as neutral as in an invitation: the agenda that subscribes is read by others.
    """
    scope = [GroupSession.organisation_id == site.id]
    if programme is not None:
        scope.append(GroupSession.programme_id == programme.id)
    statement = select(GroupSession).join(GroupSession.programme).where(*scope)
    every = db.session.execute(
        statement.where(_is_shown()).order_by(GroupSession.starts_at, GroupSession.id).options(_WITH_PROGRAMME)
    ).scalars()
    dates = [_public(site, one) for one in every]
    return Feed(build_feed(_name(site, programme), dates), _last_change(scope))


def personal_feed(site: Site, feed: PersonalFeed, master_key: bytes) -> Feed:
    """Return the seats of one person and what she animates, under the UIDs of her invitations.

    The page each leads to asks to sign in: her registration links act, and an agenda is shared.
    """
    seats = _registrations(feed.person_id)
    every: list[Registration | SessionAnimator] = [*seats, *_animated(feed.person_id)]
    dates = sorted((_own(site, one, master_key) for one in every if _stands(one)), key=_order)
    moments = [feed.created_at, *(one.ended_at for one in seats if one.ended_at)]
    moments += [moment for one in every for moment in (_stamp(one), one.group_session.last_change_at)]
    return Feed(build_feed(f"Mes séances, {site.name}", dates), max(moments))


def _is_shown() -> ColumnElement[bool]:
    at = now()
    return or_(
        and_(GroupSession.status.in_(_HELD), GroupSession.ends_at > at - PAST_STAYS),
        and_(GroupSession.status == SessionStatus.CANCELLED, GroupSession.cancelled_at > at - CANCELLED_STAYS),
    )


def _name(site: Site, programme: Programme | None) -> str:
    if programme is None:
        return f"Séances de la {site.name}"
    return f"{wording.programme_values(programme)['dispositif_objet']}, {site.name}"


def _public(site: Site, one: GroupSession) -> Listed:
    return meeting.listed(
        wording.meeting(one),
        uid=uids.public_uid(one.public_id, wording.uid_domain(site)),
        sequence=one.revision - 1,
        stamp=one.last_change_at,
        own=False,
        link=f"{site.public_url}/seances/{one.public_id}",
        cancelled=one.status == SessionStatus.CANCELLED,
    )


def _last_change(scope: Iterable[ColumnElement[bool]]) -> datetime:
    """Return when the last session of this scope changed, those no longer shown included."""
    every = select(GroupSession).join(GroupSession.programme).where(*scope).options(_WITH_PROGRAMME)
    recent = GroupSession.starts_at > now() - 2 * PAST_STAYS
    dates = [one.last_change_at for one in db.session.execute(every.where(recent)).scalars()]
    return max(dates, default=_EPOCH)


def _registrations(person_id: int) -> list[Registration]:
    statement = select(Registration).where(Registration.person_id == person_id).join(Registration.group_session)
    eager = contains_eager(Registration.group_session).contains_eager(GroupSession.programme)
    return list(db.session.execute(statement.join(GroupSession.programme).where(_is_shown()).options(eager)).scalars())


def _animated(person_id: int) -> list[SessionAnimator]:
    statement = select(SessionAnimator).where(SessionAnimator.person_id == person_id)
    eager = contains_eager(SessionAnimator.group_session).contains_eager(GroupSession.programme)
    joined = statement.join(SessionAnimator.group_session).join(GroupSession.programme)
    return list(db.session.execute(joined.where(_is_shown()).options(eager)).scalars())


def _stands(one: Registration | SessionAnimator) -> bool:
    """Whether it is in her agenda: a seat, or one that went with its session."""
    if isinstance(one, SessionAnimator):
        return True
    if one.status == Status.CONFIRMED:
        return True
    was_hers = one.ended_by == EndedBy.SESSION and one.ended_from == Status.CONFIRMED
    return was_hers and one.group_session.status == SessionStatus.CANCELLED


def _stamp(one: Registration | SessionAnimator) -> datetime:
    if one.stamp:
        return one.stamp
    return one.created_at if isinstance(one, Registration) else one.group_session.created_at


def _order(one: Listed) -> tuple[datetime, str]:
    return one.starts_at, one.uid


def _own(site: Site, one: Registration | SessionAnimator, master_key: bytes) -> Listed:
    secret = uids.derive_secret(master_key, one.public_id)
    return meeting.listed(
        wording.meeting(one.group_session),
        uid=uids.uid(one.public_id, secret, wording.uid_domain(site)),
        sequence=one.sequence or 0,
        stamp=_stamp(one),
        own=True,
        link=f"{site.public_url}/ma-page" if isinstance(one, Registration) else None,
        cancelled=one.group_session.status == SessionStatus.CANCELLED,
    )
