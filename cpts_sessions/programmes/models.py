"""What is offered: programmes, and their dates."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_sessions.core.calendar_state import CalendarStateMixin
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person


class Audience(StrEnum):
    """Who may come."""

    ALL = "all"  # every professional of the territory
    MEMBERS = "members"  # members at once, others on request


class Programme(Base):
    """A scheme such as GAPP or cercles de paroles: its words, its rules, its defaults."""

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slug"),
        CheckConstraint("gender IN ('m', 'f')", name="gender"),
        CheckConstraint("audience IN ('all', 'members')", name="audience"),
    )
    shown_to_everyone = True

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str]
    name: Mapped[str]  # "Cercles de paroles"
    session_title: Mapped[str]  # one session: "Cercle de paroles"
    singular: Mapped[str]  # in a sentence: "cercle de paroles"
    plural: Mapped[str]
    gender: Mapped[str] = mapped_column(default="m")
    description: Mapped[str] = mapped_column(default="")
    charter: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default=Audience.ALL.value)
    action: Mapped[int | None] = mapped_column(default=None)  # ACI action number: 29, 30…
    part_variable_euros: Mapped[int | None] = mapped_column(default=None)
    duration_minutes: Mapped[int] = mapped_column(default=120)
    capacity: Mapped[int] = mapped_column(default=12)
    minimum: Mapped[int] = mapped_column(default=4)
    place_name: Mapped[str] = mapped_column(default="")  # empty: the organisation's
    place_address: Mapped[str] = mapped_column(default="")
    place_access: Mapped[str] = mapped_column(default="")
    town: Mapped[str] = mapped_column(default="")
    is_confidential: Mapped[bool] = mapped_column(default=False)
    counts_animators: Mapped[bool] = mapped_column(default=True)
    goes_together: Mapped[bool] = mapped_column(default=False)  # as a training: one signs up to all its dates at once
    is_archived: Mapped[bool] = mapped_column(default=False)
    sort_order: Mapped[int] = mapped_column(default=0)
    reminds_week_before: Mapped[bool] = mapped_column(default=True)
    reminds_day_before: Mapped[bool] = mapped_column(default=True)
    questionnaire_slug: Mapped[str | None] = mapped_column(default=None)  # asked of those who came; None: nothing is
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, onupdate=now)


class SessionStatus(StrEnum):
    """Stored states of a session; "complète", "à clore", "passée" are computed."""

    DRAFT = "draft"
    OPEN = "open"
    HELD = "held"
    CANCELLED = "cancelled"


class GroupSession(Base):
    """One date of a programme. Never call it `session`: Flask and SQLAlchemy own the word."""

    __tablename__ = "group_session"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'open', 'held', 'cancelled')", name="status"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity >= 1", name="capacity"),
        Index("ix_group_session_organisation_id_starts_at", "organisation_id", "starts_at"),
    )
    shown_to_everyone = True

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(default=SessionStatus.DRAFT.value)
    capacity: Mapped[int] = mapped_column(default=12)
    minimum: Mapped[int] = mapped_column(default=4)
    place_name: Mapped[str] = mapped_column(default="")
    place_address: Mapped[str] = mapped_column(default="")
    place_access: Mapped[str] = mapped_column(default="")
    town: Mapped[str] = mapped_column(default="")
    video_url: Mapped[str] = mapped_column(default="")
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # sign-ups
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    is_discovery: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(default="")  # for everyone, on the session's page
    cancel_reason: Mapped[str] = mapped_column(default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    revision: Mapped[int] = mapped_column(default=1)  # grows with every edit: two coordinators at once
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, onupdate=now)
    programme: Mapped[Programme] = relationship(init=False)
    organisation: Mapped[Organisation] = relationship(init=False)
    animators: Mapped[list["SessionAnimator"]] = relationship(
        init=False, back_populates="group_session", cascade="all, delete-orphan", order_by="SessionAnimator.id"
    )

    @property
    def duration(self) -> timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at

    @property
    def season(self) -> int:
        """The calendar year it belongs to, by its start in local time."""
        return local(self.starts_at).year

    @property
    def goes_together(self) -> bool:
        """Whether one signs up to it with the other dates of its season, never to it alone."""
        return self.programme.goes_together and not self.is_discovery

    @property
    def last_change_at(self) -> datetime:
        """When what is said of it last changed, the words of its programme included."""
        dates = (self.created_at, self.changed_at, self.moved_at, self.cancelled_at, self.programme.changed_at)
        return max(date for date in dates if date)


class SessionAnimator(CalendarStateMixin, Base):
    """A person who animates one session, with what the report needs copied when it was given to her."""

    __tablename__ = "session_animator"
    __table_args__ = (UniqueConstraint("group_session_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    profession_slug: Mapped[str | None] = mapped_column(default=None)
    civility: Mapped[str | None] = mapped_column(default=None)
    group_session: Mapped[GroupSession] = relationship(init=False, back_populates="animators")
    person: Mapped[Person] = relationship(init=False, lazy="joined", innerjoin=True)
    shown_to_everyone = True


class SeasonAnimator(Base):
    """A person who animates the sessions of a programme in one season (calendar year).

    Sessions of that season imported afterwards are given to her, whichever file comes first.
    """

    __tablename__ = "season_animator"
    __table_args__ = (UniqueConstraint("person_id", "programme_id", "season"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    season: Mapped[int]
    person: Mapped[Person] = relationship(init=False)
