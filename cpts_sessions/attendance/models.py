"""Who came."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base


class AttendanceStatus(StrEnum):
    """What was noted of one person at one session."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


class Means(StrEnum):
    """How it was taken."""

    ANIMATOR = "animator"
    QR = "qr"
    PAPER = "paper"
    OFFLINE = "offline"
    COORDINATION = "coordination"
    IMPORT = "import"


class Attendance(Base):
    """One person at one session: present, absent or excused."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("group_session_id", "person_id"),
        CheckConstraint("status IN ('present', 'absent', 'excused')", name="status"),
        CheckConstraint("means IN ('animator', 'qr', 'paper', 'offline', 'coordination', 'import')", name="means"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[str]
    means: Mapped[str]
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class AttendanceTally(Base):
    """Presences counted without names, by profession when it is known: never distinct persons."""

    __tablename__ = "attendance_tally"
    __table_args__ = (
        UniqueConstraint("group_session_id", "profession_slug"),
        CheckConstraint("count >= 0", name="count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    profession_slug: Mapped[str] = mapped_column(default="")  # empty: not told
    count: Mapped[int] = mapped_column(default=0)


class Attestation(Base):
    """What one person was attested: her presence at one session or, when `season` is told, at all those of a year.

    `facts` are the words that were printed and never change; who was attested something else later has another row.
    Without `person_id`, her record was forgotten by the clock and only the code leads to it. Once `is_past_doubt`, her
    presence hangs on a nameless person: no correction of the session reaches it any more.
    """

    __tablename__ = "attestation"
    __table_args__ = (CheckConstraint("(group_session_id IS NULL) <> (season IS NULL)", name="about"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    group_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_session.id", ondelete="CASCADE"), index=True, default=None
    )
    season: Mapped[int | None] = mapped_column(default=None)
    code: Mapped[str] = mapped_column(unique=True, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    is_past_doubt: Mapped[bool] = mapped_column(default=False)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class ChangeKind(StrEnum):
    """What somebody did on the page of an evening."""

    MARK = "mark"
    WALK_IN = "walk_in"
    TALLY = "tally"
    CLOSE = "close"
    NOBODY = "nobody"  # « Personne n’est venu »


class AttendanceChange(Base):
    """One change sent by a device during an evening: append-only, written once however often it is sent.

    It names nobody: somebody who came unannounced is a person from then on, and only her id is here. When two
    devices disagree both changes stay; `is_retained` says which one stands as it arrived, `against` which other
    one it met. The key of a change also designates, for the changes that follow, the person it added.
    """

    __tablename__ = "attendance_change"
    __table_args__ = (CheckConstraint("kind IN ('mark', 'walk_in', 'tally', 'close', 'nobody')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"), index=True)
    key: Mapped[UUID] = mapped_column(unique=True)  # chosen by the device: what makes sending twice harmless
    kind: Mapped[str]
    device: Mapped[UUID]  # at random, once per device and evening
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)  # by the clock of the device, set right
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, default=None
    )  # whose presence; None: counted without a name, or erased
    actor_id: Mapped[int | None] = mapped_column(default=None)  # as in the journal: a person's id, no foreign key
    value: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    is_retained: Mapped[bool] = mapped_column(default=True)
    against: Mapped[UUID | None] = mapped_column(default=None)
