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
    if count(what, organisation_id, address) >= most:
        return False
    db.session.add(LimitHit(key=_key(what, organisation_id, address)))
    return True


def count(what: str, organisation_id: int, address: str) -> int:
    """Return how many acts of the last hour were counted."""
    hits = select(func.count()).select_from(LimitHit)
    mine = hits.where(LimitHit.key == _key(what, organisation_id, address), LimitHit.at > now() - WINDOW)
    return db.session.execute(mine).scalar_one()


def forget_old() -> None:
    """Remove hits that no longer count."""
    db.session.execute(delete(LimitHit).where(LimitHit.at <= now() - WINDOW))


def _key(what: str, organisation_id: int, address: str) -> bytes:
    return derive(f"limit:{what}:{organisation_id}:{address.strip().lower()}")
