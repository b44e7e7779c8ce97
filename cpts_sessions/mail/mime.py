"""One e-mail to one person, as bytes that mail programs recognise as an invitation (RFC 6047).

Built with the standard library: Flask-Mail's own message cannot set `method=` on the calendar part. Flask-Mail keeps
the connection and the capture in tests, through `RawMessage`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from flask_mail import Message

from cpts_sessions.ical.changes import Method
from cpts_sessions.mail.headers import POLICY, one_line

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar object and its METHOD, the same as in its body."""

    method: Method
    data: bytes


@dataclass(frozen=True, slots=True)
class Attached:
    """A PDF that goes with a message; its name is plain ASCII."""

    name: str
    data: bytes


def build_message(
    *,
    sender_name: str,
    sender_address: str,
    to_name: str,
    to_address: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    date: datetime,
    calendar: CalendarPart | None = None,
    attached: Attached | None = None,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> EmailMessage:
    """The message, always the same bytes for the same values, ASCII only, with CRLF.

    From and Reply-To are the mailbox that is also the ORGANIZER of `calendar`. `Auto-Submitted: auto-generated` keeps
    absence notices from answering (RFC 3834, section 5.1), not agendas: their owners press a button.

    Args:
        message_id: with its angle brackets.
        headers: others than those above, such as List-Unsubscribe.

    Raises:
        ValueError: an address is not a plain ASCII one (its domain apart), the date is naive, a header is set twice.
    """
    if date.tzinfo is None:
        raise ValueError("the date of a message must be aware")
    message = EmailMessage(policy=POLICY)
    message["From"] = _address(sender_name, sender_address)
    message["To"] = _address(to_name, to_address)
    message["Reply-To"] = _address("", sender_address)
    message["Subject"] = one_line(subject)
    message["Date"] = date
    message["Message-ID"] = one_line(message_id)
    message["Auto-Submitted"] = "auto-generated"
    _add(message, headers)
    _fill(message, text, html, calendar, attached)
    return message


def _add(message: EmailMessage, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if name in message:
            raise ValueError(f"header set twice: {name}")
        message[name] = one_line(value)


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    if not local or not domain or not local.isascii() or not address.isprintable() or " " in address:
        raise ValueError(f"not a plain e-mail address: {address!r}")
    return Address(one_line(name), addr_spec=f"{local}@{domain.encode('idna').decode()}")


def _fill(
    message: EmailMessage, text: str, html: str, calendar: CalendarPart | None, attached: Attached | None
) -> None:
    """Put the bodies in: alternatives from the plainest to the richest, the calendar last; then the files."""
    seed = sha256(str(message["Message-ID"]).encode()).hexdigest()[:24]
    message.set_content(text, cte="quoted-printable")
    message.make_alternative(boundary=f"=_a{seed}")  # "=_" never occurs in the encodings used
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if calendar:
        message.add_alternative(calendar.data, maintype="text", subtype="calendar", cte="base64")
        *_, invitation = message.iter_parts()
        invitation.replace_header("Content-Type", f'text/calendar; charset="UTF-8"; method={calendar.method}')
    if calendar or attached:
        message.make_mixed(boundary=f"=_m{seed}")
    if calendar:
        message.add_attachment(calendar.data, maintype="application", subtype="ics", filename="invite.ics")
    if attached:
        message.add_attachment(attached.data, maintype="application", subtype="pdf", filename=attached.name)
    for part in message.walk():
        if part is not message:
            del part["MIME-Version"]  # belongs to the whole message (RFC 2045, section 4)


class RawMessage(Message):
    """A finished message for Flask-Mail's connection, and for `mail.record_messages()` in tests.

    Flask-Mail reads the envelope and checks its fields; what leaves is `mime`, byte for byte, with the one
    Message-ID it has. Needs no application context to be made.
    """

    def __init__(self, mime: EmailMessage) -> None:
        text, html = mime.get_body(("plain",)), mime.get_body(("html",))
        super().__init__(
            subject=str(mime["Subject"]),
            sender=_only_address(mime["From"]),
            recipients=[_only_address(mime["To"])],
            reply_to=str(mime["Reply-To"]),
            body=text.get_content() if text else None,
            html=html.get_content() if html else None,
            date=mime["Date"].datetime.timestamp(),
        )
        self.msgId = str(mime["Message-ID"])
        self.mime = mime

    def _message(self) -> EmailMessage:  # type: ignore[override]  # both have as_bytes and as_string, all that is used
        return self.mime


def _only_address(header: AddressHeader) -> str:
    """The bare address, for the envelope: one message serves one person."""
    (address,) = header.addresses
    return str(address.addr_spec)
