"""What the forms of the coordination make of what is typed, and how they write it back."""

from collections.abc import Iterable
from datetime import date, datetime, time
from unicodedata import category

from flask import request
from wtforms.fields.choices import SelectChoice

from cpts_sessions.core import clock
from cpts_sessions.people.models import Person

LONGEST_SEARCH = 120
_NEVER_KEPT = {"csrf_token", "etape"}


def one_line(value: str | None) -> str:
    """What was typed on one line: single spaces, no character that nobody can see."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value or "").split())


def words_asked(value: str | None) -> str:
    """What an address says is looked for, as far as anybody types."""
    return one_line((value or "")[: 2 * LONGEST_SEARCH])[:LONGEST_SEARCH].strip()


def several_lines(value: str | None) -> str:
    """What was typed on several lines, their ends made alike, without characters that nobody can see.

    A vertical tab is how word processors end a line within a paragraph.
    """
    lines = (value or "").replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or category(sign) not in ("Cc", "Cs")).strip()


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """The choices of a list, from (value, words)."""
    return [SelectChoice(value, words) for value, words in pairs]


def person_choices(persons: Iterable[Person]) -> list[SelectChoice]:
    """The choices of a list of persons, by their public id."""
    return choices((str(person.public_id), person.full_name) for person in persons)


def instant(day: date, hour: time) -> datetime:
    """The instant of a day and hour typed in local time."""
    return clock.at(day, hour)


def instant_or_none(moment: datetime | None) -> datetime | None:
    """The instant of a local day and hour typed together, or None when nothing was."""
    return clock.at(moment.date(), moment.time()) if moment else None


def wall(moment: datetime | None) -> datetime | None:
    """A stored instant as its field shows it: the local day and hour, without zone."""
    return clock.local(moment).replace(tzinfo=None) if moment else None


def kept() -> list[tuple[str, str]]:
    """What was posted, to be carried hidden to the next screen of the same act."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _NEVER_KEPT]


def goes_back() -> bool:
    """Whether the screen before is asked for again, with all that was typed on it."""
    return request.form.get("etape") == "modifier"
