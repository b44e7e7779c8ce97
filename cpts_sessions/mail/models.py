"""Messages that wait, left or failed, and the worker's beat."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, null
from sqlalchemy.orm import Mapped, mapped_column

from cpts_sessions.core.clock import now
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base


class MessageStatus(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"  # claimed until `lease_until`
    SENT = "sent"
    FAILED = "failed"  # no further try by itself
    WITHHELD = "withheld"  # demonstration: never handed to SMTP
    OBSOLETE = "obsolete"  # it would have said something no longer true


#: What a row keeps of a text that left, or that is of no use any more: nothing.
EMPTIED: dict[str, Any] = {"values": {}, "links": {}, "calendar": null(), "attachment": null()}


class OutboxMessage(Base):
    """One e-mail to one person, written in the transaction of its cause as values, rendered when sent.

    Holds no personal link: `links` names what each link opens, the token is derived at sending.
    `values`, `links`, `calendar` and `attachment` are emptied once it has left.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'sending', 'sent', 'failed', 'withheld', 'obsolete')", name="status"),
        Index("ix_outbox_message_status_not_before", "status", "not_before"),
        Index("ix_outbox_message_organisation_id_created_at", "organisation_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, default=None
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), index=True, default=None
    )
    group_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_session.id", ondelete="SET NULL"), index=True, default=None
    )
    kind: Mapped[str]  # the template: "inscription_confirmee"
    to_address: Mapped[str]
    to_name: Mapped[str]
    values: Mapped[dict[str, str]] = mapped_column(JSON, default_factory=dict)
    links: Mapped[dict[str, list[str]]] = mapped_column(JSON, default_factory=dict)  # name: [purpose, public id]
    calendar: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    attachment: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True), default=None)  # kind, key, name
    subject: Mapped[str] = mapped_column(default="")  # kept once sent
    is_sign_in: Mapped[bool] = mapped_column(default=False)  # never listed on a screen
    status: Mapped[str] = mapped_column(default=MessageStatus.QUEUED.value)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    useless_after: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class WorkerBeat(Base):
    """When the worker was last seen at work; `/healthz` reads it."""

    __tablename__ = "worker_beat"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class Mailbox(Base):
    """Where the reading of the mailbox stands (IMAP). Of mails that are not ours: their numbers in the box, no more."""

    __tablename__ = "mailbox"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    source: Mapped[str] = mapped_column(default="")  # digest of server, user and folder: another box starts again
    uid_validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    human_uids: Mapped[list[int]] = mapped_column(JSON, default_factory=list)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    trouble: Mapped[str] = mapped_column(default="")  # why the last reading failed, in French; no password in it
