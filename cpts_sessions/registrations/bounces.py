"""A message of ours came back: the address is marked, and nothing is written to it until somebody looks."""

from uuid import UUID

from sqlalchemy import exists, select

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.mail.incoming import Bounce
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.services import redirect_undelivered
from cpts_sessions.people import queries as people
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.registrations import letters, messages
from cpts_sessions.registrations.models import Registration, Status
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


def forgive(person: Person, actor_id: int) -> None:
    """Write again to an address that is corrected or found to be good: what she did not receive of her seats first.

    Nothing more is to be done about what was refused, which is thereby settled.

    Inside the transaction of the caller, who lets leave what waited. Nothing happens to an address never refused.
    """
    if person.bounced_at is None:
        return
    person.bounced_at = None
    letters.settle_bounces(person.id, actor_id)
    lost = exists().where(
        OutboxMessage.registration_id == Registration.id,
        OutboxMessage.status == MessageStatus.SENT,
        OutboxMessage.last_error != "",
    )
    statement = (
        select(Registration)
        .join(Registration.group_session)
        .where(
            Registration.person_id == person.id,
            Registration.status == Status.CONFIRMED,
            GroupSession.status == SessionStatus.OPEN,
            GroupSession.starts_at > now(),
            lost,
        )
        .order_by(GroupSession.starts_at)
    )
    for registration in db.session.execute(statement).scalars().all():
        messages.write(registration, "inscription_confirmee", event=Event.TEXT_MENDED)


def address_is_good(organisation_id: int, public_id: UUID, *, actor_id: int) -> int | None:
    """Write again to an address that refused a message: what waited for it leaves.

    Returns:
        How many messages leave; None when there is no such letter.
    """
    with transaction():
        letter = letters.locked(organisation_id, public_id)
        if letter is None or letter.why != Why.BOUNCE:
            return None
        letters.note_settled(letter, actor_id)
        person = people.lock(letter.person_id)
        if person is None or person.email is None or person.bounced_at is None:
            return 0
        forgive(person, actor_id)
        audit.record(organisation_id, "adresse_confirmee", actor_id=actor_id, person_id=person.id)
        return redirect_undelivered(person.id, person.email, person.full_name)


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
    return True
