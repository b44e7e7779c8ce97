"""Cards before and after a session: counts of pairs of marks, and those that wait.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "effect_count",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("before BETWEEN 0 AND 10 AND after BETWEEN 0 AND 10", name=op.f("ck_effect_count_marks")),
        sa.CheckConstraint("count > 0", name=op.f("ck_effect_count_count")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_effect_count_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_effect_count_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", "year", "item", "before", "after", name=op.f("pk_effect_count")),
    )
    op.create_index(op.f("ix_effect_count_organisation_id"), "effect_count", ["organisation_id"])
    op.create_table(
        "waiting_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_waiting_cards_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_waiting_cards_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_cards")),
        sa.UniqueConstraint("programme_id", "year", name=op.f("uq_waiting_cards_programme_id_year")),
    )
    op.create_index(op.f("ix_waiting_cards_organisation_id"), "waiting_cards", ["organisation_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_waiting_cards_organisation_id"), table_name="waiting_cards")
    op.drop_table("waiting_cards")
    op.drop_index(op.f("ix_effect_count_organisation_id"), table_name="effect_count")
    op.drop_table("effect_count")
