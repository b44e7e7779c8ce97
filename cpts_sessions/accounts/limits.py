"""Counting what one mailbox may ask for in an hour."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from cpts_sessions.accounts.models import LimitHit
from cpts_sessions.core.clock import now
from cpts_sessions.core.secrets import derive
from cpts_sessions.extensions import db

WINDOW = timedelta(hours=1)
MAILS_PER_WINDOW = 5


def allow(what: str, organisation_id: int, address: str, most: int = MAILS_PER_WINDOW) -> bool:
    """Count one act and tell whether it stays within the limit; beyond it nothing is counted.

    Only for what a stranger can provoke at will (sign-in links, repeated requests): a confirmation,
    an invitation or a change of state is never limited. Call inside a transaction.
    """
    key = derive(f"limit:{what}:{organisation_id}:{address.strip().lower()}")
    since = now() - WINDOW
    count = select(func.count()).select_from(LimitHit).where(LimitHit.key == key, LimitHit.at > since)
    if db.session.execute(count).scalar_one() >= most:
        return False
    db.session.add(LimitHit(key=key))
    return True


def forget_old() -> None:
    """Remove hits that no longer count."""
    db.session.execute(delete(LimitHit).where(LimitHit.at <= now() - WINDOW))
