"""The registers of actions 27, 28 and 31. No person is in them: organisations, numbers, days and what was done."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base


class Channel(StrEnum):
    """By what a communication reached people; the values are stored."""

    SITE = "site"
    NEWSLETTER = "newsletter"
    STAND = "stand"
    WORKSHOP = "workshop"
    LEAFLETS = "leaflets"
    OTHER = "other"


class HelpRequest(Base):
    """Action 27: what another CPTS or structure asked for, about one tool.

    One row is one request, with its day; or, imported, several of one year under one row, without day nor asker.
    """

    __tablename__ = "help_request"
    __table_args__ = (
        CheckConstraint("count > 0", name="count"),
        CheckConstraint("day IS NULL OR count = 1", name="one_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    year: Mapped[int]  # that of the day, when there is one
    day: Mapped[date | None] = mapped_column(default=None)
    tool: Mapped[str]
    asker: Mapped[str] = mapped_column(default="")  # the name of an organisation, never of a person
    natures: Mapped[str] = mapped_column(default="")  # separated by commas, as typed
    needs: Mapped[str] = mapped_column(default="")
    count: Mapped[int] = mapped_column(default=1)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class Communication(Base):
    """Action 28: one thing that made the psychological support known."""

    __tablename__ = "communication"
    __table_args__ = (
        CheckConstraint("channel IN ('site', 'newsletter', 'stand', 'workshop', 'leaflets', 'other')", name="channel"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]  # the first of the month when only the month is known
    is_month_only: Mapped[bool]
    channel: Mapped[str]
    what: Mapped[str]  # as it is called in the sentence of the report: « stand au Colloque »
    link: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class SupportedPeople(Base):
    """Action 28: how many professionals were supported in a year. A number, and nothing else can be stored."""

    __tablename__ = "supported_people"
    __table_args__ = (UniqueConstraint("organisation_id", "year"), CheckConstraint("count >= 0", name="count"))

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    year: Mapped[int]
    count: Mapped[int]


class Step(Base):
    """Action 31: one thing that was done, on one day, to make the territory attractive."""

    __tablename__ = "attractiveness_step"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
