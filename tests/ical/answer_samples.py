"""Answers as agendas write them, by hand, one file each under `answers/`; all are to the invitation of `samples.py`."""

from pathlib import Path

FOLDER = Path(__file__).parent / "answers"


def sample(name: str) -> bytes:
    """Return the bytes of one mail, as a mail server hands them over."""
    return (FOLDER / f"{name}.eml").read_bytes()


def names() -> list[str]:
    """Return the name of every sample."""
    return sorted(path.stem for path in FOLDER.glob("*.eml"))
