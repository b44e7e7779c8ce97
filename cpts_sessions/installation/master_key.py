"""The master key is recognised whenever a server starts: a lost one is never replaced without a word."""

from typing import Final

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import config
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.secrets import derive
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Installation

CHANGED: Final = "La clé a changé : remettez le fichier master.key d’origine à la place de {path}."
ADVICE: Final = (
    "S’il est perdu pour de bon, les liens déjà envoyés ne s’ouvriront plus. Pour repartir avec la nouvelle clé : "
    "cpts-sessions backup cpts.zip, puis cpts-sessions restore cpts.zip --replace."
)


def key_fingerprint() -> str:
    """Return what tells two master keys apart, and says nothing of them (HMAC-SHA-256 of a constant, 64 bits)."""
    return derive("fingerprint of the master key").hex()[:16]


def known_fingerprint() -> str | None:
    """Return the fingerprint of the key this installation started with; None before its first start."""
    return db.session.execute(select(Installation.key_fingerprint)).scalar_one_or_none()


def has_changed() -> bool:
    """Whether the present key is not the one this installation started with."""
    return known_fingerprint() not in (None, key_fingerprint())


def recognise() -> None:
    """Remember the key at the first start, and refuse another one ever after.

    Raises:
        RuleBroken: the key is not the one this installation started with.
    """
    if known_fingerprint() is None:
        _remember()
    if has_changed():
        settings: config.Settings = current_app.config["SETTINGS"]
        raise RuleBroken(typo(f"{CHANGED.format(path=settings.master_key_file)} {ADVICE}"))


def _remember() -> None:
    try:
        with transaction():
            installation = db.session.get(Installation, 1)
            if installation is None:
                installation = Installation()
                db.session.add(installation)
            installation.key_fingerprint = installation.key_fingerprint or key_fingerprint()
    except IntegrityError:  # another process of ours has just written the row
        pass
