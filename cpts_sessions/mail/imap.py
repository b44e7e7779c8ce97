"""The mail server of IMAP_URL, and a connection to it that cannot hang for ever."""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS: Final = 10
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_PORTS: Final = {"imaps": 993, "imap": 143}

#: What is raised when the server is out of reach, refuses us or says what nobody understands.
FAULTS: Final = (OSError, imaplib.IMAP4.error)


@dataclass(frozen=True, kw_only=True)
class ImapServer:
    """Where answers come in; `imap` is not encrypted: for a server on one's own machine."""

    is_encrypted: bool
    host: str
    port: int
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @property
    def source(self) -> str:
        """What tells this box from another one; no password in it."""
        return sha256(f"{self.username}@{self.host}:{self.port}/{self.folder}".encode()).hexdigest()


def parse(url: str) -> ImapServer:
    """Read `imaps://user:pass@host:port/INBOX`, or `imap://` on one's own machine; all percent-encoded.

    Raises:
        ValueError: it cannot be used; the French sentence never holds the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("IMAP_URL : le port n’est pas un nombre valable.") from None
    if parts.scheme not in _PORTS:
        raise ValueError("IMAP_URL commence par imaps:// (imap:// sur la même machine seulement).")
    if not parts.hostname or not parts.username or not parts.password:
        raise ValueError("IMAP_URL : il faut un identifiant, un mot de passe et le nom du serveur.")
    if parts.scheme == "imap" and parts.hostname not in _LOOPBACK:
        raise ValueError("IMAP_URL : vers une autre machine, il faut imaps://, qui chiffre le mot de passe.")
    username, password = unquote(parts.username), unquote(parts.password)
    if not f"{username}{password}".isascii() or not f"{username}{password}".isprintable():
        raise ValueError("IMAP_URL : l’identifiant et le mot de passe sont en lettres sans accent.")
    return ImapServer(
        is_encrypted=parts.scheme == "imaps",
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        username=username,
        password=password,
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


@contextmanager
def connect(server: ImapServer) -> Iterator[imaplib.IMAP4]:
    """Sign in, and take leave at the end; a server that is already gone is not an error.

    Raises:
        OSError, imaplib.IMAP4.error: it is out of reach, or refuses us.
    """
    if server.is_encrypted:
        context = ssl.create_default_context()
        client: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=context, timeout=TIMEOUT_SECONDS
        )
    else:
        client = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        client.login(server.username, server.password)
        yield client
    finally:
        try:
            client.logout()
        except FAULTS:
            client.shutdown()


def look(server: ImapServer) -> None:
    """Sign in and open the folder, to be read only; nothing is asked of what is in it.

    Raises:
        OSError, imaplib.IMAP4.error: the server is out of reach, or refuses us.
    """
    with connect(server) as client:
        expect(client.select(quoted(server.folder), readonly=True))


def trouble_of(fault: Exception) -> str:
    """Return why the mailbox could not be read, in French; never the password."""
    if isinstance(fault, ssl.SSLError):
        return "la connexion chiffrée échoue"
    if isinstance(fault, (imaplib.IMAP4.abort, OSError)):
        return "le serveur ne répond pas"
    return "le serveur refuse l’identifiant, le mot de passe ou le dossier"


def expect(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    """Return what the server gave.

    Raises:
        imaplib.IMAP4.error: it said no.
    """
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(f"the server said {answer[0]}")
    return answer[1]


def quoted(folder: str) -> str:
    """A name of a folder as IMAP writes it: modified UTF-7 (RFC 3501, section 5.1.3), in quotes."""

    def shifted(found: re.Match[str]) -> str:
        return "&" + base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

    name = re.sub(r"[^\x20-\x7e]+", shifted, folder.replace("&", "&-"))
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
