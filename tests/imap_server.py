"""A real IMAP server on loopback: one user, one box of messages with numbers and marks (RFC 3501, RFC 6851)."""

import re
import shlex
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

USER, PASSWORD = "boite", "un mot de passe"
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass
class Stored:
    """One message in the box."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Box:
    """What the server holds, and what it was asked for."""

    messages: list[Stored] = field(default_factory=list)
    folders: dict[str, list[Stored]] = field(default_factory=dict)
    validity: int = 7
    bodies_read: list[int] = field(default_factory=list)
    can_move: bool = True
    is_silent: bool = False

    def put(self, raw: bytes, *flags: str) -> int:
        """Deliver a message; return its number."""
        uid = 1 + max((one.uid for one in self.messages), default=100)
        self.messages.append(Stored(uid, raw, set(flags)))
        return uid

    def marks(self) -> list[tuple[int, list[str]]]:
        """Return the numbers and marks of the box, in order."""
        return [(one.uid, sorted(one.flags)) for one in self.messages]


class _Session(socketserver.StreamRequestHandler):
    box: Box
    is_readonly = True
    is_signed_in = False

    def handle(self) -> None:
        self._send("* OK ready")
        with suppress(ConnectionError):
            for line in self.rfile:
                if self.box.is_silent:
                    return
                tag, _, command = line.decode().rstrip("\r\n").partition(" ")
                if not self._answer(tag, command):
                    return

    def _answer(self, tag: str, command: str) -> bool:
        name = " ".join(command.split(" ")[: 2 if command.upper().startswith("UID") else 1]).upper().replace(" ", "_")
        act = getattr(self, f"_do_{name.lower()}", None)
        if act is None or not (self.is_signed_in or name in ("CAPABILITY", "LOGIN", "LOGOUT")):
            self._send(f"{tag} BAD what is {name}")
            return True
        self._send(f"{tag} {act(command)}")
        return name != "LOGOUT"

    def _send(self, line: str | bytes) -> None:
        self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def _do_capability(self, _: str) -> str:
        self._send("* CAPABILITY IMAP4rev1" + (" MOVE" if self.box.can_move else ""))
        return "OK done"

    def _do_login(self, command: str) -> str:
        given = shlex.split(command)[1:]
        self.is_signed_in = given == [USER, PASSWORD]
        return "OK done" if self.is_signed_in else "NO [AUTHENTICATIONFAILED] no"

    def _do_logout(self, _: str) -> str:
        self._send("* BYE")
        return "OK done"

    def _do_create(self, command: str) -> str:
        self.box.folders.setdefault(_folder(command), [])
        return "OK done"

    def _do_select(self, command: str) -> str:
        return self._open(command, is_readonly=False)

    def _do_examine(self, command: str) -> str:
        return self._open(command, is_readonly=True)

    def _open(self, command: str, *, is_readonly: bool) -> str:
        if _folder(command) != "INBOX":
            return "NO no such folder"
        self.is_readonly = is_readonly
        self._send(f"* {len(self.box.messages)} EXISTS")
        self._send(f"* OK [UIDVALIDITY {self.box.validity}] numbers are good")
        return "OK [READ-ONLY] done" if is_readonly else "OK [READ-WRITE] done"

    def _do_uid_search(self, _: str) -> str:
        self._send("* SEARCH " + " ".join(str(one.uid) for one in self.box.messages))
        return "OK done"

    def _do_uid_fetch(self, command: str) -> str:
        wanted, _, items = command.split(" ", 2)[2].partition(" ")
        for number, one in enumerate(self.box.messages, 1):
            if str(one.uid) in wanted.split(","):
                self._send(b"* %d FETCH (%s)" % (number, b" ".join(self._told(one, items))))
        return "OK done"

    def _told(self, one: Stored, items: str) -> Iterator[bytes]:
        yield b"UID %d" % one.uid
        if "RFC822.SIZE" in items:
            yield b"RFC822.SIZE %d" % len(one.raw)
        if "BODYSTRUCTURE" in items:
            yield b"BODYSTRUCTURE " + structure(message_from_bytes(one.raw)).encode("latin-1", "replace")
        if "BODY[" in items and not self.is_readonly:
            one.flags.add("\\Seen")  # what BODY.PEEK is there to avoid
        if found := re.search(r"HEADER\.FIELDS \(([^)]*)\)", items):
            yield b"BODY[HEADER.FIELDS (%s)] " % found[1].encode() + _literal(_headers(one.raw, found[1].split()))
        elif "[]" in items:
            self.box.bodies_read.append(one.uid)
            yield b"BODY[] " + _literal(one.raw)

    def _do_uid_move(self, command: str) -> str:
        uid, folder = int(command.split(" ")[2]), _folder(command.split(" ", 3)[3])
        if self.is_readonly or not self.box.can_move or folder not in self.box.folders:
            return "NO [TRYCREATE] no"
        for one in [one for one in self.box.messages if one.uid == uid]:
            self.box.messages.remove(one)
            self.box.folders[folder].append(one)
        return "OK done"


def structure(part: Message) -> str:
    """The BODYSTRUCTURE of a message, as far as anybody here reads it (RFC 3501, section 7.4.2)."""
    parameters = " ".join(f'"{name}" "{value}"' for name, value in (part.get_params() or [])[1:])
    kind = f'"{part.get_content_maintype()}" "{part.get_content_subtype()}"'
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        inside = "".join(structure(one) for one in part.get_payload())  # type: ignore[arg-type, union-attr]
        return f'({inside} "{part.get_content_subtype()}" ({parameters or "NIL"}))'
    name = f'("attachment" ("filename" "{part.get_filename()}"))' if part.get_filename() else "NIL"
    return f'({kind} ({parameters or "NIL"}) NIL NIL "7bit" 1 NIL {name})'


def _literal(data: bytes) -> bytes:
    return b"{%d}\r\n%s" % (len(data), data)


def _headers(raw: bytes, names: list[str]) -> bytes:
    message = message_from_bytes(raw)
    return "".join(f"{name}: {message[name]}\r\n" for name in names if message[name]).encode() + b"\r\n"


def _folder(command: str) -> str:
    named = _LITERAL.search(command)
    return named[1] if named else command.rsplit(" ", maxsplit=1)[-1]


class ImapServer:
    """The server, for the time of a `with` block."""

    def __init__(self) -> None:
        self.box = Box()
        handler = type("Session", (_Session,), {"box": self.box})
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    @property
    def url(self) -> str:
        """The IMAP_URL of this box."""
        return f"imap://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/INBOX"

    def __enter__(self) -> "ImapServer":
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
