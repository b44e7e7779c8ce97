"""« Courrier reçu »: what came in by mail and only a human can settle; the messages that say so name nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from cpts_sessions.accounts import limits
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.outbox import About
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.coordination import coordinators
from cpts_sessions.registrations.models import Registration
from cpts_sessions.registrations.received import Letter, Why

_ASK_HER: Final = "demandez à la personne, puis changez sa réponse à la main."
#: What a stranger's answer is listed as, by what it says.
BY_A_STRANGER: Final = {
    "ACCEPTED": Why.OTHER_ADDRESS_YES,
    "DECLINED": Why.OTHER_ADDRESS_NO,
    "TENTATIVE": Why.OTHER_ADDRESS_MAYBE,
}
_STRANGERS: Final = frozenset({Why.OTHER_ADDRESS, *BY_A_STRANGER.values()})
#: Why something is to be looked at, and what to do, as the page and the message say it.
EXPLANATIONS: Final[dict[Why, tuple[str, str]]] = {
    Why.OTHER_ADDRESS: ("la réponse vient d’une autre adresse que l’adresse invitée", _ASK_HER),
    Why.OTHER_ADDRESS_YES: ("la réponse est « oui », et vient d’une autre adresse que l’adresse invitée", _ASK_HER),
    Why.OTHER_ADDRESS_NO: ("la réponse est « non », et vient d’une autre adresse que l’adresse invitée", _ASK_HER),
    Why.OTHER_ADDRESS_MAYBE: (
        "la réponse est « peut-être », et vient d’une autre adresse que l’adresse invitée",
        _ASK_HER,
    ),
    Why.COUNTER: (
        "la personne propose un autre horaire",
        "répondez-lui ; une séance ne se déplace pas pour une seule personne.",
    ),
    Why.COMMENT: ("la réponse porte un commentaire", "lisez-le ; sa réponse est déjà enregistrée."),
    Why.ANIMATOR_AWAY: (
        "la personne qui anime répond qu’elle ne vient pas",
        "appelez-la, puis confiez la séance à quelqu’un d’autre, ou déplacez-la.",
    ),
    Why.SIGN_UPS_CLOSED: (
        "la personne veut revenir, et les inscriptions sont closes",
        "si une place est libre, inscrivez-la à la main.",
    ),
    Why.MAYBE_WITHOUT_SEAT: (
        "la personne répond peut-être, et elle avait laissé sa place",
        "demandez-lui si elle veut la reprendre.",
    ),
    Why.OTHER_ANSWER: (
        "la réponse n’est ni oui, ni non, ni peut-être",
        _ASK_HER,
    ),
    Why.BOUNCE: ("l’adresse a refusé notre message", "vérifiez l’adresse ou appelez la personne."),
}
#: Whether the coordination is told by a message too, which says that no seat has changed.
_TOLD: Final = frozenset(Why) - {Why.COMMENT, Why.BOUNCE}


@dataclass(frozen=True, kw_only=True)
class Inside:
    """What a letter shows besides its reason."""

    address: str = ""
    text: str = ""
    proposed_from: datetime | None = None
    proposed_to: datetime | None = None


NOTHING: Final = Inside()


def add(why: Why, person: Person, group_session: GroupSession | None, inside: Inside = NOTHING) -> bool:
    """List something that came in, inside the transaction of the caller; the same thing again is one letter.

    So are two answers of one stranger: the last word stands.

    Returns:
        Whether it was listed; False once this person's invitations bring too much of it.
    """
    same = select(Letter).where(
        Letter.person_id == person.id,
        Letter.group_session_id == (group_session.id if group_session else None),
        Letter.why.in_(_STRANGERS if why in _STRANGERS else {why}),
        Letter.address == inside.address,
        Letter.settled_at.is_(None),
    )
    if why is Why.COMMENT:
        same = same.where(Letter.text == inside.text)  # what she says then does not take the place of what she said
    known = db.session.execute(same.limit(1)).scalar_one_or_none()
    if known is None:
        if not limits.allow("courrier", person.organisation_id, str(person.public_id)):
            return False
        known = Letter(
            organisation_id=person.organisation_id,
            person_id=person.id,
            group_session_id=group_session.id if group_session else None,
            why=why.value,
        )
        db.session.add(known)
        if group_session is not None and why in _TOLD:
            _tell(why, group_session)
    known.why, known.address, known.text, known.came_at = why.value, inside.address, inside.text, now()
    known.proposed_from, known.proposed_to = inside.proposed_from, inside.proposed_to
    return True


def _tell(why: Why, group_session: GroupSession) -> None:
    explanation, advice = EXPLANATIONS[why]
    values = {
        **wording.session_values(group_session),
        "explication": typo(explanation),
        "conseil": typo(advice),
        "lien_courrier": f"{group_session.organisation.public_url}/coordination/courrier",
    }
    for one in coordinators(group_session.organisation_id):
        write_to(one, "reponse_agenda_a_regarder", values, about=About(group_session_id=group_session.id))


def tell_of_bounce(organisation_id: int, reason: str) -> None:
    """Tell the coordination that a message came back; it names nobody, and leads to the page that does."""
    organisation = db.session.get_one(Organisation, organisation_id)
    values = {"motif_technique": reason, "lien_courrier": f"{organisation.public_url}/coordination/courrier"}
    for one in coordinators(organisation_id):
        write_to(one, "adresse_rejetee", values)


def letters(organisation_id: int) -> list[Letter]:
    """Return what came in and is kept, what waits first, the newest first."""
    statement = (
        select(Letter)
        .where(Letter.organisation_id == organisation_id)
        .order_by(Letter.settled_at.is_not(None), Letter.came_at.desc(), Letter.id.desc())
        .options(joinedload(Letter.person), joinedload(Letter.group_session).joinedload(GroupSession.programme))
    )
    return list(db.session.execute(statement).scalars())


def standings(found: Iterable[Letter]) -> dict[tuple[int | None, int], Registration]:
    """Return what has become of the seat that each letter is about, by session and person."""
    wanted = {(one.group_session_id, one.person_id) for one in found}
    of_them = tuple_(Registration.group_session_id, Registration.person_id).in_(wanted)
    rows = db.session.execute(select(Registration).where(of_them)).scalars()
    return {(one.group_session_id, one.person_id): one for one in rows}


def of_person(person_id: int) -> list[dict[str, Any]]:
    """Return what came in about one person, for herself; an address that is not hers is not told."""
    statement = select(Letter).where(Letter.person_id == person_id).order_by(Letter.id)
    return [
        {
            "pourquoi": EXPLANATIONS[Why(one.why)][0],
            "texte": "" if one.why in _STRANGERS else one.text,
            "propose_du": one.proposed_from,
            "propose_au": one.proposed_to,
            "recu_le": one.came_at,
            "traite_le": one.settled_at,
        }
        for one in db.session.execute(statement).scalars()
    ]


def count_waiting(organisation_id: int) -> int:
    """Return how much nobody has looked at yet."""
    waiting = Letter.organisation_id == organisation_id, Letter.settled_at.is_(None)
    return db.session.execute(select(func.count(Letter.id)).where(*waiting)).scalar_one()


def settle(organisation_id: int, public_id: UUID, *, actor_id: int) -> bool:
    """Note that something was settled; False when there is no such thing. Doing it twice changes nothing."""
    with transaction():
        letter = locked(organisation_id, public_id)
        if letter is None:
            return False
        note_settled(letter, actor_id)
        return True


def locked(organisation_id: int, public_id: UUID) -> Letter | None:
    """Return one letter of this organisation, its row locked."""
    statement = select(Letter).where(Letter.organisation_id == organisation_id, Letter.public_id == public_id)
    return db.session.execute(statement.with_for_update()).scalar_one_or_none()


def note_settled(letter: Letter, actor_id: int) -> None:
    """Note that a letter is settled, inside the transaction of the caller; twice changes nothing."""
    if letter.settled_at is None:
        letter.settled_at = now()
        audit.record(
            letter.organisation_id,
            "courrier_traite",
            actor_id=actor_id,
            person_id=letter.person_id,
            group_session_id=letter.group_session_id,
        )


def settle_bounces(person_id: int, actor_id: int) -> None:
    """Note as settled, inside the transaction of the caller, what an address of hers that is no longer bad refused."""
    about = select(Letter).where(Letter.person_id == person_id, Letter.why == Why.BOUNCE, Letter.settled_at.is_(None))
    for letter in db.session.execute(about.with_for_update()).scalars():
        note_settled(letter, actor_id)
