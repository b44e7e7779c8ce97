"""The text of the annual report, its amounts, and its frozen copies.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_STANDING = sa.text("unfrozen_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "report_text",
        *_of_a_year("report_text"),
        sa.Column("page_key", sa.String(), nullable=False),
        sa.Column("markdown", sa.String(), nullable=True),
        sa.Column("former", sa.String(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("left_alone", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        _one_a_page("report_text"),
    )
    op.create_table(
        "report_amount",
        *_of_a_year("report_amount"),
        sa.Column("page_key", sa.String(), nullable=False),
        sa.Column("euros", sa.Integer(), nullable=False),
        sa.CheckConstraint("euros >= 0", name=op.f("ck_report_amount_euros")),
        _one_a_page("report_amount"),
    )
    op.create_table(
        "frozen_report",
        *_of_a_year("frozen_report"),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("unfrozen_at", UtcDateTime(), nullable=True),
        sa.Column("unfrozen_by_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_frozen_report_organisation_id_year", "frozen_report", ["organisation_id", "year"])
    op.create_index(
        "uq_frozen_report_standing",
        "frozen_report",
        ["organisation_id", "year"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )


def _of_a_year(table: str) -> list[sa.Column[int] | sa.Constraint]:
    """What says of which CPTS and which year a row is."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f(f"fk_{table}_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _one_a_page(table: str) -> sa.UniqueConstraint:
    columns = ("organisation_id", "year", "page_key")
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def downgrade() -> None:
    for table in ("frozen_report", "report_amount", "report_text"):
        op.drop_table(table)
