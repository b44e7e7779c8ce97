"""From a row of the outbox to the message that leaves, and to what may be shown of it.

Nothing else derives the links of a message: the row only names what each of them opens.
"""

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app

from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.ical import uids
from cpts_sessions.ical.changes import CalendarState, Change
from cpts_sessions.ical.invitation import build
from cpts_sessions.ical.meeting import Mailbox, Meeting, invite
from cpts_sessions.mail.mime import Attached, CalendarPart, build_message
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.rendering import MASKED_CODE, MASKED_LINK, Frame, Rendered, render

CODE: Final = "code"  # the name, among the links of a row, of a sign-in code
STOP: Final = "lien_arret"  # the name, among the links of a row, of the one that stops announcements
MASKED_SECRET: Final = "secret-masque"
_EMPTIED = frozenset({MessageStatus.SENT.value, MessageStatus.OBSOLETE.value})
_NOTHING_LEFT = "Le texte est effacé une fois le message parti. Il reste l’objet, la date et le résultat."


def preview(row: OutboxMessage, frame: Frame, *, masked: bool = True) -> Rendered:
    """Return the texts of a message that has not left, exactly as they would leave.

    Args:
        masked: for any other eye than the addressee's: no personal link or code is even derived.

    Raises:
        RuleBroken: it left, or is of no use any more: its text is erased.
        KeyError: its text now needs a value that was not written; it is named.
        FileNotFoundError: no e-mail has this name any more.
    """
    if row.status in _EMPTIED:
        raise RuleBroken(_NOTHING_LEFT)
    return render(row.kind, {**row.values, **_personal(row, frame, masked=masked)}, frame, masked=masked)


def compose(
    row: OutboxMessage, frame: Frame, attached: Attached | None = None, *, masked: bool = False
) -> EmailMessage:
    """Return the whole message, calendar part and document included; from one call to the next only its Date changes.

    Sender, Reply-To and ORGANIZER are the mailbox of the CPTS, under its name alone: no programme is in it.

    Raises:
        RuleBroken, KeyError, FileNotFoundError: as `preview`.
        ValueError: an address is not a plain one, or the document that the row names is not given.
    """
    written = preview(row, frame, masked=masked)
    if row.attachment and not attached:
        raise ValueError("the document of this message is missing")
    return build_message(
        sender_name=frame.cpts,
        sender_address=frame.contact,
        to_name=row.to_name,
        to_address=row.to_address,
        subject=written.subject,
        text=written.text,
        html=written.html,
        message_id=message_id(row, frame),
        date=now(),
        calendar=_calendar(row.calendar, row, frame, masked=masked) if row.calendar else None,
        attached=attached,
        headers=_unsubscribe(row, frame) if not masked else {},
    )


def _unsubscribe(row: OutboxMessage, frame: Frame) -> dict[str, str]:
    """List-Unsubscribe of an announcement somebody asked for (RFC 2369): the page of its link, with its button.

    Not in one click (RFC 8058): stopping is asked for on the page, as every act of a personal link, and nothing
    changes at the sight of a header.
    """
    return {"List-Unsubscribe": f"<{_opened(STOP, row.links[STOP], frame)}>"} if STOP in row.links else {}


def message_id(row: OutboxMessage, frame: Frame) -> str:
    """Return the Message-ID, the same at every try: whoever is sent a message twice sees it once."""
    domain = frame.contact.rpartition("@")[2] or urlsplit(frame.public_url).hostname or "cpts.invalid"
    return f"<{row.public_id}.{row.kind}@{domain.encode('idna').decode()}>"


def _personal(row: OutboxMessage, frame: Frame, *, masked: bool) -> dict[str, str]:
    """The values of the personal links of a row, or the words that stand for them."""
    if masked:
        return {name: MASKED_CODE if name == CODE else MASKED_LINK for name in row.links}
    return {name: _opened(name, target, frame) for name, target in row.links.items()}


def _opened(name: str, target: list[str], frame: Frame) -> str:
    purpose, key = target
    return links.code(UUID(key)) if name == CODE else links.url(frame.public_url, Purpose[purpose], UUID(key))


def _calendar(part: Mapping[str, Any], row: OutboxMessage, frame: Frame, *, masked: bool) -> CalendarPart:
    """The calendar part; masked, neither its link nor the secret of its UID is in it."""
    uid_of = UUID(part["uid_of"])
    secret = MASKED_SECRET if masked else uids.derive_secret(current_app.config["MASTER_KEY"], uid_of)
    link = part["link"] and (MASKED_LINK if masked else _opened("", part["link"], frame))
    state = CalendarState(
        sequence=part["sequence"],
        stamp=datetime.fromisoformat(part["stamp"]),
        partstat=part["partstat"],
        live=part["method"] == "REQUEST",
    )
    invitation = invite(
        _meeting(part),
        Change(state, part["method"]),
        uid=uids.uid(uid_of, secret, part["domain"]),
        link=link,
        cpts=Mailbox(address=frame.contact, name=frame.cpts),
        person=Mailbox(address=row.to_address, name=row.to_name),
    )
    return CalendarPart(part["method"], build(invitation))


def _meeting(part: Mapping[str, Any]) -> Meeting:
    return Meeting(
        title=part["title"],
        confidential=part["confidential"],
        starts_at=datetime.fromisoformat(part["starts_at"]),
        ends_at=datetime.fromisoformat(part["ends_at"]),
        location=part["location"],
        hour=part["hour"],
    )
