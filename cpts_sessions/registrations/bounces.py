"""A message of ours came back: the address is marked, and nothing is written to it until somebody looks."""

from sqlalchemy import select

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.incoming import Bounce
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.people import queries as people
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import letters
from cpts_sessions.registrations.received import ReceivedMail, Why


def note(bounce: Bounce) -> bool:
    """Mark the address that refused a message of ours, and list it; a second report of it changes nothing.

    The message is known by the random id in its Message-ID: whoever never received it cannot name it.

    Returns:
        Whether the message was one of ours.
    """
    with transaction():
        message = _message(bounce)
        if message is None:
            return False
        if not first_time(message.organisation_id, bounce.key) or message.last_error:
            return True
        reason = typo(bounce.reason or "refus sans explication")
        message.last_error = reason
        person = people.lock(message.person_id) if message.person_id else None
        if person is None or (person.email or "").lower() != message.to_address.lower():
            return True  # erased, or corrected since
        about = db.session.get(GroupSession, message.group_session_id) if message.group_session_id else None
        letters.add(Why.BOUNCE, person, about, letters.Inside(address=message.to_address, text=reason))
        if person.bounced_at is None:
            person.bounced_at = now()
            audit.record(person.organisation_id, "adresse_rejetee", person_id=person.id)
            letters.tell_of_bounce(person.organisation_id, reason)
        return True


def _message(bounce: Bounce) -> OutboxMessage | None:
    statement = select(OutboxMessage).where(
        OutboxMessage.public_id == bounce.public_id,
        OutboxMessage.kind == bounce.kind,
        OutboxMessage.status.in_((MessageStatus.SENT, MessageStatus.SENDING)),
    )
    return db.session.execute(statement.with_for_update()).scalar_one_or_none()


def first_time(organisation_id: int, key: bytes) -> bool:
    """Note that a mail is read; False when it was already. What it is about is locked by the caller."""
    seen = select(ReceivedMail.id).where(ReceivedMail.organisation_id == organisation_id, ReceivedMail.digest == key)
    if db.session.execute(seen).first() is not None:
        return False
    db.session.add(ReceivedMail(organisation_id=organisation_id, digest=key))
    db.session.flush()
    return True
