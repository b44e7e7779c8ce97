"""Reminders, and the minimum of a session: each said once.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("reminds_week_before", "reminds_day_before"):
        op.add_column("programme", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "reminder",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", UtcDateTime(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('week', 'day')", name=op.f("ck_reminder_kind")),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outbox_message.id"],
            name=op.f("fk_reminder_message_id_outbox_message"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_reminder_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_reminder_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "kind", "day", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_organisation_id"), "reminder", ["organisation_id"])
    op.create_index(op.f("ix_reminder_message_id"), "reminder", ["message_id"])
    op.create_table(
        "minimum_decision",
        sa.Column("group_session_id", sa.Integer(), nullable=False),
        sa.Column("day", UtcDateTime(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("kept_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_session_id"],
            ["group_session.id"],
            name=op.f("fk_minimum_decision_group_session_id_group_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_minimum_decision_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_session_id", "day", name=op.f("pk_minimum_decision")),
    )
    op.create_index(op.f("ix_minimum_decision_organisation_id"), "minimum_decision", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("minimum_decision")
    op.drop_table("reminder")
    op.drop_column("programme", "reminds_day_before")
    op.drop_column("programme", "reminds_week_before")
