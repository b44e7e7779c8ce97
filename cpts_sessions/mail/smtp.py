"""The mail server of SMTP_URL, and a connection to it that cannot hang for ever."""

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Literal, cast
from urllib.parse import unquote, urlsplit

import flask_mail
from flask import current_app

Security = Literal["smtp", "smtp+starttls", "smtps"]

TIMEOUT_SECONDS: Final = 20
DEFAULT_PORTS: Final[dict[str, int]] = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where messages are handed over; `smtp` is not encrypted: for a server on one's own machine."""

    security: Security
    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def parse(url: str) -> MailServer:
    """Read `smtp://`, `smtp+starttls://` or `smtps://user:pass@host:port`; user and pass percent-encoded.

    Raises:
        ValueError: it cannot be used; the French sentence never holds the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("SMTP_URL : le port n’est pas un nombre valable.") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError("SMTP_URL commence par smtp://, smtp+starttls:// ou smtps://.")
    if not parts.hostname:
        raise ValueError("SMTP_URL : il manque le nom du serveur.")
    username, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    if (username is None) != (password is None):
        raise ValueError("SMTP_URL : il faut un identifiant et un mot de passe, ou aucun des deux.")
    if not f"{username}{password}".isascii():  # smtplib knows no other letters
        raise ValueError("SMTP_URL : l’identifiant et le mot de passe sont en lettres sans accent.")
    return MailServer(
        security=cast(Security, parts.scheme),
        host=parts.hostname.encode("idna").decode(),
        port=port or DEFAULT_PORTS[parts.scheme],
        username=username,
        password=password,
    )


def flask_settings(url: str | None) -> dict[str, Any]:
    """Return what Flask-Mail reads; without SMTP_URL there is no server, and messages wait.

    Raises:
        ValueError: as `parse`.
    """
    if not url:
        return {"MAIL_SERVER": None}
    server = parse(url)
    return {
        "MAIL_SERVER": server.host,
        "MAIL_PORT": server.port,
        "MAIL_USERNAME": server.username,
        "MAIL_PASSWORD": server.password,
        "MAIL_USE_TLS": server.security == "smtp+starttls",
        "MAIL_USE_SSL": server.security == "smtps",
        "MAIL_DEBUG": False,  # its traces would hold names and links
    }


def is_configured() -> bool:
    """Whether there is a server to hand messages to."""
    return bool(current_app.extensions["mail"].server)


def connect() -> "Connection":
    """Return a connection, to be opened by `with`.

    Raises:
        OSError, smtplib.SMTPException: on entering, when the server is out of reach or refuses us.
    """
    return Connection(current_app.extensions["mail"])


class Connection(flask_mail.Connection):
    """Flask-Mail's connection with a time-out, checked certificates and an end that never fails."""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Open, encrypt when asked, sign in when there is a user."""
        host = self._open()
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def _open(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        server, port = self.mail.server, self.mail.port or 0
        if not self.mail.use_ssl:
            return smtplib.SMTP(server, port, _own_name(), timeout=TIMEOUT_SECONDS)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server, port, _own_name(), timeout=TIMEOUT_SECONDS, context=context)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take leave; a server that is already gone is not an error."""
        if self.host is None:
            return
        try:
            self.host.quit()
        except (OSError, smtplib.SMTPException):
            self.host.close()


def _own_name() -> str:
    """The name for EHLO: smtplib would ask the DNS for it, which may take minutes where there is none."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"
