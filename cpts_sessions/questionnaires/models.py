"""What is asked, what is sealed, and what was opened. Who answered what is nowhere.

A box holds the sealed ballots of one programme and one calendar year. A slot is one sealed ballot, empty or not; every
slot of a box is sealed anew whenever one person answers, and nothing else is written then. A link says who may fill a
slot, without saying which one: the slot knows the hash of the link, the link only what it is derived from.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import Programme


class Questionnaire(Base):
    """One version of the questions of a CPTS, as `definition.parse` reads them; never changed once a box asks them."""

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("organisation_id", "slug", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    slug: Mapped[str]  # "cercle_eval": a file of `texts`, when the CPTS did not write its own
    version: Mapped[int] = mapped_column(default=1)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class BoxState(StrEnum):
    """Where a box stands; only a collecting one has slots and a key."""

    COLLECTING = "collecting"
    OPENED = "opened"
    CARRIED = "carried"  # too few ballots: they are sealed in the box of the year after
    DESTROYED = "destroyed"  # too few ballots, for 24 months


class Box(Base):
    """The ballots of one programme and one calendar year; "urne" on screen.

    `invited`, `respondents` and `on_paper` are known once it is opened, never before.
    """

    __tablename__ = "box"
    __table_args__ = (
        UniqueConstraint("programme_id", "year"),
        CheckConstraint("state IN ('collecting', 'opened', 'carried', 'destroyed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id", ondelete="CASCADE"), index=True)
    year: Mapped[int]
    state: Mapped[str] = mapped_column(default=BoxState.COLLECTING.value)
    key_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)  # the name of its key, in CPTS_KEYS_DIR
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    since: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)  # no ballot in it is older
    holds_last_year: Mapped[bool] = mapped_column(default=False)  # the ballots of a carried box are in it
    is_ready: Mapped[bool] = mapped_column(default=False)  # looked at once a day from 1 December on; never back to no
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # opened, carried or destroyed
    reminders_sent: Mapped[int] = mapped_column(default=0)
    invited_elsewhere: Mapped[int] = mapped_column(default=0)  # forms handed out, as told with an import
    invited: Mapped[int | None] = mapped_column(default=None)
    respondents: Mapped[int | None] = mapped_column(default=None)
    on_paper: Mapped[int | None] = mapped_column(default=None)
    programme: Mapped[Programme] = relationship(init=False)
    questionnaire: Mapped[Questionnaire] = relationship(init=False)


class QuestionnaireLink(Base):
    """One person may fill one slot of one box. Gone when her data are erased: her slot stays, nothing leads to it.

    The token is derived from `public_id`; its hash is in the slot as long as there is one, in `link_hash` afterwards,
    so that the link still says what became of the box. `due_at` is when the first message may leave: the day after
    her first closed presence of the year, None for somebody whose slot comes from the year before.
    """

    __tablename__ = "questionnaire_link"
    __table_args__ = (UniqueConstraint("box_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("box.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    link_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True, default=None)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    box: Mapped[Box] = relationship(init=False)
    person: Mapped[Person] = relationship(init=False)


class SlotKind(StrEnum):
    """How a ballot comes in."""

    PERSONAL = "personal"  # by a personal link
    PAPER = "paper"  # typed in by the coordination


class Slot(Base):
    """One sealed ballot, empty or not: nobody can tell. Without hour, order, person or sign of an answer."""

    __tablename__ = "slot"
    __table_args__ = (CheckConstraint("kind IN ('personal', 'paper')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid4)
    box_id: Mapped[int] = mapped_column(ForeignKey("box.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)  # None on paper
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Answer(Base):
    """What somebody answered to one question of an opened box.

    `question` is a key of `definition.Answers`, and for a matrix that key, a slash and the words of the row: each row
    is shuffled by itself. Two answers of one person cannot be brought together.
    """

    __tablename__ = "answer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid4)
    box_id: Mapped[int] = mapped_column(ForeignKey("box.id", ondelete="CASCADE"), index=True)
    question: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)


class Word(Base):
    """Signed words to the coordination, to be read at once: the contrary of a ballot. Kept as long as messages."""

    __tablename__ = "word"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    person: Mapped[Person] = relationship(init=False)


class Verbatim(Base):
    """What the coordination decided of one text of an opened box, once read: kept, with words masked, or put aside.

    No row: not read yet, hence in no report. Who decided is not kept here.
    """

    __tablename__ = "verbatim"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), unique=True)
    is_kept: Mapped[bool]
    text: Mapped[str]  # as it may be quoted; empty when it is put aside
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class EffectCount(Base):
    """How many cards « avant / après » went from one mark to another: one programme, one year, one question.

    Nothing else is kept of a card. Grows by five cards at least at a time, each counted once for every question
    (`effect_counts.add`): two states of this table never differ by fewer.
    """

    __tablename__ = "effect_count"
    __table_args__ = (
        CheckConstraint("before BETWEEN 0 AND 10 AND after BETWEEN 0 AND 10", name="marks"),
        CheckConstraint("count > 0", name="count"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    before: Mapped[int] = mapped_column(primary_key=True)
    after: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class WaitingCards(Base):
    """Marks given by telephone, until five cards are complete: one sealed text of one size, written anew each time.

    Neither rows nor order nor hours: nobody can tell how many cards wait. See `tray`.
    """

    __tablename__ = "waiting_cards"
    __table_args__ = (UniqueConstraint("programme_id", "year"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    year: Mapped[int]
    key_id: Mapped[UUID] = mapped_column(default_factory=uuid4)  # the name of its key, in CPTS_KEYS_DIR
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
