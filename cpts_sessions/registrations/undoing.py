"""« Ce n'est pas moi »: undoing what somebody asked for with another's address; nobody is told."""

from typing import Final

from sqlalchemy import delete

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import lock, tables_naming
from cpts_sessions.registrations.models import EndedBy, Enrolment, Registration, Status
from cpts_sessions.registrations.seats import locked
from cpts_sessions.registrations.waiting_list import end, serve

#: What a stranger can ask for; anything else says that she came, or animates.
_REQUESTS: Final = {Registration.__tablename__, Enrolment.__tablename__}
#: What comes with a request, and says nothing more of whoever made it.
_BROUGHT: Final = {"outbox_message", "sign_in_link", "open_sign_in", "personal_feed", "letter", "distinct_pair"}


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
    elif registration.is_live or registration.ended_by == EndedBy.SESSION:  # which might be held after all
        end(registration, Status.CANCELLED, EndedBy.PERSON)
        registration.is_invited = False


def forget_if_alone(person: Person) -> None:
    """Delete a person of whom nothing else is known: no other request, no answer, no role; who is no member."""
    db.session.flush()
    if lock(person.id) is None or person.is_member:
        return
    if tables_naming(person.id, those_that_go_too=True) <= _BROUGHT:
        db.session.execute(delete(OutboxMessage).where(OutboxMessage.person_id == person.id))
        db.session.delete(person)
        db.session.flush()
