"""Where the first steps of a CPTS stand, and an access that ends on a day chosen by whoever has it.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "first_steps",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.Column("tested_address", sa.String(), nullable=False),
        sa.Column("test_trouble", sa.String(), nullable=False),
        sa.Column("tested_at", UtcDateTime(), nullable=True),
        sa.Column("arrived_at", UtcDateTime(), nullable=True),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_first_steps_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_first_steps")),
    )
    op.add_column("role", sa.Column("ends_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("role", "ends_at")
    op.drop_table("first_steps")
