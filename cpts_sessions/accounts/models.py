"""Who may enter, and how: roles, sign-in links, open sign-ins, limits."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base
from cpts_sessions.people.models import Person


class RoleName(StrEnum):
    """What a person may do beyond her own page."""

    ANIMATOR = "animator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Role(Base):
    """A right given to a person. An animator's is for one programme, or for the sessions given to her."""

    __tablename__ = "role"
    __table_args__ = (
        UniqueConstraint("person_id", "name", "programme_id"),
        Index(  # NULLs are distinct: without it a role for no programme could be given twice
            "uq_role_person_id_name_alone",
            "person_id",
            "name",
            unique=True,
            sqlite_where=text("programme_id IS NULL"),
            postgresql_where=text("programme_id IS NULL"),
        ),
        CheckConstraint("name IN ('animator', 'coordinator', 'administrator')", name="name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    # None: administrator of the whole installation
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True, default=None
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), default=None)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # chosen by whoever has it
    # « Passer la main »: who waits for her to come in, a person's id (no foreign key), and when she was invited
    handed_over_by_id: Mapped[int | None] = mapped_column(default=None)
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    person: Mapped[Person] = relationship(init=False)


class SignInLink(Base):
    """A single-use way in, asked for by mail or on the server. The token is derived from `public_id`."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    is_staff: Mapped[bool] = mapped_column(default=False)
    browser_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), default=None)  # staff: who asked
    tries_left: Mapped[int] = mapped_column(default=5)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    person: Mapped[Person] = relationship(init=False)


class OpenSignIn(Base):
    """A browser that is signed in; deleting the row closes it at once."""

    __tablename__ = "open_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    device: Mapped[str] = mapped_column(default="")  # "Firefox sur Android"
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    person: Mapped[Person] = relationship(init=False)


class LimitHit(Base):
    """One counted act of one mailbox; the address itself is not kept."""

    __tablename__ = "limit_hit"
    __table_args__ = (Index("ix_limit_hit_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
