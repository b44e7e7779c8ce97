"""The mailbox of the CPTS, which belongs to people: read by its numbers, never by its marks, and without leaving any.

What a message is made of is asked first (BODYSTRUCTURE): only what may be an answer of an agenda or a bounce is ever
fetched. The others are counted, and keep their place and their marks.
"""

import imaplib
import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy.exc import InterfaceError, OperationalError

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail import imap
from cpts_sessions.mail.incoming import LARGEST_BYTES
from cpts_sessions.mail.models import Mailbox

DONE_FOLDER: Final = "Traité"
_BATCH: Final = 100  # messages asked about at once
_ENOUGH_SECONDS: Final = 15  # of one reading: the worker has other things to do, the rest is for the next one
_ASKED: Final = (
    "(UID RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (LIST-ID LIST-UNSUBSCRIBE PRECEDENCE AUTO-SUBMITTED)])"
)
_MAY_CONCERN_US = re.compile(rb'"calendar"|"ics"|\.ics\b|"delivery-status"', re.IGNORECASE)
_SENT_BY_NOBODY = re.compile(
    rb"^(?:List-Id|List-Unsubscribe)\s*:|^Precedence\s*:\s*(?:bulk|list|junk)|^Auto-Submitted\s*:\s*auto", re.I | re.M
)
_BEGINS = re.compile(rb"\d+ \(")
_NUMBERED = re.compile(rb"\bUID (\d+)")
_SIZED = re.compile(rb"\bRFC822\.SIZE (\d+)")

_log = logging.getLogger(__name__)


class Reader:
    """Reads what came in since the last time. `ingest` gets the bytes of a message, and says whether it was ours."""

    def __init__(self, server: imap.ImapServer, ingest: Callable[[bytes], bool], *, moves: bool = False) -> None:
        """`moves` puts away in a folder of their own the messages that were ours, and those alone."""
        self._server = server
        self._ingest = ingest
        self._moves = moves

    def read(self) -> int:
        """Read what is new, for some seconds at most; the rest waits for the next reading.

        What goes wrong with the server is written down, for the doctor to tell, and raised again.

        Returns:
            How many messages were ours.

        Raises:
            OSError, imaplib.IMAP4.error: the server is out of reach, or refuses us.
        """
        try:
            with imap.connect(self._server) as client:
                ours = self._read(client)
        except imap.FAULTS as fault:
            _write_down(trouble=imap.trouble_of(fault))
            raise
        return ours

    def _read(self, client: imaplib.IMAP4) -> int:
        imap.expect(client.select(imap.quoted(self._server.folder), readonly=not self._moves))
        validity = int(_first(client.response("UIDVALIDITY")[1]) or b"0")
        box = _mailbox()
        known = box is not None and (box.source, box.uid_validity) == (self._server.source, validity)
        last, human = (box.last_uid, list(box.human_uids)) if box is not None and known else (0, [])
        db.session.rollback()  # no transaction stays open while the server is spoken to
        present = [int(uid) for uid in _first(imap.expect(client.uid("SEARCH", "ALL"))).split()]
        human = sorted(set(human) & set(present))
        new = sorted(uid for uid in present if uid > last)
        end, ours = time.monotonic() + _ENOUGH_SECONDS, 0
        for start in range(0, len(new), _BATCH):
            if time.monotonic() > end:
                break
            for told in self._about(client, new[start : start + _BATCH]):
                is_ours = told.may_concern_us and self._take(client, told.uid)
                ours += is_ours
                if not is_ours and not told.is_sent_by_nobody:
                    human.append(told.uid)
            last = new[min(start + _BATCH, len(new)) - 1]
            _write_down(source=self._server.source, uid_validity=validity, last_uid=last, human_uids=human)
        _write_down(
            source=self._server.source,
            uid_validity=validity,
            last_uid=last,
            human_uids=human,
            read_at=now(),
            trouble="",
        )
        return ours

    def _about(self, client: imaplib.IMAP4, uids: Sequence[int]) -> list["_Told"]:
        answer = imap.expect(client.uid("FETCH", ",".join(map(str, uids)), _ASKED))
        told = {one.uid: one for one in map(_told, _messages(answer)) if one is not None}
        return [told[uid] for uid in uids if uid in told]

    def _take(self, client: imaplib.IMAP4, uid: int) -> bool:
        """Read one message that may be ours; what it holds is its own trouble, and stops nothing."""
        answer = imap.expect(client.uid("FETCH", str(uid), "(BODY.PEEK[])"))
        raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
        try:
            is_ours = self._ingest(raw)
        except (OperationalError, InterfaceError):  # the database is out of reach: this message is read next time
            raise
        except Exception as fault:  # a fault of ours with this message: the others go on, and it stays where it is
            db.session.rollback()
            _log.error("message %s of the mailbox: %s", uid, type(fault).__name__)
            return False
        if is_ours and self._moves:
            self._put_away(client, uid)
        return is_ours

    def _put_away(self, client: imaplib.IMAP4, uid: int) -> None:
        """Move one message, where the server can (RFC 6851); no other way is safe for the messages around it."""
        if "MOVE" not in client.capabilities:
            return
        folder = imap.quoted(DONE_FOLDER)
        if client.uid("MOVE", str(uid), folder)[0] != "OK":
            client.create(folder)
            client.uid("MOVE", str(uid), folder)


@dataclass(frozen=True, slots=True)
class _Told:
    uid: int
    may_concern_us: bool
    is_sent_by_nobody: bool


def state() -> Mailbox | None:
    """Return where the reading of the mailbox stands; None when it was never read."""
    return _mailbox()


def _mailbox() -> Mailbox | None:
    return db.session.get(Mailbox, 1)


def _write_down(**values: object) -> None:
    with transaction():
        box = _mailbox()
        if box is None:
            box = Mailbox()
            db.session.add(box)
        for name, value in values.items():
            setattr(box, name, list(value) if isinstance(value, list) else value)


def _messages(answer: Sequence[object]) -> Iterator[tuple[bytes, bytes]]:
    """Group what imaplib cut at each literal: for each message what is told of it, and its literals."""
    told, literals = b"", b""
    for part in answer:
        words, literal = cast(tuple[bytes, bytes], part) if isinstance(part, tuple) else (cast(bytes, part or b""), b"")
        if _BEGINS.match(words) and told:
            yield told, literals
            told, literals = b"", b""
        told, literals = told + b" " + words, literals + literal
    if told:
        yield told, literals


def _told(message: tuple[bytes, bytes]) -> _Told | None:
    told, literals = message
    uid, size = _NUMBERED.search(told), _SIZED.search(told)
    if uid is None:
        return None
    may_concern_us = bool(_MAY_CONCERN_US.search(told) or _MAY_CONCERN_US.search(literals))
    is_small = size is not None and int(size[1]) <= LARGEST_BYTES
    return _Told(int(uid[1]), may_concern_us and is_small, bool(_SENT_BY_NOBODY.search(literals)))


def _first(given: Sequence[object]) -> bytes:
    return given[0] if given and isinstance(given[0], bytes) else b""
