"""Ballots that all look alike: one fixed size, unreadable without the key of their box. Pure: bytes in, bytes out."""

import os
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from cpts_sessions.questionnaires.definition import LARGEST_BALLOT_BYTES

#: What every sealed ballot weighs, empty or full, in bytes.
SEALED_BYTES: Final = 16 * 1024
EMPTY: Final = b""

_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_LENGTH_BYTES: Final = 2
_CLEAR_BYTES: Final = SEALED_BYTES - _NONCE_BYTES - _TAG_BYTES


class Sealer:
    """Seals and unseals the ballots of one box (ChaCha20-Poly1305, RFC 8439), each under a fresh random nonce.

    A ballot only unseals in the box and the slot it was sealed for.
    """

    def __init__(self, key: bytes, key_id: UUID) -> None:
        self._cipher = ChaCha20Poly1305(key)
        self._box = key_id.bytes

    def seal(self, slot_id: UUID, ballot: bytes) -> bytes:
        """Return SEALED_BYTES that say nothing of the ballot, not even whether it is empty.

        Raises:
            ValueError: it weighs more than LARGEST_BALLOT_BYTES.
        """
        if len(ballot) > LARGEST_BALLOT_BYTES:
            raise ValueError("this ballot is too large")
        clear = (len(ballot).to_bytes(_LENGTH_BYTES) + ballot).ljust(_CLEAR_BYTES, b"\0")
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, clear, self._box + slot_id.bytes)

    def unseal(self, slot_id: UUID, sealed: bytes) -> bytes:
        """Return the ballot; `EMPTY` when nobody answered.

        Raises:
            cryptography.exceptions.InvalidTag: it was sealed elsewhere, or changed since.
        """
        clear = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._box + slot_id.bytes)
        length = int.from_bytes(clear[:_LENGTH_BYTES])
        return clear[_LENGTH_BYTES : _LENGTH_BYTES + length]
