"""What the outbox holds, read as the tests need it."""

from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage


def kinds(*, of: object = None) -> list[str]:
    """Return the kinds of the messages, oldest first; `of` is a person."""
    query = db.session.query(OutboxMessage).order_by(OutboxMessage.id)
    if of is not None:
        query = query.filter_by(person_id=of.id)  # type: ignore[attr-defined]
    return [message.kind for message in query]


def last() -> OutboxMessage:
    """Return the newest message."""
    message = db.session.query(OutboxMessage).order_by(OutboxMessage.id.desc()).first()
    assert message is not None
    return message


def written() -> list[tuple[str, str]]:
    """Return (kind, address) of every message, oldest first."""
    return [(m.kind, m.to_address) for m in db.session.query(OutboxMessage).order_by(OutboxMessage.id)]
