"""Attestations of presence, and their codes; who signs them; papers that go with a message.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attestation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("group_session_id", sa.Integer(), nullable=True),
        sa.Column("season", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("is_past_doubt", sa.Boolean(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("mailed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(group_session_id IS NULL) <> (season IS NULL)", name=op.f("ck_attestation_about")),
        sa.ForeignKeyConstraint(
            ["group_session_id"],
            ["group_session.id"],
            name=op.f("fk_attestation_group_session_id_group_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_attestation_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_attestation_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
        sa.UniqueConstraint("code", name=op.f("uq_attestation_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attestation_public_id")),
    )
    for column in ("group_session_id", "organisation_id", "person_id"):
        op.create_index(op.f(f"ix_attestation_{column}"), "attestation", [column])
    op.add_column("organisation", sa.Column("signatory_name", sa.String(), nullable=False, server_default=""))
    op.add_column("organisation", sa.Column("signatory_function", sa.String(), nullable=False, server_default=""))
    op.add_column("organisation", sa.Column("attestation_years", sa.Integer(), nullable=False, server_default="6"))
    op.add_column("outbox_message", sa.Column("attachment", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox_message", "attachment")
    for column in ("attestation_years", "signatory_function", "signatory_name"):
        op.drop_column("organisation", column)
    op.drop_table("attestation")
