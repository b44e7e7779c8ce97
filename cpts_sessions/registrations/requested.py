"""What non-members ask for: dates, or a whole season, which may have no date yet; the answers to such a season."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now, today
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.registrations import enrolments, invitations, messages, queries, rules
from cpts_sessions.registrations.models import Enrolment, Registration, Status
from cpts_sessions.registrations.on_behalf import NO_MAIL
from cpts_sessions.registrations.services import Outcome

_DONE = "Rien n’a changé : c’était déjà fait."


@dataclass(frozen=True)
class Request:
    """What a non-member asks: one date, or every date of a season in one answer.

    `registration` is the first date, by which the request is answered; None when the season asked for has no date that
    waits: it is then answered by its `enrolment`.
    """

    person: Person
    programme: Programme
    profession_slug: str | None
    season: int | None  # the whole of it; None for one date
    registration: Registration | None = None
    enrolment: Enrolment | None = None
    dates: list[GroupSession] = field(default_factory=list)


def requests(organisation_id: int) -> list[Request]:
    """Return the requests of non-members that wait for a yes: those with dates, then seasons without; oldest first."""
    statement = (
        select(Registration)
        .join(GroupSession)
        .join(GroupSession.programme)
        .where(*_with_dates(organisation_id))
        .order_by(Registration.queued_at, GroupSession.starts_at, Registration.id)
        .options(
            joinedload(Registration.person),
            contains_eager(Registration.group_session).contains_eager(GroupSession.programme),
        )
    )
    found: dict[int, Request] = {}
    for one in db.session.execute(statement).scalars():
        key = -one.enrolment_id if one.enrolment_id else one.id
        programme, season = one.group_session.programme, one.group_session.season if one.enrolment_id else None
        made = Request(one.person, programme, one.profession_slug, season, registration=one)
        found.setdefault(key, made).dates.append(one.group_session)
    return [*found.values(), *_seasons_without_date(organisation_id)]


def count_requests(organisation_id: int) -> int:
    """Count the requests of non-members that wait for a yes; a season asked for at once is one request."""
    asked = func.coalesce(-Registration.enrolment_id, Registration.id)
    dated = select(func.count(asked.distinct())).join(GroupSession).where(*_with_dates(organisation_id))
    seasons = select(func.count(Enrolment.id)).where(*_without_date(organisation_id))
    return sum(db.session.execute(statement).scalar_one() for statement in (dated, seasons))


def season_request(organisation_id: int, public_id: UUID) -> Enrolment | None:
    """Return the season asked for under this id in an organisation, answered or not."""
    statement = select(Enrolment).where(Enrolment.organisation_id == organisation_id, Enrolment.public_id == public_id)
    return db.session.execute(statement.options(joinedload(Enrolment.programme))).scalar_one_or_none()


def accept_season(enrolment_id: int, *, actor_id: int) -> Outcome:
    """Say yes to a season asked for: its dates, if some have opened since, and all those to come.

    Raises:
        RuleBroken: the season is over.
    """
    with transaction():
        enrolment = _locked(enrolment_id)
        if not _waits(enrolment):
            return Outcome(typo(_DONE), is_change=False)
        rules.check_season(enrolment.season, at=now())
        dates = enrolments.grant(enrolment)
        messages.enrolled(enrolment, "adhesion_acceptee", dates)
        invitations.invite_to_each(dates, Event.SEAT_ASKED)
        _audit("saison_acceptee", enrolment, actor_id)
        return Outcome(_told("Demande acceptée", enrolment.person))


def refuse_season(enrolment_id: int, *, actor_id: int, reason: str = "") -> Outcome:
    """Say no to a season asked for; the reason, if any, is in her message."""
    with transaction():
        enrolment = _locked(enrolment_id)
        if not _waits(enrolment):
            return Outcome(typo(_DONE), is_change=False)
        enrolment.left_at = now()
        messages.season_refused(enrolment, reason.strip())
        _audit("saison_refusee", enrolment, actor_id)
        return Outcome(_told("Demande refusée", enrolment.person))


def _with_dates(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        GroupSession.organisation_id == organisation_id,
        GroupSession.status == SessionStatus.OPEN,
        GroupSession.starts_at > now(),
        Registration.status == Status.REQUESTED,
    )


def _without_date(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    """A season that waits for a yes, and none of whose dates shows it."""
    dated = select(Registration.enrolment_id).join(GroupSession).where(*_with_dates(organisation_id))
    return (
        Enrolment.organisation_id == organisation_id,
        Enrolment.is_pending.is_(True),
        Enrolment.left_at.is_(None),
        Enrolment.season >= today().year,
        Enrolment.id.not_in(dated.where(Registration.enrolment_id.is_not(None))),
    )


def _seasons_without_date(organisation_id: int) -> list[Request]:
    statement = (
        select(Enrolment)
        .where(*_without_date(organisation_id))
        .order_by(Enrolment.created_at, Enrolment.id)
        .options(joinedload(Enrolment.person), joinedload(Enrolment.programme))
    )
    return [
        Request(one.person, one.programme, one.profession_slug, one.season, enrolment=one)
        for one in db.session.execute(statement).scalars()
    ]


def _locked(enrolment_id: int) -> Enrolment:
    """Return an enrolment as it is now; neither its answer nor its dates change until the end of the transaction."""
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    queries.lock_programme(enrolment.programme_id)
    db.session.refresh(enrolment)
    return enrolment


def _waits(enrolment: Enrolment) -> bool:
    return enrolment.is_pending and enrolment.left_at is None


def _told(what: str, person: Person) -> str:
    return typo(f"{what}, la personne est prévenue." if person.email else f"{what}. {NO_MAIL}")


def _audit(kind: str, enrolment: Enrolment, actor_id: int) -> None:
    audit.record(enrolment.organisation_id, kind, actor_id=actor_id, person_id=enrolment.person_id)
