"""Who hands over waits until the successor has come in; a report is unfrozen for a reason.

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
    op.add_column("frozen_report", sa.Column("reason", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("frozen_report", "reason")
    op.drop_column("role", "handed_over_at")
    op.drop_column("role", "handed_over_by_id")
