"""A whole season at once: one standing sign-up, one registration per date, dates that come later included."""

from sqlalchemy import select

from cpts_sessions.accounts import limits
from cpts_sessions.core import audit, links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told, find_or_add
from cpts_sessions.programmes.models import Audience, GroupSession, Programme
from cpts_sessions.registrations import coordination, invitations, messages, queries, rules, season_seats
from cpts_sessions.registrations.dates_asked import ask_for_all, fan_out, told_by
from cpts_sessions.registrations.models import EndedBy, Enrolment, Registration, Status
from cpts_sessions.registrations.seats import give_place
from cpts_sessions.registrations.services import Outcome
from cpts_sessions.registrations.undoing import drop, forget_if_alone
from cpts_sessions.registrations.waiting_list import end, serve


def enrol(programme_id: int, season: int, told: Told, *, is_granted: bool = False) -> None:
    """Sign somebody up to every open date of a season, and to those that will be added.

    A non-member of a programme for members asks: her dates wait for the coordination's yes.
    `is_granted`: the coordination said yes before. Asking twice changes nothing.

    Raises:
        RuleBroken: the season is over.
    """
    with transaction():
        rules.check_season(season, at=now())
        programme = queries.lock_programme(programme_id)  # no date is added meanwhile
        sessions = queries.lock_group_sessions(queries.open_session_ids(programme_id, season))
        person, is_new = find_or_add(programme.organisation_id, told)
        enrolment = queries.enrolment(person.id, programme_id, season)
        if enrolment and enrolment.left_at is None:
            _say_again(enrolment)
            return
        pending = programme.audience == Audience.MEMBERS and not (person.is_member or is_granted)
        enrolment = start_or_resume(enrolment, programme, person, season, told, pending=pending)
        enrolment.made_person = enrolment.made_person or is_new
        registrations = fan_out(enrolment, sessions, told, made_person=is_new, decided=is_granted)
        if pending:
            tell_requested(enrolment, registrations, sessions)
        else:
            invitations.answer(enrolment, registrations, Event.SEAT_ASKED)


def _say_again(enrolment: Enrolment) -> None:
    """Answer a repeated request: nothing changed, her dates to come are these."""
    if not limits.allow("repeated", enrolment.organisation_id, enrolment.person.email or ""):
        return
    to_come = [one for one in queries.of_enrolment(enrolment.id) if _is_to_come(one)]
    if enrolment.is_pending:
        messages.requested(enrolment, to_come)
    else:
        messages.enrolled(enrolment, "inscription_dispositif", to_come)


def tell_requested(enrolment: Enrolment, registrations: list[Registration], sessions: list[GroupSession]) -> None:
    """Answer a non-member's request for a season, and tell the coordination."""
    messages.requested(enrolment, registrations)
    coordination.request_to_decide(enrolment.programme, sessions)


def start_or_resume(
    enrolment: Enrolment | None, programme: Programme, person: Person, season: int, told: Told, *, pending: bool
) -> Enrolment:
    """Return a standing enrolment with a fresh snapshot, new or taken up again."""
    if enrolment is None:
        enrolment = Enrolment(
            organisation_id=programme.organisation_id,
            person_id=person.id,
            programme_id=programme.id,
            season=season,
            link_hash=b"",
        )
        enrolment.link_hash = links.digest_for(Purpose.ENROLMENT, enrolment.public_id)
        enrolment.programme = programme
        enrolment.person = person
        db.session.add(enrolment)
    enrolment.profession_slug = told.profession_slug or person.profession_slug
    enrolment.civility = told.civility or person.civility
    enrolment.left_at = None
    enrolment.is_pending = pending
    db.session.flush()
    return enrolment


def grant(enrolment: Enrolment) -> list[Registration]:
    """Say yes to a non-member's season: a place at the dates she asked for, and at those opened since then.

    A date she withdrew, or that has begun, stays as it is.

    Returns:
        Her dates that were waiting for this yes, by their day.
    """
    queries.lock_programme(enrolment.programme_id)
    requested = [one.group_session_id for one in requests_to_come(enrolment)]
    opened = queries.open_session_ids(enrolment.programme_id, enrolment.season)
    sessions = queries.lock_group_sessions([*requested, *opened])
    db.session.expire_all()
    requests = requests_to_come(enrolment)
    for registration in requests:
        give_place(registration, registration.group_session, decided=True)
    known = queries.asked(opened)
    new = [one for one in sessions if one.id in opened and (one.id, enrolment.person_id) not in known]
    enrolment.is_pending = False
    added = fan_out(enrolment, new, told_by(enrolment), decided=True)
    return sorted([*requests, *added], key=lambda one: one.group_session.starts_at)


def requests_to_come(enrolment: Enrolment) -> list[Registration]:
    """Return the dates to come of an enrolment that wait for the coordination's yes."""
    return [one for one in queries.of_enrolment(enrolment.id) if one.status == Status.REQUESTED and _is_to_come(one)]


