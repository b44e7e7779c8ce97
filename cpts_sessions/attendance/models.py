"""Who came."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
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
