"""The journal of acts: kinds, ids and plain values, never a name, an e-mail or free text."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base, db


class AuditEntry(Base):
    """One act. Append-only; the French sentence is composed when shown."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(default=None)  # a person's id, no foreign key: she may be erased
    person_id: Mapped[int | None] = mapped_column(default=None)
    group_session_id: Mapped[int | None] = mapped_column(default=None)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)


def record(
    organisation_id: int,
    kind: str,
    *,
    actor_id: int | None = None,
    person_id: int | None = None,
    group_session_id: int | None = None,
    **values: str | int | bool | None,
) -> None:
    """Write one line of the journal, inside the transaction of the act."""
    entry = AuditEntry(
        organisation_id=organisation_id,
        kind=kind,
        actor_id=actor_id,
        person_id=person_id,
        group_session_id=group_session_id,
        values=dict(values),
    )
    db.session.add(entry)
