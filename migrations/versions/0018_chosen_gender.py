"""The gender in which the report of a year writes a profession, chosen by hand.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chosen_gender",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("profession_slug", sa.String(), nullable=False),
        sa.Column("gender", sa.String(), nullable=False),
        sa.CheckConstraint("gender IN ('m', 'f')", name=op.f("ck_chosen_gender_gender")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_chosen_gender_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "year", "profession_slug", name=op.f("pk_chosen_gender")),
    )


def downgrade() -> None:
    op.drop_table("chosen_gender")
