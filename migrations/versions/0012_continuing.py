"""Whether a season goes on: asked once, answered or not.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("continue_asked_at", "continue_refused_at"):
        op.add_column("enrolment", sa.Column(name, UtcDateTime(), nullable=True))


def downgrade() -> None:
    for name in ("continue_refused_at", "continue_asked_at"):
        op.drop_column("enrolment", name)
