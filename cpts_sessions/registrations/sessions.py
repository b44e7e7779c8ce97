"""A session opens, moves, changes place, is cancelled or reinstated: its holders and animators are told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cpts_sessions.core import audit, french
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.mail.services import drop_about_session
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, SessionAnimator, SessionStatus
from cpts_sessions.programmes.places import Place
from cpts_sessions.programmes.rules import check_hours, check_sizes
from cpts_sessions.registrations import alerts, animation, messages, queries, rules
from cpts_sessions.registrations.enrolments import add_sessions
from cpts_sessions.registrations.models import EndedBy, Registration, Status
from cpts_sessions.registrations.returning import bring_back
from cpts_sessions.registrations.waiting_list import end, forget_offer, serve


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the coordination may change of a session that stands."""

    starts_at: datetime
    ends_at: datetime
    place: Place
    capacity: int
    minimum: int
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_discovery: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Told:
    """How many people a change was written to, and how many have no e-mail."""

    by_mail: int
    without_mail: int
    offered: int = 0


def open_sessions(
    ids: list[int], *, actor_id: int | None = None, with_mail: bool = True, told: Collection[int] = ()
) -> Told:
    """Announce sessions in preparation: who follows the season has its dates, who asked is told.

    Returns:
        How many people who follow a season it registered.

    Raises:
        RuleBroken: one of them has already begun.
    """
    with transaction():
        sessions = queries.lock_group_sessions(ids)
        drafts = [one for one in sessions if one.status == SessionStatus.DRAFT]
        if any(one.starts_at <= now() for one in drafts):
            raise RuleBroken(
                "Cette date est passée. Pour une séance qui a déjà eu lieu, cochez « saisie après coup » : "
                "personne ne sera prévenu."
            )
        for group_session in drafts:
            group_session.status = SessionStatus.OPEN.value
            if with_mail:
                animation.invite_all(group_session)
            audit.record(
                group_session.organisation_id,
                "seance_ouverte",
                actor_id=actor_id,
                group_session_id=group_session.id,
            )
        db.session.flush()
        followers = add_sessions(drafts, with_mail=with_mail)
        if with_mail:
            alerts.announce(drafts, told)  # not to `told`: they learn it otherwise
        return count_reachable(followers)


def whom_it_concerns(group_session: GroupSession) -> tuple[list[Registration], list[SessionAnimator]]:
    """Return those a change of this session is told to: live registrations, and animators."""
    if group_session.status == SessionStatus.DRAFT:
        return [], []
    return queries.live(group_session.id), list(group_session.animators)


def change(group_session_id: int, plan: Plan, *, actor_id: int, revision: int, word: str = "") -> Told:
    """Apply a new plan; a moved day or hour asks every holder again, a changed place only updates.

    Raising the capacity serves the waiting list. `word` is the coordination's own sentence in the
    messages. `revision` is the one the coordinator's page showed.

    Raises:
        RuleBroken: the session was changed meanwhile, is cancelled or over; the plan is impossible.
    """
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        _check_change(group_session, plan, revision)
        before = _as_it_was(group_session)
        moved = (group_session.starts_at, group_session.ends_at) != (plan.starts_at, plan.ends_at)
        elsewhere = place_of(group_session) != plan.place
        _apply(group_session, plan)
        told = Told(0, 0)
        if group_session.status != SessionStatus.OPEN:  # in preparation or held: nobody is told
            return told
        if moved or elsewhere:
            drop_about_session(group_session.id, (*messages.REMINDERS, messages.UNDER_MINIMUM))
        if moved:
            group_session.moved_at = now()
            told = _tell_moved(group_session, before, word)
            audit.record(
                group_session.organisation_id,
                "seance_deplacee",
                actor_id=actor_id,
                group_session_id=group_session.id,
                ancien_quand=before["ancien_quand"],
                quand=wording.session_values(group_session)["quand"],
            )
        elif elsewhere:
            told = _tell_place(group_session, before, word)
        return Told(told.by_mail, told.without_mail, serve(group_session))


def _check_change(group_session: GroupSession, plan: Plan, revision: int) -> None:
    if group_session.revision != revision:
        raise RuleBroken(
            "Cette séance a été modifiée pendant que vous l’aviez ouverte. "
            "Votre version est gardée ci-dessous : comparez, puis enregistrez."
        )
    check_hours(plan.starts_at, plan.ends_at)
    check_sizes(plan.capacity, min(plan.minimum, plan.capacity))  # fewer places than the minimum: hers to settle
    if group_session.status == SessionStatus.DRAFT:
        return
    rules.check_capacity(plan.capacity, queries.seats_taken(group_session.id))
    if group_session.status == SessionStatus.HELD:
        return
    rules.check_not_begun(group_session, at=now())
    if plan.starts_at <= now():
        raise RuleBroken("Cette date est passée : personne ne pourrait y venir.")


def place_of(group_session: GroupSession) -> Place:
    """Return where a session takes place as it is stored."""
    return Place(
        name=group_session.place_name,
        address=group_session.place_address,
        access=group_session.place_access,
        town=group_session.town,
        video_url=group_session.video_url,
    )


def _as_it_was(group_session: GroupSession) -> dict[str, str]:
    values = wording.session_values(group_session)
    return {"ancien_quand": values["quand"], "ancien_lieu": values["lieu"]}


