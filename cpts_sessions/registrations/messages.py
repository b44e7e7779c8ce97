"""What is written to people about their seats: each function adds one row to the outbox, none without e-mail."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from cpts_sessions.core import french
from cpts_sessions.core.clock import local
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.outbox import About
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.programmes import calendar_links, wording
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import calendar, queries, season_seats
from cpts_sessions.registrations.models import Enrolment, Registration, ReminderKind, Status

_NO_VALUES: Mapping[str, str] = MappingProxyType({})

#: The message that answers a request, by the state it led to, and what the calendar is told.
_ANSWER: dict[str, tuple[str, Event | None]] = {
    Status.CONFIRMED: ("inscription_confirmee", Event.SEAT_ASKED),
    Status.WAITING: ("liste_attente", None),
    Status.REQUESTED: ("adhesion_demandee", None),
}


#: Those that list dates and may carry the invitation of one; what they say of it when they carry none.
_MAY_CARRY = ("inscription_ensemble", "dates_ajoutees")
_NO_INVITATION = dict.fromkeys(
    ("titre", "quand", "lieu", "acces", "visio", "animation", "lien_charte", "invitations"), ""
)
#: What is written of a seat that is kept for somebody, or free for whoever takes it.
OF_A_FREE_SEAT = ("place_proposee", "place_de_derniere_minute")
REMINDER: Mapping[ReminderKind, str] = {ReminderKind.WEEK: "rappel_j7", ReminderKind.DAY: "rappel_j1"}
REMINDERS = tuple(REMINDER.values())
#: What is written to somebody who has just had a seat: the whole of it is said.
OF_A_NEW_SEAT = (
    "inscription_confirmee",
    *_MAY_CARRY,
    "date_suivante",
    "inscrit_par_la_coordination",
    "place_donnee",
    "seance_retablie",
    "sondage_retenu",
)
#: Those that also say how to put the date into an agenda by hand.
_WITH_CALENDAR_LINKS = ("inscription_confirmee", "date_suivante", "inscrit_par_la_coordination", "place_donnee")
UNDER_MINIMUM = "sous_le_minimum"


def write(
    registration: Registration,
    kind: str,
    values: Mapping[str, str] = _NO_VALUES,
    *,
    event: Event | None = None,
    not_before: datetime | None = None,
) -> None:
    """Write one message about one registration, with its calendar part when `event` says so.

    `values` are those of the text that the session itself does not give.
    """
    group_session = registration.group_session
    part = calendar.tell(registration, group_session, event) if event else None
    by_hand = calendar_links.mail_links(group_session) if kind in _WITH_CALENDAR_LINKS else {}
    if registration.id is None:
        db.session.flush()  # a message knows its registration by its id
    write_to(
        registration.person,
        kind,
        {**wording.session_values(group_session), **by_hand, **values},
        links={"lien_inscription": (Purpose.REGISTRATION, registration.public_id)},
        calendar=part,
        about=About(
            registration_id=registration.id,
            group_session_id=group_session.id,
            not_before=not_before,
            useless_after=group_session.ends_at,
        ),
    )


def signed_up(registration: Registration) -> None:
    """Answer a request by the state it led to: a seat, a place on the list, or the coordination's decision."""
    if registration.status == Status.WAITING:
        db.session.flush()  # her rank is counted in the database
    kind, event = _ANSWER[registration.status]
    write(registration, kind, _rank_and_dates(registration), event=event)


def already_in(registration: Registration) -> None:
    """Say that nothing changed: she already had what she asks for."""
    if registration.status == Status.OFFERED:
        offered(registration, None)
        return
    kind = {
        Status.WAITING: "deja_en_attente",
        Status.REQUESTED: "adhesion_demandee",
    }.get(Status(registration.status), "deja_inscrit")
    write(registration, kind, _rank_and_dates(registration))


