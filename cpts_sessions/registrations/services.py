"""What a person does about one seat: ask, leave, take back, accept, refuse, and "Ce n'est pas moi"."""

from dataclasses import dataclass, field

from sqlalchemy import delete, func, or_, select

from cpts_sessions.accounts import limits
from cpts_sessions.accounts.models import Role
from cpts_sessions.core import audit, links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import ordinal_f, typo
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told, find_or_add
from cpts_sessions.programmes.models import Audience, GroupSession, SessionAnimator
from cpts_sessions.registrations import coordination, messages, queries, rules
from cpts_sessions.registrations.models import EndedBy, Enrolment, Registration, Status
from cpts_sessions.registrations.waiting_list import end, seat_was_taken, serve


def sign_up(group_session_id: int, told: Told) -> None:
    """Give the person a seat, or a place on the waiting list, and tell her by mail.

    Asking twice changes nothing. Says nothing to the caller: what the page shows must not
    depend on who is already in (see product.md, "What nobody must learn").

    Raises:
        RuleBroken: the session is cancelled, over, or takes no sign-ups now.
    """
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        rules.check_open(group_session, at=now())
        person, is_new = find_or_add(group_session.organisation_id, told)
        registration = None if is_new else queries.find(group_session.id, person.id)
        if registration and registration.is_live and not _can_take(registration, group_session):
            if limits.allow("repeated", group_session.organisation_id, person.email or ""):
                messages.already_in(registration)
            return
        registration = revive_or_add(registration, group_session, person, told, made_person=is_new)
        give_place(registration, group_session)
        messages.signed_up(registration)
        if registration.status == Status.REQUESTED:
            coordination.request_to_decide(group_session.programme, [group_session])


def _can_take(registration: Registration, group_session: GroupSession) -> bool:
    """Whether somebody who waits may take a seat left free near the start."""
    is_free = queries.seats_taken(group_session.id) < group_session.capacity
    return registration.status == Status.WAITING and is_free


def revive_or_add(
    registration: Registration | None,
    group_session: GroupSession,
    person: Person,
    told: Told,
    *,
    made_person: bool = False,
) -> Registration:
    """Return a registration with a fresh snapshot: the one she had, revived at the end of the list, or a new one."""
    snapshot = {
        "first_name": told.first_name,
        "last_name": told.last_name,
        "civility": told.civility or person.civility,
        "profession_slug": told.profession_slug or person.profession_slug,
        "phone": told.phone,
    }
    if registration:
        was_waiting = registration.status == Status.WAITING
        for name, value in snapshot.items():
            setattr(registration, name, value)
        registration.ended_by = registration.ended_at = registration.enrolment_id = None
        registration.queued_at = registration.queued_at if was_waiting else now()
        return registration
    registration = Registration(
        organisation_id=group_session.organisation_id,
        group_session_id=group_session.id,
        person_id=person.id,
        status=Status.CANCELLED.value,  # `give_place` decides, before anything is flushed
        link_hash=b"",
        made_person=made_person,
        queued_at=now(),
        **snapshot,
    )
    registration.link_hash = links.digest_for(Purpose.REGISTRATION, registration.public_id)
    registration.group_session = group_session
    registration.person = person
    return registration


def give_place(registration: Registration, group_session: GroupSession, *, decided: bool = False) -> None:
    """Set the state of a new request: a seat while one is free, else the list; the coordination's yes first.

    `decided` is the coordination's own act or its yes. The session's row is locked by the caller.
    """
    programme = group_session.programme
    if programme.audience == Audience.MEMBERS and not registration.person.is_member and not decided:
        registration.status = Status.REQUESTED.value
        db.session.add(registration)
        return
    taken = queries.seats_taken(group_session.id) if registration.id is None else _taken_by_others(registration)
    registration.status = rules.status_for_new(taken, group_session.capacity).value
    db.session.add(registration)
    if registration.status == Status.CONFIRMED and taken + 1 >= group_session.capacity:
        seat_was_taken(group_session)


