"""Answers that come from calendars, and mail that does not arrive.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("session_animator_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", UtcDateTime(), nullable=False),
        sa.Column("partstat", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(registration_id IS NULL) <> (session_animator_id IS NULL)", name=op.f("ck_calendar_answer_invited")
        ),
        _reference("calendar_answer", "organisation_id", "organisation"),
        _reference("calendar_answer", "registration_id", "registration"),
        _reference("calendar_answer", "session_animator_id", "session_animator"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_answer")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_calendar_answer_registration_id")),
        sa.UniqueConstraint("session_animator_id", name=op.f("uq_calendar_answer_session_animator_id")),
    )
    op.create_index(op.f("ix_calendar_answer_organisation_id"), "calendar_answer", ["organisation_id"])
    op.create_table(
        "received_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        _reference("received_mail", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_mail")),
        sa.UniqueConstraint("organisation_id", "digest", name=op.f("uq_received_mail_organisation_id_digest")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_session_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("proposed_from", UtcDateTime(), nullable=True),
        sa.Column("proposed_to", UtcDateTime(), nullable=True),
        sa.Column("came_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        _reference("letter", "organisation_id", "organisation"),
        _reference("letter", "person_id", "person"),
        _reference("letter", "group_session_id", "group_session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("public_id", name=op.f("uq_letter_public_id")),
    )
    for column in ("organisation_id", "person_id", "group_session_id"):
        op.create_index(op.f(f"ix_letter_{column}"), "letter", [column])
    op.create_table(
        "mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("human_uids", sa.JSON(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
    )


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("mailbox", "letter", "received_mail", "calendar_answer"):
        op.drop_table(table)
