"""« Passer la main »: a successor receives her access and the state of the season; one's own access may end."""

from dataclasses import dataclass
from datetime import date

from cpts_sessions.accounts import leaving, services
from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core import audit
from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted, day, hour, typo, weekday_day
from cpts_sessions.core.transaction import transaction
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.questionnaires.queries import boxes
from cpts_sessions.questionnaires.standing import standing
from cpts_sessions.questionnaires.words import count_waiting
from cpts_sessions.registrations import decisions
from cpts_sessions.registrations.desk import Line, upcoming
from cpts_sessions.registrations.requested import count_requests


@dataclass(frozen=True, kw_only=True)
class Handover:
    """To whom somebody passes the coordination, and until when she keeps her own access."""

    email: str
    name: str | None  # « Prénom Nom »; needed when the address is new, or shared
    administers: bool  # the successor too; only what one has oneself is passed on
    last_day: date | None  # None: she stays, and there are two of them


def hand_over(organisation: Organisation, person: Person, plan: Handover) -> Person:
    """Give the coordination to a successor, tell her where the season stands, and note one's own last day.

    She is told by the message of her access and by another one, which names no participant.

    Raises:
        RuleBroken: she is oneself, her name is needed, the day is no day for it, or nobody would administer the CPTS.
    """
    with transaction():
        accounts.lock_staff(organisation.id)
        mine = accounts.roles_of(person)
        successor = services.grant(organisation, plan.email, RoleName.COORDINATOR, name=plan.name, actor=person)
        if successor.id == person.id:
            raise RuleBroken("Cette adresse est la vôtre : indiquez celle de la personne qui prend la suite.")
        if plan.administers and mine.is_administrator and services.give(successor, RoleName.ADMINISTRATOR):
            audit.record(
                organisation.id,
                "role_granted",
                actor_id=person.id,
                person_id=successor.id,
                role=RoleName.ADMINISTRATOR.value,
            )
        if plan.last_day is not None:
            leaving.leave_after(person, plan.last_day)
        write_to(successor, "passation", _values(organisation, person, plan.last_day))
        return successor


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
        stays = f"Son propre accès reste ouvert jusqu’au {day(last_day)} : demandez ce qui n’est écrit nulle part."
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
