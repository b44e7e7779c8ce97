"""What came in by mail and is stored: the last answer of each agenda, which mails were read, what is to be looked at.

Nothing of a mail that is neither an answer to an invitation of ours nor a bounce of a message of ours.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession


class CalendarAnswer(Base):
    """The last answer to one invitation: an older one that comes late changes nothing (RFC 5546, 2.1.5)."""

    __tablename__ = "calendar_answer"
    __table_args__ = (
        CheckConstraint("(registration_id IS NULL) <> (session_animator_id IS NULL)", name="invited"),
        UniqueConstraint("registration_id"),
        UniqueConstraint("session_animator_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    session_animator_id: Mapped[int | None] = mapped_column(ForeignKey("session_animator.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    stamp: Mapped[datetime] = mapped_column(UtcDateTime)
    partstat: Mapped[str]


class ReceivedMail(Base):
    """A mail already read, by the digest of its Message-ID: two workers, or two ways in, act on it once."""

    __tablename__ = "received_mail"
    __table_args__ = (UniqueConstraint("organisation_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class Why(StrEnum):
    """Why the coordination is to look at what came in."""

    OTHER_ADDRESS = "autre_adresse"
    OTHER_ADDRESS_YES = "autre_adresse_oui"
    OTHER_ADDRESS_NO = "autre_adresse_non"
    OTHER_ADDRESS_MAYBE = "autre_adresse_peut_etre"
    COUNTER = "contre_proposition"
    COMMENT = "commentaire"
    ANIMATOR_AWAY = "animation_absente"
    SIGN_UPS_CLOSED = "inscriptions_closes"
    MAYBE_WITHOUT_SEAT = "peut_etre_sans_place"
    OTHER_ANSWER = "autre_reponse"
    BOUNCE = "rejet"


class Letter(Base):
    """Something that came in and that only a human can settle. Forgotten with the messages, erased with the person."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    group_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_session.id", ondelete="CASCADE"), index=True, default=None
    )
    why: Mapped[str]
    address: Mapped[str] = mapped_column(default="")  # the one that answered in her place, or that refused a message
    text: Mapped[str] = mapped_column(default="")  # her comment, or the server's words
    proposed_from: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    proposed_to: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    person: Mapped[Person] = relationship(init=False)
    group_session: Mapped[GroupSession | None] = relationship(init=False)
