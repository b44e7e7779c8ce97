"""A number per organisation that grows with every change of what all visitors see."""

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from cpts_sessions.extensions import Base, db


class PublicVersion(Base):
    """The key of the cached public pages of one organisation."""

    __tablename__ = "public_version"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(default=1)


def highest() -> int:
    """Return the highest version of any organisation; 0 when there is none."""
    return db.session.execute(select(func.max(PublicVersion.version))).scalar_one() or 0


def current(organisation_id: int) -> int:
    """Return the version of the public pages; 0 when nothing was ever shown."""
    statement = select(PublicVersion.version).where(PublicVersion.organisation_id == organisation_id)
    return db.session.execute(statement).scalar_one_or_none() or 0