def _taken_by_others(registration: Registration) -> int:
    mine = 1 if registration.status in (Status.CONFIRMED, Status.OFFERED) else 0
    return queries.seats_taken(registration.group_session_id) - mine


@dataclass
class Outcome:
    """What an act on a personal link did: the sentence to show its owner."""

    sentence: str
    is_change: bool = field(default=True)


NOTHING = Outcome(typo("Rien n’a changé : c’était déjà fait."), is_change=False)


def _locked(registration_id: int) -> tuple[Registration, GroupSession]:
    """Lock the session of a registration, then read the registration afresh."""
    registration = db.session.get_one(Registration, registration_id)
    group_session = queries.lock_group_session(registration.group_session_id)
    db.session.refresh(registration)
    return registration, group_session


def leave(registration_id: int, by: EndedBy = EndedBy.PERSON) -> Outcome:
    """Give back a seat, leave the list, refuse an offer or withdraw a request, at the person's wish.

    A date of an enrolment becomes `declined`: the others stay. The list is served at once.

    Raises:
        RuleBroken: the session has begun or is cancelled.
    """
    with transaction():
        registration, group_session = _locked(registration_id)
        rules.check_not_begun(group_session, at=now())
        was = Status(registration.status)
        if was not in (Status.CONFIRMED, Status.OFFERED, Status.WAITING, Status.REQUESTED):
            return NOTHING
        declines = was == Status.OFFERED or registration.enrolment_id is not None
        end(registration, Status.DECLINED if declines else Status.CANCELLED, by)
        kind, event, sentence = _LEAVING[was]
        messages.write(registration, kind, event=event)
        serve(group_session)
        return Outcome(typo(sentence))


_LEAVING: dict[Status, tuple[str, Event | None, str]] = {
    Status.CONFIRMED: ("desinscription", Event.WITHDRAWN, "Votre place est libérée. Merci d’avoir prévenu."),
    Status.OFFERED: ("offre_refusee", None, "Vous avez laissé la place. Merci d’avoir répondu."),
    Status.WAITING: ("liste_quittee", None, "Vous n’êtes plus sur la liste d’attente."),
    Status.REQUESTED: ("liste_quittee", None, "Votre demande est retirée."),
}


def take_back(registration_id: int) -> Outcome:
    """Ask again after having left: a seat while one is free, else the end of the list.

    Raises:
        RuleBroken: the session takes no sign-ups now.
    """
    with transaction():
        registration, group_session = _locked(registration_id)
        rules.check_open(group_session, at=now())
        if registration.is_live:
            return NOTHING
        enrolment_id = registration.enrolment_id
        revive_or_add(registration, group_session, registration.person, _as_told(registration))
        registration.enrolment_id = enrolment_id
        give_place(registration, group_session)
        messages.signed_up(registration)
        if registration.status == Status.CONFIRMED:
            return Outcome(typo("Votre place est réservée."))
        if registration.status == Status.REQUESTED:
            coordination.request_to_decide(group_session.programme, [group_session])
            return Outcome(typo("Votre demande est entre les mains de la coordination, qui vous répondra."))
        return Outcome(typo("La séance s’est remplie : vous revenez à la fin de la liste d’attente."))


def _as_told(registration: Registration) -> Told:
    return Told(
        first_name=registration.first_name,
        last_name=registration.last_name,
        email=registration.person.email,
        profession_slug=registration.profession_slug,
        civility=registration.civility,
        phone=registration.phone,
    )


def take_seat(registration_id: int) -> Outcome:
    """Accept an offer, or take a seat left free near the start.

    Raises:
        RuleBroken: the session has begun; the offer has expired; the free seat went to somebody else.
    """
    with transaction():
        registration, group_session = _locked(registration_id)
        rules.check_not_begun(group_session, at=now())
        if registration.status == Status.CONFIRMED:
            return NOTHING
        if registration.status == Status.OFFERED:
            _check_offer_stands(registration)
        elif registration.status != Status.WAITING:
            raise RuleBroken(typo("Cette place n’est plus gardée pour vous."))
        elif not _can_take(registration, group_session):
            rank = ordinal_f(queries.rank(registration))
            raise RuleBroken(
                typo(f"Cette place vient d’être prise. Votre place sur la liste d’attente ne change pas : {rank}.")
            )
        confirm(registration, group_session)
        messages.write(registration, "inscription_confirmee", event=Event.SEAT_ASKED)
        return Outcome(typo("La place est à vous. L’invitation d’agenda part dans un instant."))


