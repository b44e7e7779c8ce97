"""Date polls: slots, the people asked, what each answers; and who asked to be told of new dates.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _gone_with(column: str, table: str, other: str, rule: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A reference that goes with the row it names, or is emptied."""
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=rule)


def upgrade() -> None:
    _create_polls()
    _create_answers()
    _create_alerts()


def _create_polls() -> None:
    op.create_table(
        "date_poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("deadline_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        _gone_with("organisation_id", "date_poll", "organisation"),
        _gone_with("programme_id", "date_poll", "programme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_poll")),
        sa.UniqueConstraint("public_id", name=op.f("uq_date_poll_public_id")),
    )
    op.create_index(op.f("ix_date_poll_organisation_id"), "date_poll", ["organisation_id"])
    op.create_index(op.f("ix_date_poll_programme_id"), "date_poll", ["programme_id"])
    op.create_table(
        "poll_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("group_session_id", sa.Integer(), nullable=True),
        sa.Column("nameless_yes", sa.Integer(), nullable=False),
        sa.Column("nameless_if_needed", sa.Integer(), nullable=False),
        sa.Column("nameless_no", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_poll_slot_ends_after_start")),
        _gone_with("poll_id", "poll_slot", "date_poll"),
        _gone_with("group_session_id", "poll_slot", "group_session", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_slot")),
        sa.UniqueConstraint("poll_id", "starts_at", name=op.f("uq_poll_slot_poll_id_starts_at")),
    )
    op.create_index(op.f("ix_poll_slot_group_session_id"), "poll_slot", ["group_session_id"])


def _create_answers() -> None:
    op.create_table(
        "poll_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("suggestion", sa.String(), nullable=False),
        _gone_with("organisation_id", "poll_invitation", "organisation"),
        _gone_with("poll_id", "poll_invitation", "date_poll"),
        _gone_with("person_id", "poll_invitation", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_invitation")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_poll_invitation_link_hash")),
        sa.UniqueConstraint("poll_id", "person_id", name=op.f("uq_poll_invitation_poll_id_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_poll_invitation_public_id")),
    )
    op.create_index(op.f("ix_poll_invitation_organisation_id"), "poll_invitation", ["organisation_id"])
    op.create_index(op.f("ix_poll_invitation_person_id"), "poll_invitation", ["person_id"])
    op.create_table(
        "poll_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reply IN ('yes', 'if_needed', 'no')", name=op.f("ck_poll_answer_reply")),
        _gone_with("slot_id", "poll_answer", "poll_slot"),
        _gone_with("person_id", "poll_answer", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint("slot_id", "person_id", name=op.f("uq_poll_answer_slot_id_person_id")),
    )
    op.create_index(op.f("ix_poll_answer_person_id"), "poll_answer", ["person_id"])


def _create_alerts() -> None:
    op.create_table(
        "date_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_person", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _gone_with("organisation_id", "date_alert", "organisation"),
        _gone_with("person_id", "date_alert", "person"),
        _gone_with("programme_id", "date_alert", "programme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_alert")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_date_alert_link_hash")),
        sa.UniqueConstraint("person_id", "programme_id", name=op.f("uq_date_alert_person_id_programme_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_date_alert_public_id")),
    )
    op.create_index(op.f("ix_date_alert_organisation_id"), "date_alert", ["organisation_id"])
    op.create_index(op.f("ix_date_alert_programme_id"), "date_alert", ["programme_id"])


def downgrade() -> None:
    for table in ("date_alert", "poll_answer", "poll_invitation", "poll_slot", "date_poll"):
        op.drop_table(table)
