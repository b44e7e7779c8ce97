"""What the coordination notes in a register, as it was typed; `columns` is what is stored of it. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.programmes.import_rules import parse_day
from cpts_sessions.registers import rules
from cpts_sessions.registers.models import Channel, Communication, HelpRequest, Step

SHORT, LONG = 200, 2000  # characters


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request for help of one day."""

    model: ClassVar[type[HelpRequest]] = HelpRequest
    day: date
    tool: str
    asker: str
    natures: str
    needs: str = ""

    def columns(self) -> dict[str, Any]:
        """Return what is stored.

        Raises:
            RuleBroken: the day is far from any season, or words that are needed are not there.
        """
        day = rules.checked_day(self.day)
        told = {"tool": self.tool, "asker": self.asker, "natures": self.natures, "needs": self.needs}
        needed = {"L’outil": self.tool, "La structure": self.asker, "La nature de l’aide": self.natures}
        _check_there(needed)
        return {"day": day, "year": day.year, "count": 1, **told}


@dataclass(frozen=True, kw_only=True)
class RequestsOfYear:
    """Several requests of one year about one tool, under one line: what a table of last year says."""

    model: ClassVar[type[HelpRequest]] = HelpRequest
    year: int
    tool: str
    count: int
    natures: str = ""
    needs: str = ""

    def columns(self) -> dict[str, Any]:
        """Return what is stored.

        Raises:
            RuleBroken: the year or the number cannot be one, or the tool is not there.
        """
        _check_there({"L’outil": self.tool})
        if not 1 <= self.count <= rules.MOST_IN_A_YEAR:
            raise RuleBroken(typo(f"Le nombre de sollicitations va de 1 à {rules.MOST_IN_A_YEAR}."))
        told = {"tool": self.tool, "natures": self.natures, "needs": self.needs, "count": self.count}
        return {"day": None, "year": rules.checked_year(self.year), "asker": "", **told}


@dataclass(frozen=True, kw_only=True)
class Communicated:
    """A communication: `day` is the first of the month when only the month is known."""

    model: ClassVar[type[Communication]] = Communication
    day: date
    is_month_only: bool
    channel: Channel
    what: str
    link: str = ""

    def columns(self) -> dict[str, Any]:
        """Return what is stored.

        Raises:
            RuleBroken: the day is far from any season, the link is no address, or nothing says what it was.
        """
        _check_there({"La communication": self.what})
        return {
            "day": rules.checked_day(self.day),
            "is_month_only": self.is_month_only,
            "channel": self.channel.value,
            "what": self.what,
            "link": rules.checked_link(self.link),
        }


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step of the journal of action 31."""

    model: ClassVar[type[Step]] = Step
    day: date
    title: str
    text: str = ""
    link: str = ""

    def columns(self) -> dict[str, Any]:
        """Return what is stored.

        Raises:
            RuleBroken: the day is far from any season, the link is no address, or the step has no title.
        """
        _check_there({"Le titre": self.title})
        link = rules.checked_link(self.link)
        return {"day": rules.checked_day(self.day), "title": self.title, "text": self.text, "link": link}


def day_or_month(text: str) -> tuple[date, bool]:
    """Return the day of « 12/05/2025 », or the first of the month of « mai 2025 »; and whether it is only a month.

    Raises:
        RuleBroken: it is neither.
    """
    if (day := parse_day(text.strip())) is not None:
        return day, False
    if (month := rules.month_said(text)) is not None:
        return month, True
    raise RuleBroken(typo(f"« {text.strip()} » n’est ni un jour ni un mois. Écrivez 12/05/2025, ou mai 2025."))


Entry = Request | RequestsOfYear | Communicated | Done


def _check_there(needed: dict[str, str]) -> None:
    for name, words in needed.items():
        if not words.strip():
            raise RuleBroken(typo(f"{name} manque."))
