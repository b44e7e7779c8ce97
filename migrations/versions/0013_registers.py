"""Registers of actions 27, 28 and 31.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_CHANNELS = "channel IN ('site', 'newsletter', 'stand', 'workshop', 'leaflets', 'other')"


def _register(table: str, *columns: sa.Column[object] | sa.CheckConstraint) -> None:
    """A table whose rows are those of one organisation, each with a page."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        _of_organisation(table),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])


def _of_organisation(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_organisation_id_organisation")
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    _register(
        "help_request",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("natures", sa.String(), nullable=False),
        sa.Column("needs", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_help_request_count")),
        sa.CheckConstraint("day IS NULL OR count = 1", name=op.f("ck_help_request_one_a_day")),
    )
    _register(
        "communication",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_month_only", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.CheckConstraint(_CHANNELS, name=op.f("ck_communication_channel")),
    )
    _register(
        "attractiveness_step",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
    )
    op.create_table(
        "supported_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_supported_people_count")),
        _of_organisation("supported_people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supported_people")),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("uq_supported_people_organisation_id_year")),
    )


def downgrade() -> None:
    for table in ("supported_people", "attractiveness_step", "communication", "help_request"):
        op.drop_table(table)
