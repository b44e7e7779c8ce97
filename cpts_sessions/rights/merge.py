"""Two records of one person become one: she counts once, keeps her strongest claim to each date, frees the other."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from cpts_sessions.accounts.models import Role
from cpts_sessions.accounts.queries import is_staff
from cpts_sessions.accounts.services import close_all_of
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.core import audit
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.mail.services import redirect_undelivered
from cpts_sessions.people import queries as people
from cpts_sessions.people.models import DistinctPair, Person, identity_of
from cpts_sessions.people.queries import by_identity
from cpts_sessions.polls.forgetting import join_person
from cpts_sessions.programmes.models import GroupSession, SeasonAnimator
from cpts_sessions.questionnaires.holders import join_links
from cpts_sessions.questionnaires.models import Word
from cpts_sessions.registrations import alerts
from cpts_sessions.registrations.models import Enrolment, PersonalFeed, Registration, Status
from cpts_sessions.registrations.queries import lock_group_sessions
from cpts_sessions.registrations.received import Letter
from cpts_sessions.registrations.waiting_list import serve
from cpts_sessions.rights import joining


@dataclass(frozen=True)
class Conflict:
    """Both records had a place in this session: the stronger state is kept."""

    group_session: GroupSession
    kept: Status
    frees_a_seat: bool


@dataclass(frozen=True)
class MergePreview:
    """What merging would do. `years`: those in which both records have something, hence may count twice."""

    keep: Person
    absorb: Person
    taken_over: int
    conflicts: tuple[Conflict, ...]
    years: tuple[int, ...]


def merge_preview(keep_id: int, absorb_id: int) -> MergePreview:
    """Return what merging these records would do, without doing it.

    Raises:
        RuleBroken: they cannot be merged.
    """
    keep, absorb = _both(keep_id, absorb_id)
    couples = joining.registrations_of(keep, absorb)
    conflicts = []
    for mine, hers in couples:
        if mine and hers:
            kept, dropped = joining.stronger(mine, hers)
            frees = joining.frees_a_seat(kept, dropped)
            conflicts.append(Conflict(kept.group_session, Status(kept.status), frees))
    return MergePreview(
        keep=keep,
        absorb=absorb,
        taken_over=sum(hers is not None for _, hers in couples),
        conflicts=tuple(sorted(conflicts, key=lambda one: one.group_session.starts_at)),
        years=tuple(sorted(_years(keep) & _years(absorb))),
    )


def merge(keep_id: int, absorb_id: int, *, actor_id: int | None) -> Person:
    """Make two records one, for ever: everything of the second hangs on the first, whose empty fields it fills.

    Of two places in one session the strongest state is kept, with the calendar copy it has; the other copy is
    withdrawn where an e-mail reaches it, and the seat that it held goes to the waiting list. Never overbooks.

    Raises:
        RuleBroken: they cannot be merged.
    """
    with transaction():
        keep, absorb = _both(keep_id, absorb_id)
        sessions = lock_group_sessions(_session_ids(keep, absorb))
        db.session.expire_all()
        _check_still_so(keep_id, absorb_id, [one.id for one in sessions])
        _check_identity(keep, absorb)
        if keep.email and absorb.email != keep.email:
            redirect_undelivered(absorb.id, keep.email, keep.full_name)
        freed = joining.join_registrations(keep, absorb)
        joining.join_attendances(keep, absorb)
        joining.join_enrolments(keep, absorb)
        joining.join_animated(keep, absorb)
        joining.join_evenings(keep, absorb)
        _close_sign_ins(keep, absorb)
        _close_feeds(keep, absorb)
        _join_roles(keep, absorb)
        _join_seasons(keep, absorb)
        _join_distinct_pairs(keep, absorb)
        join_links(keep.id, absorb.id)
        join_person(keep.id, absorb.id)
        alerts.join(keep.id, absorb.id)
        for model in (OutboxMessage, Attestation, Word, Letter):
            db.session.execute(update(model).where(model.person_id == absorb.id).values(person_id=keep.id))
        _fill_and_delete(keep, absorb)
        audit.record(keep.organisation_id, "fusion", actor_id=actor_id, person_id=keep.id, absorbed_id=absorb_id)
        for group_session in sessions:
            if group_session.id in freed:
                serve(group_session)
        return keep


def _both(keep_id: int, absorb_id: int) -> tuple[Person, Person]:
    keep, absorb = db.session.get(Person, keep_id), db.session.get(Person, absorb_id)
    if keep is None or absorb is None:
        raise RuleBroken("Une de ces fiches n’existe plus : elle vient d’être réunie ou effacée.")
    if keep.id == absorb.id or keep.organisation_id != absorb.organisation_id:
        raise RuleBroken("Choisissez deux fiches différentes.")
    if keep.erased_at or absorb.erased_at:
        raise RuleBroken("Une fiche effacée ne peut pas être réunie à une autre.")
    return keep, absorb


def _check_still_so(keep_id: int, absorb_id: int, session_ids: list[int]) -> None:
    """Lock both records, now that their sessions are locked, and check that nothing changed meanwhile.

    Raises:
        RuleBroken: one of them was merged, erased or signed up at this very moment.
    """
    both = [people.lock(id_) for id_ in sorted((keep_id, absorb_id))]
    known = [one for one in both if one is not None]
    if len(known) < len(both) or _session_ids(*known) != session_ids:
        raise RuleBroken("Une de ces fiches vient de changer. Rien n’est réuni : regardez à nouveau.")


def _check_identity(keep: Person, absorb: Person) -> None:
    """Refuse when the record that results would be a third one's.

    Raises:
        RuleBroken: a third record has the name and address of the result.
    """
    email, slug = keep.email or absorb.email, keep.profession_slug or absorb.profession_slug
    third = by_identity(keep.organisation_id, email, keep.first_name, keep.last_name, slug)
    if third is not None and third.id not in (keep.id, absorb.id):
        raise RuleBroken("Une troisième fiche porte déjà ce nom et cette adresse : réunissez-la d’abord à celle-ci.")


def _session_ids(keep: Person, absorb: Person) -> list[int]:
    statement = select(Registration.group_session_id).where(Registration.person_id.in_((keep.id, absorb.id)))
    return sorted(set(db.session.execute(statement).scalars()))


def _years(person: Person) -> set[int]:
    registrations = select(Registration).where(Registration.person_id == person.id)
    enrolments = select(Enrolment.season).where(Enrolment.person_id == person.id)
    animated = select(GroupSession).where(GroupSession.animators.any(person_id=person.id))
    return {
        *(one.group_session.season for one in db.session.execute(registrations).scalars()),
        *(one.season for one in db.session.execute(animated).scalars()),
        *db.session.execute(enrolments).scalars(),
    }


def _close_sign_ins(keep: Person, absorb: Person) -> None:
    """Sign out whoever would gain something: she asks for a new link, at the address that is kept.

    Somebody could otherwise sign up under the name of the coordination, sign in, and wait for the merge.
    """
    if is_staff(absorb):
        close_all_of(keep.id)
    close_all_of(absorb.id)


def _close_feeds(keep: Person, absorb: Person) -> None:
    """Cut the agendas of both: what one of them showed would now be more. She asks for another address."""
    db.session.execute(delete(PersonalFeed).where(PersonalFeed.person_id.in_((keep.id, absorb.id))))


def _join_roles(keep: Person, absorb: Person) -> None:
    statement = select(Role).where(Role.person_id.in_((keep.id, absorb.id))).order_by(Role.id)
    roles = list(db.session.execute(statement).scalars())
    known = {(one.organisation_id, one.name, one.programme_id): one for one in roles if one.person_id == keep.id}
    for role in roles:
        if role.person_id == absorb.id:
            same = known.get((role.organisation_id, role.name, role.programme_id))
            if same is not None:
                same.ends_at = max(same.ends_at, role.ends_at) if same.ends_at and role.ends_at else None
                db.session.delete(role)
            else:
                role.person_id = keep.id
    awaits = update(Role).where(Role.handed_over_by_id == absorb.id)
    db.session.execute(awaits.values(handed_over_by_id=keep.id))
    db.session.flush()


def _join_seasons(keep: Person, absorb: Person) -> None:
    statement = select(SeasonAnimator).where(SeasonAnimator.person_id.in_((keep.id, absorb.id)))
    seasons = list(db.session.execute(statement).scalars())
    known = {(one.programme_id, one.season) for one in seasons if one.person_id == keep.id}
    for season in seasons:
        if season.person_id == absorb.id:
            if (season.programme_id, season.season) in known:
                db.session.delete(season)
            else:
                season.person_id = keep.id
    db.session.flush()


def _join_distinct_pairs(keep: Person, absorb: Person) -> None:
    """Whoever is not the absorbed one is not the kept one either."""
    for column, other in (
        (DistinctPair.lower_id, DistinctPair.higher_id),
        (DistinctPair.higher_id, DistinctPair.lower_id),
    ):
        for other_id in list(db.session.execute(select(other).where(column == absorb.id)).scalars()):
            lower, higher = sorted((keep.id, other_id))
            if lower != higher and db.session.get(DistinctPair, (lower, higher)) is None:
                db.session.add(DistinctPair(organisation_id=keep.organisation_id, lower_id=lower, higher_id=higher))
        db.session.flush()
        db.session.execute(delete(DistinctPair).where(column == absorb.id))


def _fill_and_delete(keep: Person, absorb: Person) -> None:
    """Give the kept record what only the other knew, then remove the other."""
    if keep.email is None:
        keep.email, keep.bounced_at = absorb.email, absorb.bounced_at
    for name in ("civility", "profession_slug", "rpps", "phone"):
        setattr(keep, name, getattr(keep, name) or getattr(absorb, name))
    keep.is_member = keep.is_member or absorb.is_member
    keep.created_at = min(keep.created_at, absorb.created_at)
    keep.imported_at = _latest(keep.imported_at, absorb.imported_at)
    keep.active_at = _latest(keep.active_at, absorb.active_at)
    identity = identity_of(keep.email, keep.first_name, keep.last_name, keep.profession_slug)
    db.session.delete(absorb)
    db.session.flush()
    keep.identity = identity
    db.session.flush()


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
