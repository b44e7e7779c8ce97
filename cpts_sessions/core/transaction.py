"""The only place that commits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import bindparam, event, update
from sqlalchemy.orm import Session

from cpts_sessions.core.public_version import PublicVersion
from cpts_sessions.extensions import db

_OPEN = "cpts_transaction_open"
_TOUCHED = "cpts_public_organisations"
_sqlite_writer = threading.RLock()
_RENEW = (
    update(PublicVersion)
    .where(PublicVersion.organisation_id.in_(bindparam("organisations", expanding=True)))
    .values(version=PublicVersion.version + 1)
    .execution_options(synchronize_session=False)
)


@contextmanager
def transaction() -> Iterator[None]:
    """Make everything inside the block happen, or nothing. The outermost block commits.

    On SQLite one process-wide lock stands before BEGIN IMMEDIATE: it is fairer than the
    engine's own busy handler. Whoever changed a row that every visitor sees renews the
    cached pages of its organisation, in the same commit.

    Raises:
        RuntimeError: something was changed before the block, hence outside any transaction.
    """
    info = db.session.info
    if info.get(_OPEN):
        yield
        return
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("a write was made outside transaction()")
    db.session.commit()  # end the read transaction, so that the next one starts with a lock
    is_sqlite = db.engine.dialect.name == "sqlite"
    with _sqlite_writer if is_sqlite else nullcontext():
        db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        info[_OPEN] = True
        try:
            yield
            db.session.flush()
            _renew_public_pages(info.pop(_TOUCHED, set()))
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            info.pop(_OPEN, None)
            info.pop(_TOUCHED, None)


def _renew_public_pages(organisation_ids: set[int]) -> None:
    if organisation_ids:
        db.session.execute(_RENEW, {"organisations": sorted(organisation_ids)})


@event.listens_for(Session, "before_flush")
def _note_public_changes(session: Session, _context: object, _instances: object) -> None:
    touched = session.info.setdefault(_TOUCHED, set())
    for changed in (session.new, session.dirty, session.deleted):
        for row in changed:
            if getattr(row, "shown_to_everyone", False) and row.organisation_id is not None:
                touched.add(row.organisation_id)
