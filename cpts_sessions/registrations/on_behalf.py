"""What the coordination does for somebody who telephones, and its answers to requests: audited, told by mail."""

from sqlalchemy.exc import IntegrityError

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted, ordinal_f, typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.mail import services as mail_services
from cpts_sessions.people import queries as people_queries
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told, find_or_add
from cpts_sessions.registrations import bounces, enrolments, invitations, messages, queries, rules, services
from cpts_sessions.registrations.dates_asked import fan_out
from cpts_sessions.registrations.models import EndedBy, Enrolment, Registration, Status
from cpts_sessions.registrations.seats import confirm, give_place, locked, revive_or_add
from cpts_sessions.registrations.services import Outcome
from cpts_sessions.registrations.waiting_list import end, serve

_TWO_ALIKE = (
    "Une autre fiche porte déjà ce nom et cette adresse. Rien n’est changé : réunissez-les depuis la page des doublons."
)
NO_MAIL = "Aucun message ne part : pas d’adresse."


def register(group_session_id: int, told: Told, *, actor_id: int) -> Outcome:
    """Register somebody at her request, members or not; without e-mail nothing is sent.

    The coordination may do so outside the days of sign-up, until the session begins.

    Raises:
        RuleBroken: the session has begun or is cancelled; its dates go together.
    """
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        rules.check_not_begun(group_session, at=now())
        rules.check_alone(group_session)
        person, _ = find_or_add(group_session.organisation_id, told)
        registration = queries.find(group_session.id, person.id)
        if registration and registration.status in (Status.CONFIRMED, Status.WAITING, Status.OFFERED):
            return Outcome(typo(f"{person.full_name} a déjà une place ou attend. Rien n’a changé."), is_change=False)
        registration = revive_or_add(registration, group_session, person, told)
        give_place(registration, group_session, decided=True)
        _audit("inscription", registration, actor_id)
        if registration.status == Status.WAITING:
            messages.signed_up(registration)
            rank = ordinal_f(queries.rank(registration))
            return Outcome(
                typo(f"La séance est complète : {person.full_name} entre sur la liste d’attente, {rank} place.")
            )
        messages.write(registration, "inscrit_par_la_coordination", event=Event.SEAT_GIVEN)
        sent = "Un message part à son adresse." if person.email else NO_MAIL
        return Outcome(typo(f"Inscription faite. {sent}"))


def move_up(registration_id: int, *, actor_id: int) -> Outcome:
    """Give somebody who waits the free or offered-to-her seat, ahead of the list.

    Raises:
        RuleBroken: no seat is free, or the session has begun.
    """
    with transaction():
        registration, group_session = locked(registration_id)
        rules.check_not_begun(group_session, at=now())
        if registration.status == Status.WAITING and queries.seats_taken(group_session.id) >= group_session.capacity:
            raise RuleBroken("Aucune place n’est libre : augmentez la capacité, ou libérez d’abord une place.")
        if registration.status not in (Status.WAITING, Status.OFFERED):
            return Outcome(typo("Rien n’a changé : c’était déjà fait."), is_change=False)
        confirm(registration, group_session)
        messages.write(registration, "place_donnee", event=Event.SEAT_GIVEN)
        _audit("avancee", registration, actor_id)
        return Outcome(typo(f"La place est à {registration.person.full_name}."))


def withdraw(registration_id: int, *, actor_id: int, reason: str = "") -> Outcome:
    """End a registration: at the person's wish when no reason is given, else the reason is told to her.

    Raises:
        RuleBroken: the session has begun or is cancelled.
    """
    with transaction():
        registration, group_session = locked(registration_id)
        rules.check_not_begun(group_session, at=now())
        if not registration.is_live:
            return Outcome(typo("Rien n’a changé : c’était déjà fait."), is_change=False)
        was = registration.status
        end(registration, Status.CANCELLED, EndedBy.COORDINATION)
        if reason.strip():
            kind = "desinscription_par_la_coordination"
        else:
            kind = "desinscription_demandee" if was == Status.CONFIRMED else "liste_quittee"
        messages.write(registration, kind, {"raison": reason.strip()}, event=Event.WITHDRAWN)
        _audit("desinscription", registration, actor_id)
        serve(group_session)
        return Outcome(_done("Inscription retirée", registration.person))


