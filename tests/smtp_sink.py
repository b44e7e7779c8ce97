"""A real mail server on loopback: keeps what it accepts in a folder, and refuses what it is told to."""

import email
import email.policy
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.processes import free_port


@dataclass(frozen=True)
class Received:
    """One message as it arrived."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, read by the standard library."""
        return email.message_from_bytes(self.data, policy=email.policy.default)  # type: ignore[return-value]


class SmtpSink:
    """A server that says yes, unless `refusals` (by address), `sender_answer` or `data_answer` say otherwise.

    With `login` nothing is taken before that user and password are given.
    """

    def __init__(self, folder: Path, login: tuple[str, str] | None = None) -> None:
        self.folder = folder
        self.received: list[Received] = []
        self.refusals: dict[str, str] = {}
        self.sender_answer = ""
        self.data_answer = ""
        self.connections = 0
        self._lock = threading.Lock()
        self._login = login
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=self._authenticate,
            auth_require_tls=False,
        )

    def __enter__(self) -> "SmtpSink":
        self._controller.start()
        self.connections = 0  # the one that saw it was up
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """Its SMTP_URL."""
        user = "{}:{}@".format(*self._login) if self._login else ""
        return f"smtp://{user}127.0.0.1:{self.port}"

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count the greeting."""
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take any sender, unless told otherwise."""
        if self.sender_answer:
            return self.sender_answer
        if self._login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take any address, but those to refuse."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message, in memory and in the folder."""
        if self.data_answer:
            return self.data_answer
        data = envelope.content
        assert isinstance(data, bytes)
        with self._lock:
            self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), data))
            (self.folder / f"{len(self.received):05}.eml").write_bytes(data)
        return "250 OK"

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == self._login
        return AuthResult(success=bool(given), handled=bool(given))
