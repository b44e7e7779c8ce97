"""« Un mot à la coordination »: signed, read at once, for what should not wait until the answers are opened."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people import queries as people
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.questionnaires.models import Word
from cpts_sessions.registrations.coordination import coordinators

LONGEST: Final = 2000
EMPTY: Final = "Écrivez quelques mots avant d’envoyer."
_TWICE: Final = timedelta(minutes=10)


def send(person_id: int, text: str) -> None:
    """Keep a word and tell the coordination that it is there; the message names nobody and quotes nothing.

    The same words sent again within ten minutes are one word: a button pressed twice.

    Raises:
        RuleBroken: nothing is written, or too much.
    """
    text = text.strip()
    if not text:
        raise RuleBroken(EMPTY)
    if len(text) > LONGEST:
        raise RuleBroken(typo(f"Votre mot compte {len(text)} caractères, pour {LONGEST} au plus. Raccourcissez-le."))
    with transaction():
        person = people.lock(person_id)
        if person is None or _is_here(person, text):
            return
        db.session.add(Word(organisation_id=person.organisation_id, person_id=person.id, text=text))
        organisation = db.session.get_one(Organisation, person.organisation_id)
        link = {"lien_mots": f"{organisation.public_url}/coordination/mots"}
        for one in coordinators(person.organisation_id):
            write_to(one, "mot_a_la_coordination", link)


def mark_answered(organisation_id: int, public_id: UUID, *, actor_id: int) -> bool:
    """Note that a word was answered; False when there is none. Doing it twice changes nothing."""
    with transaction():
        statement = select(Word).where(Word.organisation_id == organisation_id, Word.public_id == public_id)
        word = db.session.execute(statement.with_for_update()).scalar_one_or_none()
        if word is None:
            return False
        if word.answered_at is None:
            word.answered_at = now()
            audit.record(organisation_id, "mot_traite", actor_id=actor_id, person_id=word.person_id)
        return True


def words(organisation_id: int) -> list[Word]:
    """Return the words that are kept, those that wait first, the newest first."""
    statement = (
        select(Word)
        .where(Word.organisation_id == organisation_id)
        .order_by(Word.answered_at.is_not(None), Word.written_at.desc(), Word.id.desc())
        .options(joinedload(Word.person))
    )
    return list(db.session.execute(statement).scalars())


def count_waiting(organisation_id: int) -> int:
    """Return how many words nobody answered yet."""
    statement = select(func.count(Word.id)).where(Word.organisation_id == organisation_id, Word.answered_at.is_(None))
    return db.session.execute(statement).scalar_one()


def _is_here(person: Person, text: str) -> bool:
    statement = select(Word.id).where(Word.person_id == person.id, Word.text == text, Word.written_at > now() - _TWICE)
    return db.session.execute(statement.limit(1)).first() is not None
