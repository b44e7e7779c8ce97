"""The keys of the boxes: one file each in CPTS_KEYS_DIR, wrapped by the master key; never in the database or a log.

A copy of the database without this folder opens no box, nor does a copy of the folder without the master key. A key is
removed as soon as its box is opened: from then on nothing unseals what an old copy of the database may still hold.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from flask import current_app

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.secrets import derive

_SUFFIX: Final = ".key"
_NONCE_BYTES: Final = 12
_NOTE_NAME: Final = "LISEZ-MOI.txt"
_NOTE: Final = (
    "Clés des urnes : ne pas sauvegarder.\n\n"
    "Une copie de ce dossier, gardée avec une copie de la base, permettrait de lire des réponses promises anonymes.\n"
    "Chaque clé est effacée quand son urne est dépouillée. Une clé perdue, ce sont les réponses de l’année perdues.\n"
)
#: Cache Directory Tagging Specification 0.6: programs that make backups leave such a folder out.
_TAG: Final = "Signature: 8a477f597d28d172789f06886806bc55\n# Keys of boxes of answers: never to be copied.\n"


class KeyMissing(RuleBroken):
    """The key of a box is not where it should be, or is not readable with this master key."""

    def __init__(self) -> None:
        super().__init__(
            "La clé de cette urne n’est pas à sa place : rien ne peut y être scellé ni dépouillé. "
            "Demandez à qui administre le site de la remettre."
        )


def create(key_id: UUID) -> bytes:
    """Make the key of a new box and return it; it is on the disk when this returns (O_EXCL, mode 0600).

    Raises:
        KeyMissing: the folder of the keys cannot be written.
    """
    key = ChaCha20Poly1305.generate_key()
    nonce = os.urandom(_NONCE_BYTES)
    try:
        _prepare(_folder())
        _write(_path(key_id), nonce + _wrapping().encrypt(nonce, key, key_id.bytes))
        _settle(_folder())
    except OSError:
        raise KeyMissing from None
    return key


def load(key_id: UUID) -> bytes:
    """Return the key of a box.

    Raises:
        KeyMissing: there is none, or another master key made it.
    """
    try:
        wrapped = _path(key_id).read_bytes()
        return _wrapping().decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], key_id.bytes)
    except (OSError, InvalidTag, ValueError):
        raise KeyMissing from None


def is_there(key_id: UUID) -> bool:
    """Whether the key of a box can be used."""
    try:
        load(key_id)
    except KeyMissing:
        return False
    return True


def remove(key_id: UUID) -> None:
    """Forget a key for ever: what it sealed can never be read again. Nothing happens when it is gone already."""
    path = _path(key_id)
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _settle(path.parent)


def kept() -> set[UUID]:
    """Return the ids of the keys that are kept."""
    found = set()
    for path in _folder().glob(f"*{_SUFFIX}"):
        with suppress(ValueError):
            found.add(UUID(path.name.removesuffix(_SUFFIX)))
    return found


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].keys_dir
    return folder


def _prepare(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in (("CACHEDIR.TAG", _TAG), (_NOTE_NAME, _NOTE)):
        with suppress(FileExistsError):
            _write(folder / name, text.encode())


def _path(key_id: UUID) -> Path:
    return _folder() / f"{key_id}{_SUFFIX}"


def _wrapping() -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derive("box-keys"))


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
