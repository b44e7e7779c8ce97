"""Agendas one subscribes to.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from cpts_sessions.core.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Texts that now offer links to Google Agenda and Outlook: those that wait were written without them.
WITH_CALENDAR_LINKS = ("inscription_confirmee", "inscrit_par_la_coordination", "place_donnee")


def upgrade() -> None:
    op.create_table(
        "personal_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_personal_feed_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personal_feed_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_feed")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_personal_feed_link_hash")),
        sa.UniqueConstraint("person_id", name=op.f("uq_personal_feed_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_personal_feed_public_id")),
    )
    op.create_index(op.f("ix_personal_feed_organisation_id"), "personal_feed", ["organisation_id"])
    op.add_column("group_session", sa.Column("changed_at", UtcDateTime(), nullable=True))
    op.add_column("programme", sa.Column("changed_at", UtcDateTime(), nullable=True))
    _complete_waiting_messages()


def downgrade() -> None:
    op.drop_column("programme", "changed_at")
    op.drop_column("group_session", "changed_at")
    op.drop_table("personal_feed")


def _complete_waiting_messages() -> None:
    message = sa.table("outbox_message", sa.column("id"), sa.column("kind"), sa.column("values", sa.JSON()))
    connection = op.get_bind()
    waiting = sa.select(message.c.id, message.c["values"]).where(message.c.kind.in_(WITH_CALENDAR_LINKS))
    for id_, values in connection.execute(waiting).all():
        if values:  # emptied once it has left
            complete = {"lien_google": "", "lien_outlook": "", **values}
            connection.execute(sa.update(message).where(message.c.id == id_).values({"values": complete}))
