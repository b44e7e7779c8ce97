"""What can be done once a session is over."""

from cpts_sessions.evening import rules
from cpts_sessions.programmes.models import GroupSession


def can_be_reopened(group_session: GroupSession) -> bool:
    """Whether a session was closed, or put among the cancelled because nobody came."""
    return rules.is_reopenable(group_session)
