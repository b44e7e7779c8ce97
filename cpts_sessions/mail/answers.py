"""What a mail server's refusal means: for this message, for now, or for all of them."""

import smtplib
import ssl
from dataclasses import dataclass
from enum import Enum, auto

from cpts_sessions.mail.headers import one_line

_LONGEST = 120  # characters kept of a server's own words
_SERVER_TROUBLES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((smtplib.SMTPAuthenticationError,), "le serveur d’e-mail refuse l’identifiant ou le mot de passe"),
    ((smtplib.SMTPSenderRefused,), "le serveur d’e-mail refuse l’adresse de la CPTS"),
    ((ssl.SSLError,), "la connexion chiffrée au serveur d’e-mail échoue"),
    (
        (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPNotSupportedError),
        "le serveur d’e-mail refuse la connexion",
    ),
)


class Failure(Enum):
    """What a message that did not leave may hope for."""

    TEMPORARY = auto()  # the same again later
    LOST = auto()  # the same, on another connection
    PERMANENT = auto()  # this message will never be taken
    SERVER = auto()  # no fault of the message: all of them wait


@dataclass(frozen=True)
class Trouble:
    """`reason` is for the coordination, in French and in the server's words; `technical`, for the log, names nobody."""

    failure: Failure
    reason: str
    technical: str


def trouble_of(error: OSError | smtplib.SMTPException) -> Trouble:
    """Say what went wrong (RFC 5321, section 4.2.1: 4xx may be tried again, 5xx not)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _refused("adresse refusée", code, words)
    if isinstance(error, smtplib.SMTPDataError):
        return _refused("message refusé", error.smtp_code, error.smtp_error)
    for kinds, what in _SERVER_TROUBLES:
        if isinstance(error, kinds):
            return _server(what, error)
    return Trouble(Failure.LOST, "le serveur d’e-mail ne répond pas", type(error).__name__)


def _refused(what: str, code: int, words: bytes | str) -> Trouble:
    failure = Failure.LOST if code == 421 else Failure.TEMPORARY if code < 500 else Failure.PERMANENT
    return Trouble(failure, f"{what} : {code} {_shortened(words)}".rstrip(), f"{what} ({code})")


def _server(what: str, error: OSError | smtplib.SMTPException) -> Trouble:
    if not isinstance(error, smtplib.SMTPResponseException):
        return Trouble(Failure.SERVER, what, type(error).__name__)
    reason = f"{what} : {error.smtp_code} {_shortened(error.smtp_error)}".rstrip()
    return Trouble(Failure.SERVER, reason, f"{type(error).__name__} ({error.smtp_code})")


def _shortened(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    line = one_line(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
