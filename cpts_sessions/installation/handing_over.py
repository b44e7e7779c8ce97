"""« Passer la main »: a successor receives her access and the state of the season; one's own access may end."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cpts_sessions.accounts import leaving, messages, services
from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.accounts.succession import Awaited, await_her, awaited_by
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted, day, hour, typo, weekday_day
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.services import drop_to_person
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import tables_naming
from cpts_sessions.questionnaires.queries import boxes
from cpts_sessions.questionnaires.standing import standing
from cpts_sessions.questionnaires.words import count_waiting
from cpts_sessions.registrations import decisions
from cpts_sessions.registrations.desk import Line, upcoming
from cpts_sessions.registrations.requested import count_requests
from cpts_sessions.registrations.undoing import forget_if_alone

_INVITATION: Final = ("role_accorde", "passation")
_ONE_AT_A_TIME: Final = "Une invitation attend déjà : corrigez son adresse, ou annulez-la d’abord."


@dataclass(frozen=True, kw_only=True)
class Handover:
    """To whom somebody passes the coordination, and until when she keeps her own access."""

    email: str
    name: str | None  # « Prénom Nom »; needed when the address is new, or shared
    administers: bool  # the successor too; only what one has oneself is passed on
    last_day: date | None  # None: she stays, and there are two of them


def hand_over(organisation: Organisation, person: Person, plan: Handover) -> Person:
    """Give the coordination to a successor, tell her where the season stands, and note one's own last day.

    She is told by the message of her access and by another one, which names no participant. One's own access ends on
    that day only if she has come in by then; else when she comes.

    Raises:
        RuleBroken: she is oneself, her name is needed, the day is no day for it, nobody would administer the CPTS, or
            another successor is awaited.
    """
    with transaction():
        accounts.lock_staff(organisation.id)
        if awaited_by(person) is not None:
            raise RuleBroken(_ONE_AT_A_TIME)
        since = now()
        mine = accounts.roles_of(person)
        successor = services.grant(organisation, plan.email, RoleName.COORDINATOR, name=plan.name, actor=person)
        if successor.id == person.id:
            raise RuleBroken("Cette adresse est la vôtre : indiquez celle de la personne qui prend la suite.")
        if plan.administers and mine.is_administrator and services.give(successor, RoleName.ADMINISTRATOR):
            _record("role_granted", person, successor, role=RoleName.ADMINISTRATOR)
        if plan.last_day is not None:
            leaving.leave_after(person, plan.last_day)
        await_her(successor, person, since)
        write_to(successor, "passation", _values(organisation, person, plan.last_day))
        return successor


def invite_again(organisation: Organisation, person: Person) -> Person:
    """Send the messages of her access and of the season again to the successor who has not come in yet.

    Raises:
        RuleBroken: nobody is awaited any more.
    """
    with transaction():
        awaited = _still_awaited(person)
        messages.role_granted(organisation, awaited.successor, RoleName.COORDINATOR, person)
        write_to(awaited.successor, "passation", _values(organisation, person, _last_day(person)))
        _record("passation_relancee", person, awaited.successor)
        return awaited.successor


def correct_address(organisation: Organisation, person: Person, email: str, name: str | None) -> Person:
    """Hand over to another address instead of the one that was mistyped, which opens nothing any more.

    Nothing is written to the former address; what waited for it does not leave.

    Raises:
        RuleBroken: as `hand_over`; or nobody is awaited any more, or it is the same address.
    """
    with transaction():
        awaited = _still_awaited(person)
        if email.strip().lower() == awaited.successor.email:
            raise RuleBroken("C’est déjà l’adresse de l’invitation : corrigez-la, ou renvoyez l’invitation.")
        last_day = _last_day(person)
        administers = awaited.administers
        _take_back(person, awaited)
        if awaited.is_newly_known:
            _forget(awaited.successor)
        plan = Handover(
            email=email,
            name=name,
            administers=administers,
            last_day=max(last_day, today()) if last_day else None,
        )
        return hand_over(organisation, person, plan)


def cancel(organisation: Organisation, person: Person) -> str:
    """Take back what was handed to a successor who has not come in; one's own access does not end any more.

    She is told, if a message had already left for her; else she is forgotten, when she was added for it.

    Returns:
        Her name.

    Raises:
        RuleBroken: nobody is awaited any more.
    """
    with transaction():
        awaited = _still_awaited(person)
        name, is_given = awaited.successor.full_name, bool(awaited.given)
        withdrawn = _take_back(person, awaited)
        leaving.stay(person)
        if is_given and not withdrawn:
            messages.role_revoked(organisation, awaited.successor, RoleName.COORDINATOR, person)
        elif awaited.is_newly_known:
            _forget(awaited.successor)
        return name


def _still_awaited(person: Person) -> Awaited:
    accounts.lock_staff(person.organisation_id)
    awaited = awaited_by(person)
    if awaited is None:
        raise RuleBroken("Aucune invitation n’attend : elle a été annulée, ou la personne invitée a ouvert son accès.")
    return awaited


def _take_back(person: Person, awaited: Awaited) -> int:
    """Remove what was handed over, what it opens, and the messages that wait; tell how many did."""
    for role in awaited.roles:
        role.handed_over_by_id = role.handed_over_at = None
    for role in awaited.given:
        _record("role_revoked", person, awaited.successor, role=RoleName(role.name))
        db.session.delete(role)
    db.session.flush()
    services.close_all_of(awaited.successor.id)
    return drop_to_person(awaited.successor.id, _INVITATION)


def _forget(successor: Person) -> None:
    if not tables_naming(successor.id):
        forget_if_alone(successor)


def _last_day(person: Person) -> date | None:
    ends_at = accounts.ending(person.organisation_id).get(person.id)
    return leaving.last_day_of(ends_at) if ends_at else None


def _record(kind: str, person: Person, successor: Person, role: RoleName | None = None) -> None:
    told: dict[str, Any] = {"role": role.value} if role else {}
    audit.record(person.organisation_id, kind, actor_id=person.id, person_id=successor.id, **told)


def season_waits(organisation_id: int) -> list[str]:
    """Return what waits for a decision, counted and never named: one line each."""
    found = decisions.of_sessions(organisation_id)
    counts = (
        (len(found.below_minimum), "séance sous son minimum", "séances sous leur minimum"),
        (len(found.to_close), "séance passée à clore", "séances passées à clore"),
        (len(found.without_animator), "séance sans animation", "séances sans animation"),
        (len(found.drafts), "séance proche encore en préparation", "séances proches encore en préparation"),
        (count_requests(organisation_id), "demande d’inscription", "demandes d’inscription"),
        (count_waiting(organisation_id), "mot signé sans réponse", "mots signés sans réponse"),
        (decisions.count_letters(organisation_id), "courrier à regarder", "courriers à regarder"),
        (decisions.count_failed_messages(organisation_id), "message qui n’a pas pu partir", "messages non partis"),
    )
    return [counted(number, one, several) for number, one, several in counts if number]


def season_boxes(organisation_id: int) -> list[str]:
    """Return where each box that still takes answers stands, with its dates."""
    now_collecting = [(box, standing(box, today())) for box in boxes(organisation_id)]
    return [
        typo(f"{box.programme.name}, {box.year} : {one.sentence}") for box, one in now_collecting if one.is_collecting
    ]


def _values(organisation: Organisation, person: Person, last_day: date | None) -> dict[str, str]:
    stays = "Son propre accès reste ouvert : vous êtes deux."
    if last_day is not None:
        stays = (
            f"Son propre accès reste ouvert jusqu’au {day(last_day)}, et au moins jusqu’à votre première connexion : "
            "demandez ce qui n’est écrit nulle part."
        )
    return {
        "auteur": person.full_name,
        "relais": typo(stays),
        "a_decider": _listed(season_waits(organisation.id), "Rien n’attend."),
        "seances": _listed([_session(line) for line in upcoming(organisation.id)], "Aucune séance n’est prévue."),
        "urnes": _listed(season_boxes(organisation.id), "Aucune urne ne reçoit de réponses pour l’instant."),
        "lien_bureau": f"{organisation.public_url}/coordination/",
    }


def _session(line: Line) -> str:
    one = line.group_session
    seats = f"{counted(line.taken, 'place prise', 'places prises')} sur {one.capacity}"
    return typo(f"{weekday_day(one.starts_at)}, {hour(one.starts_at)} : {one.programme.session_title}, {seats}")


def _listed(sentences: list[str], none: str) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences) if sentences else typo(none)