def take_offer(registration_id: int, *, actor_id: int) -> Outcome:
    """Take the seat offered to her, or left free near the start, in her name.

    Raises:
        RuleBroken: the session has begun; the offer has expired; the free seat went to somebody else.
    """
    with transaction():
        outcome = services.take_seat(registration_id)
        if not outcome.is_change:
            return outcome
        registration = db.session.get_one(Registration, registration_id)
        _audit("place_prise", registration, actor_id)
        return Outcome(typo(f"La place est à {registration.person.full_name}."))


def leave_offer(registration_id: int, *, actor_id: int) -> Outcome:
    """Refuse the seat offered to her, in her name; it goes to the next on the list.

    Raises:
        RuleBroken: the session has begun or is cancelled.
    """
    with transaction():
        registration, _ = locked(registration_id)
        if registration.status != Status.OFFERED:
            return Outcome(typo("Rien n’a changé : c’était déjà fait."), is_change=False)
        services.leave(registration_id, EndedBy.COORDINATION)
        _audit("place_laissee", registration, actor_id)
        return Outcome(typo(f"La place gardée pour {registration.person.full_name} est libérée."))


def enrol(programme_id: int, season: int, told: Told, *, actor_id: int) -> Outcome:
    """Sign somebody up to every open date of a season and those to come, at her request, member or not.

    Raises:
        RuleBroken: the season is over; her own request for it waits for a yes.
    """
    with transaction():
        rules.check_season(season, at=now())
        programme = queries.lock_programme(programme_id)  # no date is added meanwhile
        sessions = queries.lock_group_sessions(queries.open_session_ids(programme_id, season))
        person, _ = find_or_add(programme.organisation_id, told)
        enrolment = queries.enrolment(person.id, programme_id, season)
        if enrolment and enrolment.left_at is None:
            if not enrolment.is_pending:
                return Outcome(
                    typo(f"{person.full_name} suit déjà les {programme.plural} en {season}. Rien n’a changé."),
                    is_change=False,
                )
            if enrolments.requests_to_come(enrolment):
                raise RuleBroken("Sa demande attend déjà votre accord : acceptez-la sur la page des demandes.")
        enrolment = enrolments.start_or_resume(enrolment, programme, person, season, told, pending=False)
        registrations = fan_out(enrolment, sessions, told, decided=True)
        invitations.answer(enrolment, registrations, Event.SEAT_GIVEN)
        audit.record(programme.organisation_id, "inscription_saison", actor_id=actor_id, person_id=person.id)
        dates = counted(len(registrations), "date", "dates")
        sent = "Un message part à son adresse." if person.email else NO_MAIL
        what = "toutes les dates" if programme.goes_together else f"toute la saison {season}"
        return Outcome(typo(f"Inscription faite à {what} ({dates}). {sent}"))


def note_call(registration_id: int, *, actor_id: int) -> None:
    """Note that somebody was told by telephone that her session is cancelled."""
    with transaction():
        registration = db.session.get_one(Registration, registration_id)
        if registration.called_at is None:
            registration.called_at = now()
            _audit("appel_fait", registration, actor_id)


def _audit(kind: str, registration: Registration, actor_id: int) -> None:
    audit.record(
        registration.organisation_id,
        kind,
        actor_id=actor_id,
        person_id=registration.person_id,
        group_session_id=registration.group_session_id,
    )


def accept_request(registration_id: int, *, actor_id: int) -> Outcome:
    """Say yes to a non-member: to the one date she asked for, or to every date of the season she asked for."""
    with transaction():
        registration = db.session.get_one(Registration, registration_id)
        requests = _lock_requests_with(registration)
        if not requests:
            return Outcome(typo("Rien n’a changé : c’était déjà fait."), is_change=False)
        if registration.enrolment_id:
            enrolment = db.session.get_one(Enrolment, registration.enrolment_id)
            dates = enrolments.grant(enrolment)
            messages.enrolled(enrolment, "adhesion_acceptee", dates)
            invitations.invite_to_each(dates, Event.SEAT_ASKED)
        else:
            give_place(registration, registration.group_session, decided=True)
            messages.signed_up(registration)
        _audit("demande_acceptee", registration, actor_id)
        return Outcome(_done("Demande acceptée", registration.person))