def add_sessions(sessions: list[GroupSession], *, with_mail: bool = True) -> list[Person]:
    """Register those who follow the season to dates that have just been opened; their rows are locked.

    Each person gets one message for all the new dates of her programme; a single confirmed date
    carries its invitation, several send theirs apart.

    Returns:
        Whom it registered, each once.
    """
    added: dict[int, Person] = {}
    ordinary = [one for one in sessions if not one.is_discovery and one.starts_at > now()]
    for programme_id, season in sorted({(one.programme_id, one.season) for one in ordinary}):
        queries.lock_programme(programme_id)  # nobody enrols meanwhile without being seen here
        dates = [one for one in ordinary if (one.programme_id, one.season) == (programme_id, season)]
        asked = ask_for_all(queries.standing_enrolments(programme_id, season), dates)
        added |= {enrolment.person_id: enrolment.person for enrolment, _ in asked}
        if with_mail and asked:
            ranks = season_seats.ranks(one.id for one in dates)
            for enrolment, registrations in asked:
                invitations.announce(enrolment, registrations, ranks)
    return list(added.values())


def stop(enrolment_id: int, by: EndedBy = EndedBy.PERSON, *, actor_id: int | None = None) -> Outcome:
    """Follow a programme no more: the seats to come are given back, the past stays.

    Returns:
        The sentence to show; asking twice changes nothing.
    """
    with transaction():
        enrolment = db.session.get_one(Enrolment, enrolment_id)
        queries.lock_programme(enrolment.programme_id)  # no date is added meanwhile
        registrations = _lock_to_come(enrolment)
        if enrolment.left_at is not None:
            return Outcome("Rien n’a changé : c’était déjà fait.", is_change=False)
        enrolment.left_at = now()
        freed = [one for one in registrations if one.is_live]
        for registration in registrations:
            if registration.ended_by == EndedBy.SESSION:  # she does not come back with a session that is held after all
                registration.ended_by = by.value
        for registration in freed:
            was = registration.status
            end(registration, Status.CANCELLED, by)
            if was == Status.CONFIRMED:
                messages.write(registration, "desinscription", event=Event.WITHDRAWN)
        messages.left(enrolment, freed)
        for registration in freed:
            serve(registration.group_session)
        if actor_id is not None:
            audit.record(
                enrolment.organisation_id, "dispositif_quitte", actor_id=actor_id, person_id=enrolment.person_id
            )
        return Outcome("C’est fait : vos places à venir sont libérées.")


def resume(enrolment_id: int) -> Outcome:
    """Follow a season again after having stopped.

    Raises:
        RuleBroken: the season is over.
    """
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    if enrolment.left_at is None:
        return Outcome("Rien n’a changé : c’était déjà fait.", is_change=False)
    enrol(enrolment.programme_id, enrolment.season, told_by(enrolment))
    return Outcome("C’est noté : vous suivez à nouveau toutes les séances. Vos dates sont dans l’e-mail.")


def not_me(enrolment_id: int) -> None:
    """Undo an enrolment somebody made with another's address; tells nobody, forgets her if she was new."""
    with transaction():
        enrolment = _locked(enrolment_id)
        if enrolment is None:
            return  # undone already: the button was pressed twice
        organisation_id = enrolment.organisation_id
        person = enrolment.person
        registrations = _lock_to_come(enrolment)
        made_person = enrolment.made_person or any(one.made_person for one in registrations)
        sessions = [one.group_session for one in registrations]
        for registration in registrations:
            drop(registration)
        messages.drop_about(enrolment)
        if queries.of_enrolment(enrolment.id):
            enrolment.left_at = now()
        else:
            db.session.delete(enrolment)
        if made_person:
            forget_if_alone(person)
        audit.record(organisation_id, "pas_moi")
        for group_session in sessions:
            serve(group_session)


def _locked(enrolment_id: int) -> Enrolment | None:
    """Lock the programme of an enrolment, then read the enrolment afresh; None when it is gone."""
    statement = select(Enrolment).where(Enrolment.id == enrolment_id)
    afresh = statement.execution_options(populate_existing=True)
    known = db.session.execute(afresh).scalar_one_or_none()
    if known is not None:
        queries.lock_programme(known.programme_id)
        known = db.session.execute(afresh).scalar_one_or_none()
    return known


def _lock_to_come(enrolment: Enrolment) -> list[Registration]:
    """Lock the sessions to come of an enrolment, then return its dates in them, read afresh."""
    to_come = [one.group_session_id for one in queries.of_enrolment(enrolment.id) if _is_to_come(one)]
    queries.lock_group_sessions(to_come)
    db.session.expire_all()
    return [one for one in queries.of_enrolment(enrolment.id) if one.group_session_id in set(to_come)]


def _is_to_come(registration: Registration) -> bool:
    return registration.group_session.starts_at > now()
