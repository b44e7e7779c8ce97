"""A mail that came in: an answer of an agenda, a message of ours that was not delivered, or nothing that concerns us.

Pure, over bytes. What is neither is nobody's business here: nothing of it is returned.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from cpts_sessions.mail.headers import one_line

LARGEST_BYTES: Final = 256_000
_MOST_BOUNDARIES: Final = 30  # nested by the thousand, they cost more than any answer is worth
_MOST_PARTS: Final = 50
_MOST_CALENDARS: Final = 5
_LONGEST_REASON: Final = 200
_CALENDAR_TYPES: Final = frozenset({"text/calendar", "application/ics"})
_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z0-9_]{1,60})@[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class CalendarMail:
    """The calendar objects of a mail, in the order they come; `key` is the same for the same mail seen again."""

    contents: tuple[bytes, ...]
    key: bytes


@dataclass(frozen=True, slots=True)
class Bounce:
    """A message of ours, by the ids in its Message-ID, was not delivered; `reason` is in the server's words."""

    public_id: UUID
    kind: str
    reason: str
    key: bytes


def open_mail(raw: bytes) -> CalendarMail | Bounce | None:
    """Return what concerns us in a mail, None when nothing does. Never raises.

    Auto-Submitted is no reason to pass a mail over: Gmail sets it on the answers of people. A calendar inside a
    forwarded message (message/rfc822) or inside a bounce is nobody's answer, and is not looked at.
    """
    if len(raw) > LARGEST_BYTES or raw.lower().count(b"boundary") > _MOST_BOUNDARIES:
        return None
    try:
        return _opened(message_from_bytes(raw), raw)
    except Exception:  # the standard parser raises a dozen kinds of errors on hostile bytes, RecursionError among them
        return None


def _opened(mail: Message, raw: bytes) -> CalendarMail | Bounce | None:
    told = _header(mail, "Message-ID")
    key = sha256(told.encode("utf-8", "replace") if told else raw).digest()
    if mail.get_content_type() == "multipart/report":
        return _bounce(mail, key)
    found = [_content(part) for part in _leaves(mail) if _is_calendar(part)]
    contents = tuple(content for content in found if content)[:_MOST_CALENDARS]
    return CalendarMail(contents, key) if contents else None


def _leaves(mail: Message) -> Iterator[Message]:
    """The parts that hold something, never those of a message within the message."""
    pending, seen = [mail], 0
    while pending and seen < _MOST_PARTS:
        part = pending.pop(0)
        seen += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            pending = [one for one in _parts(part) if isinstance(one, Message)] + pending
        elif part.get_content_maintype() != "message":
            yield part


def _parts(part: Message) -> list[Any]:
    inside = part.get_payload()
    return inside if isinstance(inside, list) else []


def _is_calendar(part: Message) -> bool:
    name = part.get_filename() or ""
    return part.get_content_type() in _CALENDAR_TYPES or str(name).strip().lower().endswith(".ics")


def _content(part: Message) -> bytes:
    inside = part.get_payload(decode=True)
    return inside if isinstance(inside, bytes) else b""


def _bounce(mail: Message, key: bytes) -> Bounce | None:
    """The failure a server reports (RFC 3464) of a message of ours; a delay, or a receipt, is none."""
    status = next((one for one in _parts(mail) if one.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    failed = next((one for one in _parts(status) if _header(one, "Action").lower() == "failed"), None)
    ours = _OURS.search(_original(mail)) if failed is not None else None
    if failed is None or ours is None:
        return None
    words = _header(failed, "Diagnostic-Code").rpartition("; ")[2] or _header(failed, "Status")
    return Bounce(UUID(ours[1]), ours[2], one_line(words)[:_LONGEST_REASON], key)


def _original(mail: Message) -> str:
    """The Message-ID of what was not delivered: in its headers, which come back, else in what the report answers."""
    for part in _parts(mail):
        if part.get_content_type() == "message/rfc822":
            for original in _parts(part):
                return _header(original, "Message-ID")
        if part.get_content_type() == "text/rfc822-headers":
            return _header(message_from_bytes(_content(part)), "Message-ID")
    return f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}"


def _header(part: Message, name: str) -> str:
    return str(part.get(name, "") or "").strip()
