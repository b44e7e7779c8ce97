"""The UID of an invitation carries its secret: every agenda echoes the UID when it answers.

Neither a `+token` in the organiser's address (Microsoft 365 drops it) nor the ORGANIZER itself (Exchange leaves it
out of its answers) can do that.
"""

import hmac
import re
from base64 import b32encode
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

_SECRET_CHARS = 26  # 130 bits
_UID = re.compile(r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?P<secret>[a-z2-7]{16,64})@(?P<domain>\S+)")


class ParsedUid(NamedTuple):
    """What a UID of ours says: whose invitation it claims to be. Its secret is still to be checked."""

    public_id: UUID
    secret: str
    domain: str


def derive_secret(master_key: bytes, public_id: UUID) -> str:
    """The secret of one invitation: 26 base32 characters, lower case, the same at every call.

    Raises:
        ValueError: the master key is empty.
    """
    if not master_key:
        raise ValueError("the master key is empty")
    digest = hmac.digest(master_key, f"uid:{public_id}".encode(), sha256)
    return b32encode(digest).decode().lower()[:_SECRET_CHARS]


def uid(public_id: UUID, secret: str, domain: str) -> str:
    """The UID of one private copy: `<uuid>.<secret>@<domain>`, lower case."""
    return f"{public_id}.{secret}@{domain}".lower()


def public_uid(public_id: UUID, domain: str) -> str:
    """The UID of a date that everybody may read: `<uuid>@<domain>`, no secret in it."""
    return f"{public_id}@{domain}".lower()


def parse_uid(text: str) -> ParsedUid | None:
    """The parts of a UID of ours, whatever its case, or None when it is not shaped like one."""
    found = _UID.fullmatch(text.strip().lower())
    return ParsedUid(UUID(found["id"]), found["secret"], found["domain"]) if found else None


def matches(received: str, expected: str) -> bool:
    """Whether a UID received is the one expected: whatever its case, in constant time."""
    return hmac.compare_digest(received.strip().lower().encode(errors="replace"), expected.lower().encode())
