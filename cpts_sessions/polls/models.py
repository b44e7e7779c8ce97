"""Date polls: slots proposed to people the CPTS knows, what each answers, and the dates they led to."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import Programme


class Reply(StrEnum):
    """What one person says of one slot."""

    YES = "yes"  # if it is chosen, a seat is asked for her
    IF_NEEDED = "if_needed"  # possible, not ideal: she is told, and chooses
    NO = "no"


class DatePoll(Base):
    """Slots of one programme, proposed until a deadline; closed when its dates are chosen, or given up."""

    __tablename__ = "date_poll"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    programme: Mapped[Programme] = relationship(init=False)
    slots: Mapped[list["PollSlot"]] = relationship(
        init=False, back_populates="poll", cascade="all, delete-orphan", order_by="PollSlot.starts_at"
    )


class PollSlot(Base):
    """One date that a poll proposes. Answers that were forgotten stay counted in it, without a name."""

    __tablename__ = "poll_slot"
    __table_args__ = (
        UniqueConstraint("poll_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    poll_id: Mapped[int] = mapped_column(ForeignKey("date_poll.id", ondelete="CASCADE"), init=False)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    group_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_session.id", ondelete="SET NULL"), index=True, default=None
    )
    nameless_yes: Mapped[int] = mapped_column(default=0)
    nameless_if_needed: Mapped[int] = mapped_column(default=0)
    nameless_no: Mapped[int] = mapped_column(default=0)
    poll: Mapped[DatePoll] = relationship(init=False, back_populates="slots")


class PollInvitation(Base):
    """One person asked, with the link by which she answers and changes her mind until the deadline."""

    __tablename__ = "poll_invitation"
    __table_args__ = (UniqueConstraint("poll_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("date_poll.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    suggestion: Mapped[str] = mapped_column(default="")  # the slot she would like; for the coordination only
    poll: Mapped[DatePoll] = relationship(init=False)
    person: Mapped[Person] = relationship(init=False)


class PollAnswer(Base):
    """What one person says of one slot; `answered_at` is when she last changed it: the order of those who said yes."""

    __tablename__ = "poll_answer"
    __table_args__ = (
        UniqueConstraint("slot_id", "person_id"),
        CheckConstraint("reply IN ('yes', 'if_needed', 'no')", name="reply"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    slot_id: Mapped[int] = mapped_column(ForeignKey("poll_slot.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reply: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    person: Mapped[Person] = relationship(init=False)
    slot: Mapped[PollSlot] = relationship(init=False)