def offered(registration: Registration, leaves_at: datetime | None) -> None:
    """Offer a seat until its deadline; `leaves_at` keeps the message out of the night."""
    write(registration, "place_proposee", {"echeance": deadline(registration)}, not_before=leaves_at)


def free_seat(registration: Registration, leaves_at: datetime) -> None:
    """Tell somebody who waits that a seat goes to the first who takes it."""
    write(registration, "place_de_derniere_minute", not_before=leaves_at)


def reminder_values(group_session: GroupSession, waiting: int, at: datetime) -> dict[str, str]:
    """Return what a reminder written at an instant says of its session, and of how many wait for a place in it."""
    is_today = local(group_session.starts_at).date() == local(at).date()
    waits = french.counted(waiting, "personne attend une place.", "personnes attendent une place.")
    return {
        **wording.session_values(group_session),
        "attente": waits if waiting else "votre place sera utile.",
        "quand_proche": "Aujourd’hui" if is_today else "Demain",
        "c_est_quand": "C’est aujourd’hui." if is_today else "C’est demain.",
        "a_bientot": "À tout à l’heure," if is_today else "À demain,",
    }


def remind(
    registration: Registration, kind: ReminderKind, values: Mapping[str, str], useless_after: datetime
) -> OutboxMessage | None:
    """Remind somebody of her seat; None when she has no e-mail."""
    return write_to(
        registration.person,
        REMINDER[kind],
        values,
        links={"lien_inscription": (Purpose.REGISTRATION, registration.public_id)},
        about=About(
            registration_id=registration.id,
            group_session_id=registration.group_session_id,
            useless_after=useless_after,
        ),
    )


def offer_expired(registration: Registration, expired_at: datetime) -> None:
    """Say that the seat went to the next person."""
    write(
        registration,
        "offre_expiree",
        {"echeance": _until(expired_at), "autres_dates": other_dates(registration)},
    )


def deadline(registration: Registration) -> str:
    """Return « jeudi 3 avril à 18 h », the end of an offer; empty without one."""
    return _until(registration.offer_expires_at) if registration.offer_expires_at else ""


def _until(instant: datetime) -> str:
    wall = local(instant)
    return f"{french.short_day(wall)} à {french.hour(wall)}"


def other_dates(registration: Registration) -> str:
    """Return the next dates of the same programme that have seats and that she has not, one per line."""
    rows = queries.other_dates_with_seats(registration)
    return "\n".join(
        f"{wording.short_date(other)} : {other.programme.session_title}, "
        f"{french.typo('il reste 1 place' if left == 1 else f'il reste {left} places')}"
        for other, left in rows
    )


def _rank_and_dates(registration: Registration) -> dict[str, str]:
    if registration.status == Status.WAITING:
        return {
            "rang": french.ordinal_f(queries.rank(registration)),
            "autres_dates": other_dates(registration),
        }
    return {"dates": wording.dates_list([registration.group_session])}


def enrolled(
    enrolment: Enrolment,
    kind: str,
    registrations: list[Registration],
    ranks: Mapping[int, int] | None = None,
    first: Registration | None = None,
    event: Event | None = None,
) -> None:
    """Write the one message that lists the dates of an enrolment; it carries the invitation of `first`, if any.

    Dates that go together are told as such. `ranks` are those of who waits, by registration, where the caller has just
    read them.
    """
    seated = [r.group_session for r in registrations if r.status == Status.CONFIRMED]
    waiting = [r for r in registrations if r.status == Status.WAITING]
    n = len(seated) + len(waiting)
    if ranks is None:
        ids = [r.group_session_id for r in waiting]
        ranks = season_seats.ranks(ids, enrolment.person_id) if ids else {}
    dates = {
        "dates": wording.dates_list(seated),
        "dates_attente": "\n".join(
            f"- {wording.short_date(r.group_session)} : {french.ordinal_f(ranks[r.id])} place" for r in waiting
        ),
        "n_dates": french.counted(n, "date", "dates") if n else "aucune date pour l’instant",
        "n_nouvelles": "Une nouvelle date" if n == 1 else f"{n} nouvelles dates",
        "premiere_date": wording.short_date(min((r.group_session for r in registrations), key=_start)) if n else "",
    }
    if kind == "inscription_dispositif" and enrolment.programme.goes_together:
        kind, dates = "inscription_ensemble", dates | _apart(enrolment)
    if kind in _MAY_CARRY:
        dates = _NO_INVITATION | dates
    if first is None or event is None:
        _about_season(enrolment, kind, dates)
        return
    session = first.group_session
    over = max(one.group_session.ends_at for one in registrations)
    about = About(registration_id=first.id, group_session_id=session.id, useless_after=over)
    told = {**wording.session_values(session), **dates, "invitations": wording.invitation_joined(session, len(seated))}
    _about_season(enrolment, kind, told, about, calendar=calendar.tell(first, session, event))