def _check_offer_stands(registration: Registration) -> None:
    expires_at = registration.offer_expires_at
    if expires_at is None or expires_at <= now():
        raise RuleBroken(
            typo(f"La place n’est plus gardée pour vous : l’échéance était le {messages.deadline(registration)}.")
        )


def confirm(registration: Registration, group_session: GroupSession) -> None:
    """Give the seat to somebody who was offered one or waited; the session's row is locked by the caller."""
    registration.status = Status.CONFIRMED.value
    registration.offer_expires_at = None
    registration.free_seat_told_at = None
    seat_was_taken(group_session)


def also_sign_up(registration_id: int, other_session_id: int) -> None:
    """Sign the same person up to another date, with what she said of herself for this one.

    Raises:
        RuleBroken: the other session takes no sign-ups now, or belongs to another organisation.
    """
    registration = db.session.get_one(Registration, registration_id)
    other = db.session.get(GroupSession, other_session_id)
    if other is None or other.organisation_id != registration.organisation_id:
        raise RuleBroken("Cette séance n’existe plus.")
    sign_up(other_session_id, _person_told(registration))


def _person_told(registration: Registration) -> Told:
    """Her own words, under the name her record is known by: the same person, not another."""
    person = registration.person
    told = _as_told(registration)
    return Told(
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        profession_slug=told.profession_slug if person.email else person.profession_slug,
        civility=told.civility,
        phone=told.phone,
    )


def answer_coming(registration_id: int) -> Outcome:
    """Say yes again after the session moved.

    Raises:
        RuleBroken: the session has begun or is cancelled.
    """
    with transaction():
        registration, group_session = _locked(registration_id)
        rules.check_not_begun(group_session, at=now())
        if registration.status != Status.CONFIRMED or registration.partstat == "ACCEPTED":
            return NOTHING
        registration.partstat = "ACCEPTED"
        return Outcome(typo("C’est noté : vous venez."))


def not_me(registration_id: int) -> None:
    """Undo a request somebody made with another's address: frees the seat, forgets her if she was new.

    Tells nobody; messages that still wait are dropped.
    """
    with transaction():
        registration, group_session = _locked(registration_id)
        person = registration.person
        made_person = registration.made_person
        drop(registration)
        if made_person:
            forget_if_alone(person)
        audit.record(group_session.organisation_id, "pas_moi", group_session_id=group_session.id)
        serve(group_session)


def drop(registration: Registration) -> None:
    """Remove what a stranger asked for: the row when nothing was there before, else its end without a word.

    After the start nothing moves: only what waits to be sent is dropped.
    """
    db.session.execute(delete(OutboxMessage).where(OutboxMessage.registration_id == registration.id))
    if now() >= registration.group_session.starts_at:
        return
    if registration.made_person:
        db.session.delete(registration)
        db.session.flush()
    elif registration.is_live:
        end(registration, Status.CANCELLED, EndedBy.PERSON)
        registration.is_invited = False


def forget_if_alone(person: Person) -> None:
    """Delete a person of whom nothing else is known: no other request, no role, nothing animated."""
    db.session.flush()
    known = select(
        or_(
            *(
                select(func.count()).where(column == person.id).scalar_subquery() > 0
                for column in (
                    Registration.person_id,
                    Enrolment.person_id,
                    Role.person_id,
                    SessionAnimator.person_id,
                )
            )
        )
    )
    if not db.session.execute(known).scalar_one():
        db.session.execute(delete(OutboxMessage).where(OutboxMessage.person_id == person.id))
        db.session.delete(person)
        db.session.flush()