def refuse_request(registration_id: int, *, actor_id: int, reason: str = "") -> Outcome:
    """Say no to a non-member; the reason, if any, is in her message."""
    with transaction():
        registration = db.session.get_one(Registration, registration_id)
        requests = _lock_requests_with(registration)
        if not requests:
            return Outcome(typo("Rien n’a changé : c’était déjà fait."), is_change=False)
        for one in requests:
            end(one, Status.DECLINED, EndedBy.COORDINATION)
        if registration.enrolment_id:
            db.session.get_one(Enrolment, registration.enrolment_id).left_at = now()
        messages.write(registration, "adhesion_refusee", {"raison": reason.strip()})
        _audit("demande_refusee", registration, actor_id)
        return Outcome(_done("Demande refusée", registration.person))


def _lock_requests_with(registration: Registration) -> list[Registration]:
    """Lock the sessions of the requests decided together with this one, and return those that still wait."""
    if registration.enrolment_id:
        queries.lock_programme(registration.group_session.programme_id)
    queries.lock_group_sessions([one.group_session_id for one in _requests_with(registration)])
    db.session.expire_all()
    waiting = [one for one in _requests_with(registration) if one.status == Status.REQUESTED]
    return [one for one in waiting if one.group_session.starts_at > now()]


def _requests_with(registration: Registration) -> list[Registration]:
    if registration.enrolment_id is None:
        return [registration]
    return queries.of_enrolment(registration.enrolment_id)


def _done(what: str, person: Person) -> str:
    """Say what was done, and whether the person was told."""
    return typo(f"{what}, la personne est prévenue." if person.email else f"{what}. {NO_MAIL}")


def correct_person(person_id: int, told: Told, *, is_member: bool, rpps: str | None, actor_id: int) -> int | None:
    """Correct a person's record; what could not be delivered leaves again to the new address, or no more without any.

    Returns:
        How many messages leave again; None when the record already said all this.

    Raises:
        RuleBroken: these words already designate another person (merge them instead).
    """
    with transaction():
        person = db.session.get_one(Person, person_id)
        other = people_queries.by_identity(
            person.organisation_id, told.email, told.first_name, told.last_name, told.profession_slug
        )
        if other is not None and other.id != person.id:
            raise RuleBroken(_TWO_ALIKE)
        before = _facts(person)
        person.email = told.email.strip().lower() if told.email else None
        person.first_name, person.last_name = told.first_name.strip(), told.last_name.strip()
        person.civility, person.profession_slug = told.civility, told.profession_slug
        person.phone, person.is_member, person.rpps = told.phone or None, is_member, rpps or None
        person.renew_identity()
        _write_apart()
        changed = [name for name, value in _facts(person).items() if value != before[name]]
        if not changed:
            return None
        audit.record(
            person.organisation_id, "fiche_corrigee", actor_id=actor_id, person_id=person.id, champs=", ".join(changed)
        )
        if person.email == before["adresse"]:
            return 0
        bounces.forgive(person, actor_id)
        if person.email is None:
            mail_services.drop_to_person(person.id)  # the address was not hers
            return 0
        return mail_services.redirect_undelivered(person.id, person.email, person.full_name)


def _write_apart() -> None:
    """Write a record whose words another one may be taking at this very moment.

    Raises:
        RuleBroken: it has just done so.
    """
    try:
        db.session.flush()
    except IntegrityError as taken:
        raise RuleBroken(_TWO_ALIKE) from taken


def _facts(person: Person) -> dict[str, str | bool | None]:
    """What a record says, under the names the journal gives."""
    return {
        "adresse": person.email,
        "prénom": person.first_name,
        "nom": person.last_name,
        "profession": person.profession_slug,
        "civilité": person.civility,
        "téléphone": person.phone,
        "membre": person.is_member,
        "RPPS": person.rpps,
    }
