"""Who hands over waits until the successor has come in.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role", sa.Column("handed_over_by_id", sa.Integer(), nullable=True))
    op.add_column("role", sa.Column("handed_over_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("role", "handed_over_at")
    op.drop_column("role", "handed_over_by_id")
