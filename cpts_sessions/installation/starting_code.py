"""The code that replaces the demonstration by a real CPTS: whoever reads it runs the server, or was given it there.

Small, so that a server may ask for it when it starts.
"""

import hmac
from typing import Final

from cpts_sessions.core.secrets import derive
from cpts_sessions.installation.following import find
from cpts_sessions.organisations import queries
from cpts_sessions.organisations.models import Organisation

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_READ_AS: Final = str.maketrans("OIL", "011")
_GROUPS: Final = 3
_IN_A_GROUP: Final = 4


def starting_code() -> str | None:
    """Return « 7K2M-9QTR-4BXW » (60 bits) while this installation holds the demonstration and nothing else.

    It is of this demonstration: another one, loaded later, has another code.
    """
    demonstration = find()
    if demonstration is None or len(queries.every()) > 1:
        return None
    return _code_of(demonstration)


def is_code_of(demonstration: Organisation, typed: str) -> bool:
    """Tell whether somebody typed the code of this demonstration, whatever its case, spaces and hyphens."""
    kept = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(_READ_AS)
    return hmac.compare_digest(kept.encode(), _code_of(demonstration).replace("-", "").encode())


def _code_of(demonstration: Organisation) -> str:
    number = int.from_bytes(derive(f"start:{demonstration.public_id}"))
    letters = "".join(_ALPHABET[number >> (5 * place) & 31] for place in range(_GROUPS * _IN_A_GROUP))
    return "-".join(letters[at : at + _IN_A_GROUP] for at in range(0, len(letters), _IN_A_GROUP))
