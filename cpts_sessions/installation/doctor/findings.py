"""What an examination finds: a sentence, how serious it is, what to do."""

from dataclasses import dataclass
from enum import StrEnum

from cpts_sessions.core.french import typo


class Level(StrEnum):
    """How serious a finding is."""

    GOOD = "OK"
    CAREFUL = "attention"
    WRONG = "erreur"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `advice` says what to do, empty when all is well."""

    level: Level
    sentence: str
    advice: str = ""


def good(sentence: str) -> Finding:
    """Return a finding that asks for nothing."""
    return Finding(Level.GOOD, typo(sentence))


def careful(sentence: str, advice: str) -> Finding:
    """Return something that works, and will hurt one day."""
    return Finding(Level.CAREFUL, typo(sentence), _worded(advice))


def wrong(sentence: str, advice: str) -> Finding:
    """Return something that does not work."""
    return Finding(Level.WRONG, typo(sentence), _worded(advice))


def _worded(advice: str) -> str:
    """A command is to be copied as it is."""
    return advice if advice.startswith("chmod ") else typo(advice)
