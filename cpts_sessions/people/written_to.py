"""Whose messages: those to somebody, found by her name or by the address they went to."""

from sqlalchemy import and_, or_

from cpts_sessions.core.sought import words_of
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.search import Condition, matching


def written_to(organisation_id: int, words: str) -> Condition:
    """Return the condition that a message went to somebody who answers the words."""
    addresses = [OutboxMessage.to_address.icontains(word, autoescape=True) for word in words_of(words)]
    hers = OutboxMessage.person_id.in_(matching(organisation_id, words))
    return or_(hers, and_(*addresses)) if addresses else hers
