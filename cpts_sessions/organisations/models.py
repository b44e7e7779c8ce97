"""One CPTS, and the installation it lives in."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base

#: The colour of a CPTS that has not chosen its own.
FIRST_COLOUR: Final = "#11645b"


class Organisation(Base):
    """A CPTS. Its `public_url` and `mail_address` are the only sources of links and senders."""

    __tablename__ = "organisation"
    shown_to_everyone = True

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    public_url: Mapped[str]  # scheme and host, no final slash
    mail_address: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    postal_address: Mapped[str] = mapped_column(default="")
    place_name: Mapped[str] = mapped_column(default="Salle de réunion de la CPTS")
    place_address: Mapped[str] = mapped_column(default="")
    place_access: Mapped[str] = mapped_column(default="")
    town: Mapped[str] = mapped_column(default="")
    brand_color: Mapped[str] = mapped_column(default=FIRST_COLOUR)
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, deferred=True)
    logo_type: Mapped[str | None] = mapped_column(default=None)
    help_line: Mapped[str] = mapped_column(default="SPS 0 805 23 23 36")
    crisis_line: Mapped[str] = mapped_column(default="3114")
    emergency_line: Mapped[str] = mapped_column(default="15")
    legal: Mapped[dict[str, str]] = mapped_column(JSON, default_factory=dict)  # statut, dpo, hebergeur…
    signatory_name: Mapped[str] = mapped_column(default="")  # of attestations
    signatory_function: Mapped[str] = mapped_column(default="")
    registration_months: Mapped[int] = mapped_column(default=12)  # kept after the session
    person_months: Mapped[int] = mapped_column(default=24)  # kept after the last activity
    message_months: Mapped[int] = mapped_column(default=6)
    audit_years: Mapped[int] = mapped_column(default=3)
    attestation_years: Mapped[int] = mapped_column(default=6)  # one period of certification
    backup_days: Mapped[int] = mapped_column(default=35)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)

    # The organisation is its own scope; the column name is shared by every scoped table.
    @property
    def organisation_id(self) -> int:
        """Return its own id: what is shown of it is scoped to itself."""
        return self.id


class FirstSteps(Base):
    """Where a new CPTS stands in its first steps, for whichever of its coordinators takes them up again.

    What exists (dates, members, a logo) is not repeated here; without a row nothing is proposed on the desk.
    """

    __tablename__ = "first_steps"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    passed: Mapped[dict[str, str]] = mapped_column(JSON, default_factory=dict)  # step: "done" or "skipped"
    tested_address: Mapped[str] = mapped_column(default="")  # the sender of the last trial message
    test_trouble: Mapped[str] = mapped_column(default="")  # why it did not leave, in French
    tested_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # somebody said she received it
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Installation(Base):
    """One row: what happened once to this installation."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    first_organisation_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_retention_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    key_fingerprint: Mapped[str | None] = mapped_column(default=None)  # of the master key it started with
