"""What the database holds now, whatever was read before."""

from typing import TypeVar

from sqlalchemy import inspect, select

from cpts_sessions.extensions import Base, db
from cpts_sessions.registrations.models import Registration

Model = TypeVar("Model", bound=Base)


def rows(model: type[Model]) -> list[Model]:
    """Return every row of a table, in the order of its key."""
    db.session.rollback()
    return list(db.session.execute(select(model).order_by(*inspect(model).primary_key)).scalars())


def statuses(*registrations: Registration) -> list[str]:
    """Return the states of these requests."""
    db.session.expire_all()
    return [registration.status for registration in registrations]
