"""The registers as pages and the report read them, under the scope of one organisation.

`until` asks what was done by the evening of that day. What has no day of its own (a line imported for a whole year,
the people supported) belongs to all of its year.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Select, extract, select

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.clock import local, today
from cpts_sessions.core.french import day, fold, hour
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.queries import by_ids
from cpts_sessions.registers import rules
from cpts_sessions.registers.models import Channel, Communication, HelpRequest, Step, SupportedPeople

Row = HelpRequest | Communication | Step
_LATEST_ACTS: Final = 500  # of one kind: somebody else's is of a moment ago
Noted = TypeVar("Noted", bound=Row)


@dataclass(frozen=True)
class ToolLine:
    """Action 27: the requests of a year about one tool.

    `natures` and `needs` are words ready to read, those of a single line exactly as they were noted.
    """

    tool: str
    count: int
    natures: str
    needs: str


def requests_by_tool(organisation_id: int, year: int, until: date | None = None) -> list[ToolLine]:
    """Return the table of action 27: a line a tool, in the order in which each was first noted."""
    return by_tool(requests(organisation_id, year, until))


def by_tool(noted: Sequence[HelpRequest]) -> list[ToolLine]:
    """Return a line a tool, whatever its accents and capitals."""
    tools: dict[str, list[HelpRequest]] = {}
    for one in noted:
        tools.setdefault(rules.alike(one.tool), []).append(one)
    return [
        ToolLine(
            tool=rows[0].tool,
            count=sum(one.count for one in rows),
            natures=rules.natures_together(one.natures for one in rows) if len(rows) > 1 else rows[0].natures,
            needs=rules.needs_together(one.needs for one in rows),
        )
        for rows in tools.values()
    ]


def requests(organisation_id: int, year: int, until: date | None = None) -> list[HelpRequest]:
    """Return the requests of a year, in the order in which they were noted."""
    statement = select(HelpRequest).where(HelpRequest.organisation_id == organisation_id, HelpRequest.year == year)
    if until is not None:
        statement = statement.where(HelpRequest.day.is_(None) | (HelpRequest.day <= until))
    return list(db.session.execute(statement.order_by(HelpRequest.id)).scalars())


def about(noted: Sequence[HelpRequest], tool: str) -> list[HelpRequest]:
    """Return the requests about one tool, whatever its accents and capitals."""
    return [one for one in noted if rules.alike(one.tool) == rules.alike(tool)]


def tools_known(organisation_id: int) -> list[str]:
    """Return the tools that this CPTS noted, any year, each once, in alphabetical order."""
    statement = select(HelpRequest.tool).where(HelpRequest.organisation_id == organisation_id).order_by(HelpRequest.id)
    noted: dict[str, str] = {}
    for tool in db.session.execute(statement).scalars():
        noted.setdefault(rules.alike(tool), tool)
    return sorted(noted.values(), key=fold)


def communications(organisation_id: int, year: int, until: date | None = None) -> list[Communication]:
    """Return the communications of a year, the earliest first; those of a month alone stand at its beginning."""
    statement = select(Communication).where(
        Communication.organisation_id == organisation_id, extract("year", Communication.day) == year
    )
    if until is not None:
        statement = statement.where(Communication.day <= until)
    statement = statement.order_by(Communication.day, Communication.id)
    return list(db.session.execute(statement).scalars())


def called(communication: Communication) -> str:
    """Return how the sentence of the report calls a communication: « lettre d’information (mai 2025) »."""
    return rules.called(communication.what, communication.channel, communication.day)


def channels() -> list[tuple[str, str]]:
    """Return the channels of a communication, as they are stored and in words."""
    return [(channel.value, words) for channel, words in rules.CHANNELS.items()]


def channel_of(communication: Communication) -> str:
    """Return the channel of a communication, in words."""
    return rules.CHANNELS[Channel(communication.channel)]


def month_of(communication: Communication) -> str:
    """Return « mai 2025 »."""
    return rules.month_in_words(communication.day)


def supported_people(organisation_id: int, year: int) -> int | None:
    """Return how many professionals were supported in a year; None: nothing was noted."""
    statement = select(SupportedPeople.count).where(
        SupportedPeople.organisation_id == organisation_id, SupportedPeople.year == year
    )
    return db.session.execute(statement).scalar_one_or_none()


def steps(organisation_id: int, year: int, until: date | None = None) -> list[Step]:
    """Return the journal of action 31 for a year, the earliest first."""
    statement = select(Step).where(Step.organisation_id == organisation_id, extract("year", Step.day) == year)
    if until is not None:
        statement = statement.where(Step.day <= until)
    return list(db.session.execute(statement.order_by(Step.day, Step.id)).scalars())


def years(organisation_id: int) -> list[int]:
    """Return the years that have a row in any register, and this one; the latest first."""
    asked: list[Select[int]] = [
        select(HelpRequest.year).where(HelpRequest.organisation_id == organisation_id),
        select(extract("year", Communication.day)).where(Communication.organisation_id == organisation_id),
        select(SupportedPeople.year).where(SupportedPeople.organisation_id == organisation_id),
        select(extract("year", Step.day)).where(Step.organisation_id == organisation_id),
    ]
    first, *others = asked
    found = {int(year) for year in db.session.execute(first.union(*others)).scalars()}
    return sorted(found | {today().year}, reverse=True)


def row_of(kind: type[Noted], organisation_id: int, public_id: UUID) -> Noted | None:
    """Return one row of a register of this organisation."""
    return db.session.execute(_one(kind, organisation_id, public_id)).scalar_one_or_none()


def lock_row(kind: type[Noted], organisation_id: int, public_id: UUID) -> Noted | None:
    """Return one row of a register, locked, read afresh; None when it was removed meanwhile."""
    statement = _one(kind, organisation_id, public_id).with_for_update()
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()


def lock_supported(organisation_id: int, year: int) -> SupportedPeople | None:
    """Return the number of a year as it is stored; nobody else changes it, nor imports, until the transaction ends."""
    lock_register(organisation_id)
    statement = select(SupportedPeople).where(
        SupportedPeople.organisation_id == organisation_id, SupportedPeople.year == year
    )
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()


def lock_register(organisation_id: int) -> None:
    """Let no other act that adds what must be there once go on until the transaction ends."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def revision(row: Row) -> str:
    """Return what a form carries of the row it shows: another one as soon as anything in it is corrected."""
    kept = {"id", "public_id", "organisation_id", "noted_at"}
    told = sorted((one.key, str(getattr(row, one.key))) for one in row.__table__.columns if one.key not in kept)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def last_act(organisation_id: int, kind: str, public_id: UUID) -> str | None:
    """Return who corrected or removed a row last, and when: « Eva Martin à 10 h 12 »; None when nobody did."""
    return _author(organisation_id, kind, "ligne", str(public_id))


def last_of_number(organisation_id: int, year: int) -> str:
    """Return who last noted the number of a year, and when."""
    return _author(organisation_id, "accompagnes_notes", "annee", year) or "quelqu’un d’autre"


def _author(organisation_id: int, kind: str, name: str, value: str | int) -> str | None:
    statement = (
        select(AuditEntry)
        .where(AuditEntry.organisation_id == organisation_id, AuditEntry.kind == kind)
        .order_by(AuditEntry.id.desc())
    )
    for act in db.session.execute(statement.limit(_LATEST_ACTS)).scalars():
        if act.values.get(name) == value:
            known = by_ids(organisation_id, [act.actor_id or 0]).get(act.actor_id or 0)
            who = known.full_name if known else "quelqu’un d’autre"
            when = "" if local(act.at).date() == today() else f"le {day(act.at)} "
            return f"{who} {when}à {hour(act.at)}"
    return None


def _one(kind: type[Noted], organisation_id: int, public_id: UUID) -> Select[Noted]:
    return select(kind).where(kind.organisation_id == organisation_id, kind.public_id == public_id)
