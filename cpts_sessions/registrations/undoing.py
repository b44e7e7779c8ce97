"""« Ce n'est pas moi »: undoing what somebody asked for with another's address; nobody is told."""

from typing import Final

from sqlalchemy import delete, func, or_, select

from cpts_sessions.accounts.models import Role
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import lock, tables_naming
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.registrations.models import DateAlert, EndedBy, Enrolment, Registration, Status
from cpts_sessions.registrations.seats import locked
from cpts_sessions.registrations.waiting_list import end, serve

#: What a stranger can ask for; anything else says that she came, or animates.
_REQUESTS: Final = {Registration.__tablename__, Enrolment.__tablename__}


def not_me(registration_id: int) -> None:
    """Undo a request somebody made with another's address: frees the seat, forgets her if she was new.

    Tells nobody; messages that still wait are dropped. Asking twice changes nothing.
    """
    with transaction():
        try:
            registration, group_session = locked(registration_id)
        except RuleBroken:
            return  # undone already: the button was pressed twice
        person = registration.person
        made_person = registration.made_person
        drop(registration)
        if made_person:
            forget_if_alone(person)
        audit.record(group_session.organisation_id, "pas_moi", group_session_id=group_session.id)
        serve(group_session)


def drop(registration: Registration) -> None:
    """Remove what a stranger asked for: the row when nothing was there before, nor since; else its end without a word.

    After the start nothing moves: only what waits to be sent is dropped.
    """
    db.session.execute(delete(OutboxMessage).where(OutboxMessage.registration_id == registration.id))
    if now() >= registration.group_session.starts_at:
        return
    if registration.made_person and tables_naming(registration.person_id) <= _REQUESTS:
        db.session.delete(registration)
        db.session.flush()
    elif registration.is_live:
        end(registration, Status.CANCELLED, EndedBy.PERSON)
        registration.is_invited = False


def forget_if_alone(person: Person) -> None:
    """Delete a person of whom nothing else is known: no other request, no role, nothing animated."""
    db.session.flush()
    if lock(person.id) is None:
        return
    known = select(
        or_(
            *(
                select(func.count()).where(column == person.id).scalar_subquery() > 0
                for column in (
                    Registration.person_id,
                    Enrolment.person_id,
                    DateAlert.person_id,
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
