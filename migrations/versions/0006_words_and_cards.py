"""Words to the coordination, and what may be quoted of the opened boxes.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_word_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_word_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word")),
        sa.UniqueConstraint("public_id", name=op.f("uq_word_public_id")),
    )
    op.create_index(op.f("ix_word_organisation_id"), "word", ["organisation_id"])
    op.create_index(op.f("ix_word_person_id"), "word", ["person_id"])
    op.create_table(
        "verbatim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_verbatim_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_verbatim_answer_id_answer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verbatim")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_verbatim_answer_id")),
    )
    op.create_index(op.f("ix_verbatim_organisation_id"), "verbatim", ["organisation_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_verbatim_organisation_id"), table_name="verbatim")
    op.drop_table("verbatim")
    op.drop_index(op.f("ix_word_person_id"), table_name="word")
    op.drop_index(op.f("ix_word_organisation_id"), table_name="word")
    op.drop_table("word")
