"""Who asked for what: a season of a programme, a seat in a session."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_sessions.core.calendar_state import CalendarStateMixin
from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme


class Status(StrEnum):
    """States of a registration; seats taken = confirmed + offered."""

    REQUESTED = "requested"  # waits for the coordination's yes
    CONFIRMED = "confirmed"
    OFFERED = "offered"  # seat held until `offer_expires_at`
    WAITING = "waiting"  # rank by `queued_at`
    WALK_IN = "walk_in"  # came unannounced: holds no seat, is never refused
    CANCELLED = "cancelled"
    DECLINED = "declined"  # offer refused or expired, date of an enrolment declined, request refused


SEATED = (Status.CONFIRMED, Status.OFFERED)
LIVE = (Status.REQUESTED, Status.CONFIRMED, Status.OFFERED, Status.WAITING, Status.WALK_IN)


class EndedBy(StrEnum):
    """Who ended a cancelled or declined registration."""

    PERSON = "person"
    CALENDAR = "calendar"
    COORDINATION = "coordination"
    SESSION = "session"  # the session itself was cancelled
    CLOCK = "clock"  # the offer expired


class Enrolment(Base):
    """A standing sign-up to every date of one programme in one season (calendar year)."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("person_id", "programme_id", "season"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    season: Mapped[int]
    profession_slug: Mapped[str | None] = mapped_column(default=None)  # as told when she enrolled
    civility: Mapped[str | None] = mapped_column(default=None)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_person: Mapped[bool] = mapped_column(default=False)  # she was unknown before this request
    is_pending: Mapped[bool] = mapped_column(default=False)  # asked by a non-member: the coordination decides
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    continue_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # « Continuez en 2027 ? »
    continue_refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    person: Mapped[Person] = relationship(init=False)
    programme: Mapped[Programme] = relationship(init=False)


class Registration(CalendarStateMixin, Base):
    """One person asks for one seat in one session.

    Kept when cancelled: late cancellations are counted. A new request by the same person
    revives the row, at the end of the list, with the next SEQUENCE.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("group_session_id", "person_id"),
        CheckConstraint(
            "status IN ('requested', 'confirmed', 'offered', 'waiting', 'walk_in', 'cancelled', 'declined')",
            name="status",
        ),
        CheckConstraint("(status = 'offered') = (offer_expires_at IS NOT NULL)", name="offer_has_a_deadline"),
        CheckConstraint("ended_by IN ('person', 'calendar', 'coordination', 'session', 'clock')", name="ended_by"),
        Index("ix_registration_group_session_id_status_queued_at", "group_session_id", "status", "queued_at"),
    )
    shown_to_everyone = True

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True, default=None)
    status: Mapped[str]
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)  # rank when waiting
    offer_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    free_seat_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # "une place est libre"
    ended_by: Mapped[str | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_from: Mapped[str | None] = mapped_column(default=None)  # what she had until then
    # As told when she asked: past reports never move, and a form never writes over her record.
    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str] = mapped_column(default="")
    civility: Mapped[str | None] = mapped_column(default=None)
    profession_slug: Mapped[str | None] = mapped_column(default=None)
    phone: Mapped[str | None] = mapped_column(default=None)  # erased 7 days after the session
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_person: Mapped[bool] = mapped_column(default=False)  # she was unknown before this request
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # told by telephone of a cancellation
    group_session: Mapped[GroupSession] = relationship(init=False)
    person: Mapped[Person] = relationship(init=False)

    @property
    def is_live(self) -> bool:
        """Whether she still asks for, holds or took a place."""
        return self.status in LIVE


class PersonalFeed(Base):
    """The secret address of one person's sessions, for the agenda she subscribes from.

    Another address is another key: what the first one opened stays closed.
    """

    __tablename__ = "personal_feed"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class ReminderKind(StrEnum):
    """Which reminder of a seat."""

    WEEK = "week"
    DAY = "day"


class Reminder(Base):
    """A reminder of one seat, for the day the session then had: written once for each day it is about."""

    __tablename__ = "reminder"
    __table_args__ = (CheckConstraint("kind IN ('week', 'day')", name="kind"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)  # its midnight in Paris
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    # One withdrawn before it left is written anew while there is time.
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("outbox_message.id", ondelete="SET NULL"), index=True, default=None
    )


class MinimumDecision(Base):
    """What becomes of a session under its minimum, for the day it then had: asked once, kept or not."""

    __tablename__ = "minimum_decision"

    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)  # its midnight in Paris
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # « Maintenir la séance »


class DateAlert(Base):
    """Somebody who asked to be told when dates of one programme open; the row goes when she says stop."""

    __tablename__ = "date_alert"
    __table_args__ = (UniqueConstraint("person_id", "programme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_person: Mapped[bool] = mapped_column(default=False)  # she was unknown before this request
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    person: Mapped[Person] = relationship(init=False)
    programme: Mapped[Programme] = relationship(init=False)
