"""What the report of a year keeps: the text written for each action, its amounts, and its frozen copies.

Who wrote or froze is an id, as in the journal of acts: her name is read when it is shown, and none is left once she is
erased.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base


class ReportText(Base):
    """The text written for one page of the report of a year; without a row, the proposed one is shown."""

    __tablename__ = "report_text"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "page_key"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    year: Mapped[int]
    page_key: Mapped[str]
    markdown: Mapped[str | None] = mapped_column(default=None)  # None: the proposed text
    former: Mapped[str | None] = mapped_column(default=None)  # the text put aside for the proposed one
    # what each field said when the text was saved, and earlier while the text still says so: {key: [sentences]}
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    left_alone: Mapped[list[str]] = mapped_column(JSON, default_factory=list)  # words that are not to be marked
    version: Mapped[int] = mapped_column(default=0)  # grows with each change: two at once do not undo each other
    written_by_id: Mapped[int | None] = mapped_column(default=None)  # a person's id, no foreign key
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class ReportAmount(Base):
    """What one action brings to the part variable of a year, where the usual amount is not right."""

    __tablename__ = "report_amount"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "page_key"),
        CheckConstraint("euros >= 0", name="euros"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    year: Mapped[int]
    page_key: Mapped[str]
    euros: Mapped[int]  # 0: none


class ChosenGender(Base):
    """The gender in which the report of a year writes one profession, whatever people said of themselves."""

    __tablename__ = "chosen_gender"
    __table_args__ = (CheckConstraint("gender IN ('m', 'f')", name="gender"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    profession_slug: Mapped[str] = mapped_column(primary_key=True)
    gender: Mapped[str]


class FrozenReport(Base):
    """The whole report of a year as it was on the day it was frozen. Kept for ever, once unfrozen too."""

    __tablename__ = "frozen_report"
    __table_args__ = (
        Index("ix_frozen_report_organisation_id_year", "organisation_id", "year"),
        Index(  # one that stands; two who freeze at the same moment make one
            "uq_frozen_report_standing",
            "organisation_id",
            "year",
            unique=True,
            sqlite_where=text("unfrozen_at IS NULL"),
            postgresql_where=text("unfrozen_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    year: Mapped[int]
    record: Mapped[dict[str, Any]] = mapped_column(JSON)  # as annual.record writes it; its authors are ids
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    frozen_by_id: Mapped[int | None] = mapped_column(default=None)  # a person's id, no foreign key
    unfrozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    unfrozen_by_id: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")  # why it was unfrozen, as typed; empty: nobody said
