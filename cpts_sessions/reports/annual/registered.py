"""What the registers of actions 27, 28 and 31 bring to the report of a year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day

from sqlalchemy import extract, func, literal, select, union_all

from cpts_sessions.core import french
from cpts_sessions.extensions import db
from cpts_sessions.registers import queries as registers
from cpts_sessions.registers.models import Communication, HelpRequest, Step
from cpts_sessions.registers.queries import ToolLine
from cpts_sessions.reports.annual import pieces
from cpts_sessions.reports.annual.contents import Field, Figure, Grid
from cpts_sessions.reports.annual.pieces import Piece, figure, key_of, quoting
from cpts_sessions.reports.annual.published import is_few
from cpts_sessions.reports.sentences import registers as sentences
from cpts_sessions.reports.sentences.comparisons import Counted
from cpts_sessions.reports.sentences.grammar import uncapitalised
from cpts_sessions.reports.sentences.people import SMALLEST_SHOWN

_TOOLS = ("Outil", "Nombre", "Nature", "Besoins")
_COMMUNICATIONS = ("Date", "Moyen", "Communication", "Lien")
_STEPS = ("Jour", "Étape", "Détail", "Lien")


@dataclass(frozen=True)
class Registers:
    """The registers of one year, up to a day. `supported` is None when nothing was noted."""

    year: int
    tools: Sequence[ToolLine]
    communications: Sequence[Communication]
    supported: int | None
    steps: Sequence[Step]

    @property
    def requests(self) -> int:
        """How many requests of action 27 were received."""
        return sum(one.count for one in self.tools)


def pieces_of(organisation_id: int, year: int, until: Day) -> dict[int, Piece]:
    """Return what the register of each action brings to its page; nothing in them is dated after `until`.

    Beside each number stands that of the year before; of a register begun this year, nothing is known before.
    """
    now, before = _read(organisation_id, year, until), _read(organisation_id, year - 1, until)
    begun = {name for name, first in _first_years(organisation_id).items() if first < year}

    def counted(key: str, what: Counted, number: int, former: int) -> Figure:
        return figure(key, what, year, number, former if key in begun else None)

    return {
        27: _requests(now, counted("sollicitations", pieces.REQUESTS, now.requests, before.requests)),
        28: _support(
            now,
            before,
            counted("communications", pieces.COMMUNICATIONS, len(now.communications), len(before.communications)),
        ),
        31: _journal(now, counted("etapes", pieces.STEPS, len(now.steps), len(before.steps))),
    }


def _read(organisation_id: int, year: int, until: Day) -> Registers:
    return Registers(
        year=year,
        tools=registers.requests_by_tool(organisation_id, year, until),
        communications=registers.communications(organisation_id, year, until),
        supported=registers.supported_people(organisation_id, year),
        steps=registers.steps(organisation_id, year, until),
    )


def _first_years(organisation_id: int) -> Mapping[str, int]:
    """Return the first year of each register, by the key of its figure; none of an empty one."""
    firsts = (
        ("sollicitations", func.min(HelpRequest.year), HelpRequest.organisation_id),
        ("communications", func.min(extract("year", Communication.day)), Communication.organisation_id),
        ("etapes", func.min(extract("year", Step.day)), Step.organisation_id),
    )
    asked = [select(literal(key), first).where(owner == organisation_id) for key, first, owner in firsts]
    return {key: int(first) for key, first in db.session.execute(union_all(*asked)) if first}


def _requests(now: Registers, counted: Figure) -> Piece:
    """Action 27: how many, then the table by tool."""
    told = sentences.requests_sentence(now.requests, len(now.tools), now.year)
    rows = tuple((one.tool, one.count, one.natures, one.needs) for one in now.tools)
    total = ("Total", now.requests, None, None) if len(rows) > 1 else ()
    grid = Grid("sollicitations", "Sollicitations par outil", _TOOLS, rows, total=total)
    field = Field("sollicitations", "Sollicitations", told, told)
    return Piece((field,), (counted,), (grid,) if rows else (), text=quoting(["sollicitations"], [field]))


def _support(now: Registers, before: Registers, counted: Figure) -> Piece:
    """Action 28: how many professionals were supported, then what made it known."""
    told = sentences.supported_sentence(now.supported, now.year)
    few = french.punctuate(f"Moins de {SMALLEST_SHOWN} professionnels ont été accompagnés en {now.year}")
    made = sentences.communications_sentence(
        [uncapitalised(registers.called(one)) for one in now.communications], now.year
    )
    fields = (
        Field("accompagnes", "Professionnels accompagnés", told, few if is_few(now.supported or 0) else told),
        Field("communications", "Communications", made, made),
    )
    figures = [counted]
    if now.supported is not None:
        figures.insert(0, figure("accompagnes", pieces.SUPPORTED, now.year, now.supported, before.supported))
    rows = tuple(
        (registers.month_of(one) if one.is_month_only else one.day, registers.channel_of(one), one.what, one.link)
        for one in now.communications
    )
    grid = Grid("communications", "Communications réalisées", _COMMUNICATIONS, rows)
    text = quoting(["accompagnes", "communications"], fields)
    return Piece(fields, tuple(figures), (grid,) if rows else (), text=text)


def _journal(now: Registers, counted: Figure) -> Piece:
    """Action 31: what was done, day by day."""
    rows = tuple((one.day, one.title, one.text, one.link) for one in now.steps)
    grid = Grid("journal", "Journal de l’année", _STEPS, rows)
    if not rows:
        none = sentences.no_step_sentence(now.year)
        return Piece((Field("etapes", "Étapes", none, none),), (counted,), text="{etapes}.")
    fields = tuple(_step_fields(now.steps))
    text = "\n".join(f"- {{{one.key}}}" for one in fields)
    return Piece(fields, (counted,), (grid,), text=text)


def _step_fields(steps: Sequence[Step]) -> Iterator[Field]:
    """One field per step, under a key that says its day: `etape_12_mai`, then `etape_12_mai_2`."""
    known: dict[str, int] = {}
    for one in steps:
        key = key_of(f"etape {french.day_month(one.day)}")
        known[key] = known.get(key, 0) + 1
        told = sentences.step_sentence(one.day, one.title)
        again = f"_{known[key]}" if known[key] > 1 else ""
        yield Field(f"{key}{again}", french.punctuate(f"Étape du {french.day_month(one.day)}"), told, told)