def _apart(enrolment: Enrolment) -> dict[str, str]:
    """Say which dates of the year after have a sign-up of their own, and where."""
    ids = queries.open_session_ids(enrolment.programme_id, enrolment.season + 1)
    said = wording.dates_apart([db.session.get_one(GroupSession, one) for one in ids])
    where = f"{_public_url(enrolment)}/?dispositif={enrolment.programme.public_id}"
    return {"dates_a_part": f"{said}." if said else "", "lien_dispositif": where if said else ""}


def _start(group_session: GroupSession) -> datetime:
    return group_session.starts_at


def _public_url(enrolment: Enrolment) -> str:
    return db.session.get_one(Organisation, enrolment.organisation_id).public_url


def requested(enrolment: Enrolment, registrations: list[Registration]) -> None:
    """Say that a request for a season is in the coordination's hands."""
    dates = {"dates": wording.dates_list([one.group_session for one in registrations])}
    _about_season(enrolment, "adhesion_demandee", dates)


def season_refused(enrolment: Enrolment, reason: str) -> None:
    """Say no to a season asked for, which has no date that could say it."""
    values = {"raison": reason, "lien_agenda": f"{_public_url(enrolment)}/"}
    _about_season(enrolment, "adhesion_refusee", values)


def left(enrolment: Enrolment, freed: list[Registration]) -> None:
    """Say which dates were given back by somebody who follows the programme no more."""
    values = {
        "dates": wording.dates_list([one.group_session for one in freed]),
        "lien_dispositif": f"{_public_url(enrolment)}/?dispositif={enrolment.programme.public_id}",
    }
    _about_season(enrolment, "dispositif_quitte", values)


def ask_to_continue(enrolment: Enrolment, dates: list[GroupSession], *, useless_after: datetime) -> None:
    """Ask whether she follows the programme in the year to come too, with its dates that are known."""
    values = {"annee": str(enrolment.season + 1), "dates": wording.dates_list(sorted(dates, key=_start))}
    _about_season(enrolment, "continuer", values, About(useless_after=useless_after))


def _about_season(
    enrolment: Enrolment,
    kind: str,
    values: dict[str, str],
    about: About | None = None,
    *,
    calendar: dict[str, Any] | None = None,
) -> None:
    """Write one message about a season; every personal link in it is the follow-up link."""
    follow_up = (Purpose.ENROLMENT, enrolment.public_id)
    write_to(
        enrolment.person,
        kind,
        {**wording.programme_values(enrolment.programme), "annee": str(enrolment.season), **values},
        links={"lien_suivi": follow_up, "lien_inscription": follow_up},
        calendar=calendar,
        about=about,
    )


def drop_about(enrolment: Enrolment) -> None:
    """Remove what still waits to be sent about a season."""
    waiting = select(OutboxMessage).where(
        OutboxMessage.person_id == enrolment.person_id, OutboxMessage.status == MessageStatus.QUEUED
    )
    for message in db.session.execute(waiting).scalars():
        if [Purpose.ENROLMENT.name, str(enrolment.public_id)] in message.links.values():
            db.session.delete(message)