def _apply(group_session: GroupSession, plan: Plan) -> None:
    group_session.starts_at, group_session.ends_at = plan.starts_at, plan.ends_at
    group_session.place_name, group_session.place_address = plan.place.name, plan.place.address
    group_session.place_access, group_session.town = plan.place.access, plan.place.town
    group_session.video_url = plan.place.video_url
    group_session.capacity, group_session.minimum = plan.capacity, plan.minimum
    group_session.opens_at, group_session.closes_at = plan.opens_at, plan.closes_at
    group_session.is_discovery, group_session.remark = plan.is_discovery, plan.remark
    group_session.revision += 1
    db.session.flush()


def _tell_moved(group_session: GroupSession, before: dict[str, str], word: str) -> Told:
    values = {**before, "mot_de_la_coordination": word.strip()}
    registrations, _ = whom_it_concerns(group_session)
    for registration in registrations:
        if registration.status == Status.CONFIRMED:
            messages.write(registration, "seance_deplacee", values, event=Event.MOVED)
        elif registration.status == Status.REQUESTED:
            messages.signed_up(registration)
        elif registration.status == Status.WAITING:
            forget_offer(registration)  # a seat said to be free was one of the old date
    waited = {one.id for one in registrations if one.status == Status.WAITING}
    for registration in registrations:
        if registration.status == Status.OFFERED:
            _offer_again(registration, group_session)
    db.session.flush()
    for rank, registration in enumerate(queries.waiting(group_session.id), start=1):
        if registration.id in waited:
            told = {**values, "rang": french.ordinal_f(rank)}
            messages.write(registration, "seance_deplacee_attente", told)
    animation.tell_all(group_session, "animation_deplacee", Event.MOVED, **values)
    return _counted(registrations, group_session)


def _offer_again(registration: Registration, group_session: GroupSession) -> None:
    """An offer made for the old date is made anew for the new one, with a deadline that fits it."""
    leaves_at = rules.mail_leaves_at(now())
    deadline = rules.offer_deadline(leaves_at, group_session.starts_at)
    forget_offer(registration)
    if deadline is None:
        registration.status = Status.WAITING.value
        return
    registration.offer_expires_at = deadline
    messages.offered(registration, leaves_at)


def _tell_place(group_session: GroupSession, before: dict[str, str], word: str) -> Told:
    registrations, _ = whom_it_concerns(group_session)
    told = [one for one in registrations if one.status == Status.CONFIRMED]
    values = {**before, "mot_de_la_coordination": word.strip()}
    for registration in told:
        messages.write(registration, "lieu_change", values, event=Event.PLACE_CHANGED)
    animation.tell_all(group_session, "animation_deplacee", Event.PLACE_CHANGED, **values)
    return _counted(told, group_session)


def _counted(registrations: list[Registration], group_session: GroupSession) -> Told:
    persons: list[Person] = [one.person for one in registrations]
    persons += [one.person for one in group_session.animators]
    return count_reachable(persons)


def count_reachable(persons: list[Person]) -> Told:
    """Count those a mail reaches, and those to call."""
    by_mail = sum(1 for person in persons if person.email)
    return Told(by_mail, len(persons) - by_mail)


def cancel(group_session_id: int, reason: str, *, actor_id: int | None) -> Told:
    """Cancel a session with a reason that everybody reads; it stays in the report among the cancelled.

    Raises:
        RuleBroken: no reason is given; it is in preparation, already cancelled or over.
    """
    if not reason.strip():
        raise RuleBroken("Indiquez le motif : chacun le lira.")
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        rules.check_not_begun(group_session, at=now())
        registrations, _ = whom_it_concerns(group_session)
        group_session.status = SessionStatus.CANCELLED.value
        group_session.cancel_reason = reason.strip()
        group_session.cancelled_at = now()
        group_session.revision += 1
        drop_about_session(group_session.id, (messages.UNDER_MINIMUM,))
        for registration in registrations:
            had_seat = registration.status == Status.CONFIRMED
            end(registration, Status.CANCELLED, EndedBy.SESSION)
            kind = "seance_annulee" if had_seat else "seance_annulee_attente"
            messages.write(
                registration,
                kind,
                {"autres_dates": messages.other_dates(registration)},
                event=Event.SESSION_CANCELLED if had_seat else None,
            )
        animation.tell_all(group_session, "animation_annulee", Event.SESSION_CANCELLED)
        audit.record(
            group_session.organisation_id, "seance_annulee", actor_id=actor_id, group_session_id=group_session.id
        )
        return _counted(registrations, group_session)


def reinstate(group_session_id: int, *, actor_id: int, word: str = "") -> Told:
    """Hold a cancelled session after all: those its cancelling sent away come back, in their order.

    Raises:
        RuleBroken: it is not cancelled, or its date has passed.
    """
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        if group_session.status != SessionStatus.CANCELLED:
            raise RuleBroken(typo("Rien n’a changé : cette séance n’est pas annulée."))
        if group_session.starts_at <= now():
            raise RuleBroken("Cette date est passée : déplacez plutôt la séance en en créant une nouvelle.")
        group_session.status = SessionStatus.OPEN.value
        group_session.cancel_reason, group_session.cancelled_at = "", None
        group_session.revision += 1
        db.session.flush()
        returning = bring_back(group_session, word)
        add_sessions([group_session])  # who follows the season since then
        animation.tell_all(group_session, "animation_retablie", Event.REINSTATED)
        audit.record(
            group_session.organisation_id, "seance_retablie", actor_id=actor_id, group_session_id=group_session.id
        )
        return _counted(returning, group_session)
