"""The demonstration answers where the settings say; small, so that a server may ask for it when it starts."""

from flask import current_app
from sqlalchemy import select

import config
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations import queries
from cpts_sessions.organisations.models import Organisation


def find() -> Organisation | None:
    """Return the demonstration, or None."""
    return db.session.execute(select(Organisation).where(Organisation.is_demonstration).limit(1)).scalar_one_or_none()


def follow_settings() -> bool:
    """Give the demonstration the public address and the sender of the settings; call it whenever a server starts.

    Returns:
        Whether something changed.
    """
    settings: config.Settings = current_app.config["SETTINGS"]
    wanted = (settings.public_url, settings.mail_address)
    organisation = find()
    if organisation is None or (organisation.public_url, organisation.mail_address) == wanted:
        return False
    with transaction():
        organisation = find()
        if organisation is None:
            return False
        organisation.public_url, organisation.mail_address = wanted
    queries.forget_sites()
    return True
