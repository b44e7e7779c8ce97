"""Personal links: the token is derived when a message leaves, only its hash is stored."""

import base64
import hashlib
from enum import StrEnum
from uuid import UUID

from cpts_sessions.core.secrets import derive


class Purpose(StrEnum):
    """What a personal link opens; the value is also the first part of its path."""

    REGISTRATION = "mon-inscription"
    ENROLMENT = "mon-suivi"
    EVENING = "soiree"
    QUESTIONNAIRE = "questionnaire"
    POLL = "sondage"
    ALERT = "annonces"
    FEED = "mon-agenda"
    SIGN_IN = "connexion"
    SIGN_IN_CODE = "code"  # six digits instead of a link, for staff who read their mail elsewhere


def token(purpose: Purpose, key: UUID) -> str:
    """Return the 43 characters (256 bits) that open this one thing."""
    return base64.urlsafe_b64encode(derive(f"link:{purpose.name}:{key}")).rstrip(b"=").decode()


def digest(given: str) -> bytes:
    """Return what the database keeps of a token: its SHA-256."""
    return hashlib.sha256(given.encode()).digest()


def digest_for(purpose: Purpose, key: UUID) -> bytes:
    """Return the stored hash of the link to this thing."""
    return digest(token(purpose, key))


def code(key: UUID) -> str:
    """Return the six digits, in two groups, that open the same thing as the sign-in link of this key."""
    six = int.from_bytes(derive(f"link:{Purpose.SIGN_IN_CODE.name}:{key}")) % 1_000_000
    return f"{six // 1000:03}\u00a0{six % 1000:03}"


def url(public_url: str, purpose: Purpose, key: UUID) -> str:
    """Return what a message says to open this: the absolute personal link, or the six digits of a code.

    `public_url` is the organisation's, never the request's.
    """
    if purpose is Purpose.SIGN_IN_CODE:
        return code(key)
    return f"{public_url}/{purpose.value}/{token(purpose, key)}"
