"""Boxes of sealed answers, and what they hold once opened.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_questionnaire_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint(
            "organisation_id", "slug", "version", name=op.f("uq_questionnaire_organisation_id_slug_version")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_questionnaire_public_id")),
    )
    op.create_table(
        "box",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("holds_last_year", sa.Boolean(), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reminders_sent", sa.Integer(), nullable=False),
        sa.Column("invited_elsewhere", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.Column("respondents", sa.Integer(), nullable=True),
        sa.Column("on_paper", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('collecting', 'opened', 'carried', 'destroyed')", name=op.f("ck_box_state")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_box_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_box_programme_id_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_box_questionnaire_id_questionnaire"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box")),
        sa.UniqueConstraint("key_id", name=op.f("uq_box_key_id")),
        sa.UniqueConstraint("programme_id", "year", name=op.f("uq_box_programme_id_year")),
        sa.UniqueConstraint("public_id", name=op.f("uq_box_public_id")),
    )
    op.create_index(op.f("ix_box_organisation_id"), "box", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_box_questionnaire_id"), "box", ["questionnaire_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["box_id"], ["box.id"], name=op.f("fk_answer_box_id_box"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index(op.f("ix_answer_box_id"), "answer", ["box_id"], unique=False)
    op.create_table(
        "questionnaire_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["box_id"], ["box.id"], name=op.f("fk_questionnaire_link_box_id_box"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_questionnaire_link_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_questionnaire_link_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_link")),
        sa.UniqueConstraint("box_id", "person_id", name=op.f("uq_questionnaire_link_box_id_person_id")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_questionnaire_link_link_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_questionnaire_link_public_id")),
    )
    op.create_index(
        op.f("ix_questionnaire_link_organisation_id"), "questionnaire_link", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_questionnaire_link_person_id"), "questionnaire_link", ["person_id"], unique=False)
    op.create_table(
        "slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('personal', 'paper')", name=op.f("ck_slot_kind")),
        sa.ForeignKeyConstraint(["box_id"], ["box.id"], name=op.f("fk_slot_box_id_box"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_slot_token_hash")),
    )
    op.create_index(op.f("ix_slot_box_id"), "slot", ["box_id"], unique=False)
    op.add_column("programme", sa.Column("questionnaire_slug", sa.String(), nullable=True))
    for action, slug in ((29, "gapp_eval"), (30, "cercle_eval")):
        programme = sa.table("programme", sa.column("action"), sa.column("questionnaire_slug"))
        op.execute(programme.update().where(programme.c.action == action).values(questionnaire_slug=slug))


def downgrade() -> None:
    op.drop_column("programme", "questionnaire_slug")
    op.drop_index(op.f("ix_slot_box_id"), table_name="slot")
    op.drop_table("slot")
    op.drop_index(op.f("ix_questionnaire_link_person_id"), table_name="questionnaire_link")
    op.drop_index(op.f("ix_questionnaire_link_organisation_id"), table_name="questionnaire_link")
    op.drop_table("questionnaire_link")
    op.drop_index(op.f("ix_answer_box_id"), table_name="answer")
    op.drop_table("answer")
    op.drop_index(op.f("ix_box_questionnaire_id"), table_name="box")
    op.drop_index(op.f("ix_box_organisation_id"), table_name="box")
    op.drop_table("box")
    op.drop_table("questionnaire")
