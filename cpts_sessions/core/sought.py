"""What somebody types into a field of search, and whether words of ours answer it. Pure: no Flask, no database.

Accents, case, hyphens and œ do not matter; a word is found by its beginning, and with one slip of the fingers.
"""

import re
from collections.abc import Iterable
from typing import Final

from cpts_sessions.core.french import fold, identity_key, normalise

#: Shorter words allow no slip: too many others would be near.
SHORTEST_WITH_A_SLIP: Final = 4
_FEWEST_DIGITS: Final = 4
_FEWEST_ALONE: Final = 6  # without its 0: 2026 is a year
_BETWEEN_WORDS: Final = re.compile(r"[^\w@.+]+|_+")
_PHONE: Final = re.compile(r"[\d\s.+()-]+")


def words_of(text: str) -> list[str]:
    """Return the words typed, each once, without accents nor case; « d’Almeida-Roux » is three of them.

    What holds an @ or a dot inside stays whole: it is an address, or the beginning of one.
    """
    parts = (part.strip(".+") for part in _BETWEEN_WORDS.split(fold(text)))
    return list(dict.fromkeys(part for part in parts if identity_key(part)))


def phone_of(text: str) -> str:
    """Return the digits of what looks like a telephone number, its 0 or +33 left out; empty when it is none."""
    plain = normalise(text).strip()
    digits = "".join(sign for sign in plain if sign in "0123456789")
    is_begun = plain.startswith(("0", "+"))
    if not _PHONE.fullmatch(plain) or len(digits) < (_FEWEST_DIGITS if is_begun else _FEWEST_ALONE):
        return ""
    bare = digits.removeprefix("00") if plain.startswith("00") else digits
    return (bare.removeprefix("33") if plain.startswith(("00", "+")) else bare).removeprefix("0")


def begins_one(word: str, among: Iterable[str]) -> bool:
    """Whether one of these words begins with it; figures are compared whole, 2 is not the beginning of 2026."""
    if word.isdecimal():
        return word in among
    return any(one.startswith(word) for one in among)


def takes_a_slip(word: str) -> bool:
    """Whether it is long enough to be understood when a letter of it is wrong."""
    return len(word) >= SHORTEST_WITH_A_SLIP and word.isalpha()


def is_near(word: str, other: str) -> bool:
    """Whether `other` begins with `word` but for one slip: a letter too many, too few, another, or two swapped."""
    if not takes_a_slip(word):
        return other.startswith(word)
    at = next((n for n, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), None)
    if at is None:
        return len(other) >= len(word) - 1
    left, right = word[at:], other[at:]
    is_swapped = right[:2] == left[1::-1] and right[2:].startswith(left[2:])
    return right[1:].startswith(left[1:]) or right.startswith(left[1:]) or right[1:].startswith(left) or is_swapped


def halves(word: str) -> tuple[str, ...]:
    """Return pieces of which any word with one slip holds one: what a database is asked before `is_near`."""
    middle = len(word) // 2
    swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return word[:middle], word[middle:], swapped
