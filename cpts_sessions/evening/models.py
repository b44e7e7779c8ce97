"""What opens the page of an evening, and what was noted of it for the coordination."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession


class LinkState(StrEnum):
    """What an evening link answers."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    REVOKED = "revoked"  # cut, or no longer hers, or the session does not take place


class Reopening(StrEnum):
    """Why a session is opened again: the journal keeps no free text, hence a few reasons and no other."""

    CORRECT = "corriger"
    ADD = "ajouter"
    TOO_EARLY = "trop-tot"
    MISTAKE = "erreur"


REOPENINGS: Final = {
    Reopening.CORRECT: "Une présence ou une absence est à corriger",
    Reopening.ADD: "Une personne est à ajouter",
    Reopening.TOO_EARLY: "La séance a été close trop tôt",
    Reopening.MISTAKE: "La séance a été close par erreur",
}


class EveningLink(Base):
    """The link by which one person who animates notes who came to one session, without signing in.

    A link that was cut is given another key before it is sent again: what it opened stays closed.
    """

    __tablename__ = "evening_link"
    __table_args__ = (UniqueConstraint("group_session_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    sent_for: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # the start it announced
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # that the session is not closed
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    group_session: Mapped[GroupSession] = relationship(init=False)
    person: Mapped[Person] = relationship(init=False)


class EveningNote(Base):
    """What whoever animates tells the coordination of a session: room, material, hour; nothing of what was said."""

    __tablename__ = "evening_note"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    text: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    person: Mapped[Person | None] = relationship(init=False)
