"""What a person does about one seat: ask, leave, take back, accept, refuse, and "Ce n'est pas moi"."""

from dataclasses import dataclass, field

from cpts_sessions.accounts import limits
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import ordinal_f, typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.ical.changes import Event
from cpts_sessions.people.services import Told, find_or_add
from cpts_sessions.registrations import coordination, messages, queries, rules
from cpts_sessions.registrations.models import EndedBy, Registration, Status
from cpts_sessions.registrations.seats import can_take, confirm, give_place, locked, revive_or_add
from cpts_sessions.registrations.waiting_list import end, serve


def sign_up(group_session_id: int, told: Told) -> None:
    """Give the person a seat, or a place on the waiting list, and tell her by mail.

    Asking twice changes nothing. Says nothing to the caller: what the page shows must not
    depend on who is already in (README, « Ce que personne ne doit apprendre »).

    Raises:
        RuleBroken: the session is cancelled, over, or takes no sign-ups now; its dates go together.
    """
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        rules.check_open(group_session, at=now())
        rules.check_alone(group_session)
        person, is_new = find_or_add(group_session.organisation_id, told)
        registration = None if is_new else queries.find(group_session.id, person.id)
        if registration and registration.is_live and not can_take(registration, group_session):
            if limits.allow("repeated", group_session.organisation_id, person.email or ""):
                messages.already_in(registration)
            return
        registration = revive_or_add(registration, group_session, person, told, made_person=is_new)
        give_place(registration, group_session)
        messages.signed_up(registration)
        if registration.status == Status.REQUESTED:
            coordination.request_to_decide(group_session.programme, [group_session])


@dataclass
class Outcome:
    """What an act on a personal link did: the sentence to show its owner."""

    sentence: str
    is_change: bool = field(default=True)


NOTHING = Outcome(typo("Rien n’a changé : c’était déjà fait."), is_change=False)


def leave(registration_id: int, by: EndedBy = EndedBy.PERSON) -> Outcome:
    """Give back a seat, leave the list, refuse an offer or withdraw a request, at the person's wish.

    A date of an enrolment becomes `declined`: the others stay. The list is served at once.

    Raises:
        RuleBroken: the session has begun or is cancelled.
    """
    with transaction():
        registration, group_session = locked(registration_id)
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
        registration, group_session = locked(registration_id)
        rules.check_open(group_session, at=now())
        if registration.is_live:
            return NOTHING
        enrolment_id = registration.enrolment_id
        revive_or_add(registration, group_session, registration.person, as_told(registration))
        registration.enrolment_id = enrolment_id
        give_place(registration, group_session)
        messages.signed_up(registration)
        if registration.status == Status.CONFIRMED:
            return Outcome(typo("Votre place est réservée."))
        if registration.status == Status.REQUESTED:
            coordination.request_to_decide(group_session.programme, [group_session])
            return Outcome(typo("Votre demande est entre les mains de la coordination, qui vous répondra."))
        return Outcome(typo("La séance s’est remplie : vous revenez à la fin de la liste d’attente."))


def as_told(registration: Registration) -> Told:
    """Return what she said of herself when she asked."""
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
        registration, group_session = locked(registration_id)
        rules.check_not_begun(group_session, at=now())
        if registration.status == Status.CONFIRMED:
            return NOTHING
        if registration.status == Status.OFFERED:
            _check_offer_stands(registration)
        elif registration.status != Status.WAITING:
            raise RuleBroken(typo("Cette place n’est plus gardée pour vous."))
        elif not can_take(registration, group_session):
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


def person_told(registration: Registration) -> Told:
    """Her own words, under the name her record is known by: the same person, not another."""
    person = registration.person
    told = as_told(registration)
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
        registration, group_session = locked(registration_id)
        rules.check_not_begun(group_session, at=now())
        if registration.status != Status.CONFIRMED or registration.partstat == "ACCEPTED":
            return NOTHING
        registration.partstat = "ACCEPTED"
        return Outcome(typo("C’est noté : vous venez."))
