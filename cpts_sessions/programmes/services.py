"""Programmes are created, edited and archived; sessions are prepared and duplicated. No mail: see registrations."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes import queries, rules, starting_points
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.programmes.places import Place, default_place
from cpts_sessions.programmes.plans import NewSession, ProgrammePlan


def create_programme(organisation_id: int, plan: ProgrammePlan, *, actor_id: int | None = None) -> Programme:
    """Add a programme, after those that stand.

    Raises:
        RuleBroken: its short name is taken, or its sizes are impossible.
    """
    with transaction():
        slug = plan.slug or rules.slug_of(plan.session_title)
        _check(organisation_id, plan, slug, programme_id=None)
        values = {**asdict(plan), "slug": slug, "audience": str(plan.audience)}
        order = queries.last_order(organisation_id) + 10
        programme = Programme(organisation_id=organisation_id, sort_order=order, **values)
        db.session.add(programme)
        db.session.flush()
        audit.record(organisation_id, "dispositif_cree", actor_id=actor_id, dispositif=programme.id)
        return programme


def edit_programme(programme_id: int, plan: ProgrammePlan, *, actor_id: int | None = None) -> bool:
    """Write a programme anew; the sessions already planned keep their place, hours and sizes.

    Returns:
        Whether anything changed.

    Raises:
        RuleBroken: its short name is taken, or its sizes are impossible.
    """
    with transaction():
        programme = db.session.get_one(Programme, programme_id)
        slug = plan.slug or programme.slug
        _check(programme.organisation_id, plan, slug, programme_id=programme.id)
        values = {**asdict(plan), "slug": slug, "audience": str(plan.audience)}
        changed = [name for name, value in values.items() if getattr(programme, name) != value]
        for name in changed:
            setattr(programme, name, values[name])
        if changed:
            audit.record(
                programme.organisation_id,
                "dispositif_modifie",
                actor_id=actor_id,
                dispositif=programme.id,
                champs=", ".join(changed),
            )
        return bool(changed)


def _check(organisation_id: int, plan: ProgrammePlan, slug: str, *, programme_id: int | None) -> None:
    rules.check_sizes(plan.capacity, plan.minimum)
    if not 1 <= plan.duration_minutes <= rules.MOST_HOURS * 60:
        raise RuleBroken("Indiquez une durée d’au moins une minute, et de moins d’un jour.")
    if not slug or slug != rules.slug_of(slug):
        raise RuleBroken(
            typo(f"Nom court : écrivez-le en minuscules, sans accent ni espace (« {rules.slug_of(slug)} »).")
        )
    known = queries.programme_by_slug(organisation_id, slug)
    if known is not None and known.id != programme_id:
        raise RuleBroken(typo(f"Le nom court « {slug} » est déjà celui du dispositif {known.name}."))


def archive(programme_id: int, *, archived: bool, actor_id: int | None = None) -> None:
    """Put a programme away, or take it up again; its sessions and counts stay.

    Raises:
        RuleBroken: sessions to come are still announced.
    """
    with transaction():
        programme = db.session.get_one(Programme, programme_id)
        if archived and queries.has_open_sessions(programme.id, after=now()):
            raise RuleBroken("Des séances à venir sont encore dans l’agenda : annulez-les, ou attendez la dernière.")
        programme.is_archived = archived
        kind = "dispositif_archive" if archived else "dispositif_repris"
        audit.record(programme.organisation_id, kind, actor_id=actor_id, dispositif=programme.id)


def add_default_programmes(organisation: Organisation) -> None:
    """Give a new organisation GAPP and cercles de paroles; one that stands already is left as it is."""
    with transaction():
        for slug in starting_points.FIRST:
            if queries.programme_by_slug(organisation.id, slug) is None:
                create_programme(organisation.id, starting_points.starting_point(slug, organisation))


def create_sessions(
    programme_id: int,
    plans: Sequence[NewSession],
    *,
    status: SessionStatus = SessionStatus.DRAFT,
    actor_id: int | None = None,
) -> list[GroupSession]:
    """Prepare sessions, all or none, in the order given; nobody is told and nothing is in the agenda.

    `status` is HELD for sessions entered after the fact.

    Raises:
        RuleBroken: a date is past (or to come, when held), or a plan is impossible.
    """
    with transaction():
        programme = db.session.get_one(Programme, programme_id)
        organisation = db.session.get_one(Organisation, programme.organisation_id)
        sessions = [_prepare(programme, organisation, plan, status) for plan in plans]
        db.session.add_all(sessions)
        db.session.flush()
        for group_session in sessions:
            audit.record(organisation.id, "seance_creee", actor_id=actor_id, group_session_id=group_session.id)
        return sessions


def _prepare(programme: Programme, organisation: Organisation, plan: NewSession, status: SessionStatus) -> GroupSession:
    is_held = status == SessionStatus.HELD
    ends_at = plan.ends_at or plan.starts_at + timedelta(minutes=programme.duration_minutes)
    capacity = programme.capacity if plan.capacity is None else plan.capacity
    minimum = min(programme.minimum, capacity) if plan.minimum is None else plan.minimum
    rules.check_date(plan.starts_at, after_the_fact=is_held, at=now())
    rules.check_hours(plan.starts_at, ends_at)
    rules.check_sizes(capacity, minimum)
    place = default_place(programme, organisation) if plan.place is None else plan.place
    group_session = GroupSession(
        organisation_id=organisation.id,
        programme_id=programme.id,
        starts_at=plan.starts_at,
        ends_at=ends_at,
        status=status.value,
        capacity=capacity,
        minimum=minimum,
        place_name=place.name,
        place_address=place.address,
        place_access=place.access,
        town=place.town,
        video_url=place.video_url,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        is_discovery=plan.is_discovery,
        remark=plan.remark,
        closed_at=now() if is_held else None,
    )
    group_session.programme = programme
    return group_session


def duplicate(group_session_id: int, starts_at: datetime, *, actor_id: int | None = None) -> GroupSession:
    """Prepare the same session at another date: same length, place, places and remark; nobody is registered.

    Raises:
        RuleBroken: the date is past.
    """
    with transaction():
        model = db.session.get_one(GroupSession, group_session_id)
        plan = NewSession(
            starts_at=starts_at,
            ends_at=starts_at + model.duration,
            place=Place(
                name=model.place_name,
                address=model.place_address,
                access=model.place_access,
                town=model.town,
                video_url=model.video_url,
            ),
            capacity=model.capacity,
            minimum=model.minimum,
            is_discovery=model.is_discovery,
            remark=model.remark,
        )
        return create_sessions(model.programme_id, [plan], actor_id=actor_id)[0]


def delete_draft(group_session_id: int, *, actor_id: int | None = None) -> None:
    """Remove a session in preparation, that nobody saw.

    Raises:
        RuleBroken: it has been announced: it can only be cancelled.
    """
    with transaction():
        group_session = db.session.get_one(GroupSession, group_session_id)
        if group_session.status != SessionStatus.DRAFT:
            raise RuleBroken("Cette séance a été annoncée : elle ne se supprime plus, elle s’annule.")
        audit.record(group_session.organisation_id, "brouillon_supprime", actor_id=actor_id)
        db.session.delete(group_session)
