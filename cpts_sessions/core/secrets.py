"""The one secret of an installation, and what is derived from it."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from flask import current_app

KEY_BYTES = 32


def load_master_key(path: Path) -> bytes:
    """Read the master key, making it the first time (O_EXCL, mode 0600).

    Two processes starting together agree: the one that loses the race reads the other's key.

    Raises:
        ValueError: the file does not hold a key.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(KEY_BYTES).encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # fails when the file exists: never replaces a key
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} ne contient pas une clé maîtresse. Remettez-y la copie que vous avez gardée.")
    return key


def derive(purpose: str, *, master_key: bytes | None = None) -> bytes:
    """Return 32 bytes that only this installation can make for this purpose (HMAC-SHA-256, RFC 2104)."""
    key = current_app.config["MASTER_KEY"] if master_key is None else master_key
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()
