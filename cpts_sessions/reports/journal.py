"""The journal of acts, in sentences: names are read when it is shown, so that an erased person leaves none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from cpts_sessions.accounts.rules import SPACE
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.french import counted, of, short_day, typo
from cpts_sessions.evening.models import REOPENINGS, Reopening
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.reports.acts import ACTS, SUBJECTS, Subject

PER_PAGE: Final = 50
ERASED = "une personne effacée"
_GONE = "une séance supprimée"


@dataclass(frozen=True)
class Line:
    """One act: when, and the sentence."""

    at: datetime
    sentence: str


@dataclass(frozen=True)
class JournalPage:
    """One page of the journal, the latest act first; `total` counts the whole list."""

    lines: Sequence[Line]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages the list has: at least one."""
        return max(1, -(-self.total // PER_PAGE))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which acts; None leaves nothing out."""

    subject: Subject | None = None
    author_id: int | None = None
    between: tuple[datetime, datetime] | None = None


def journal(organisation_id: int, wanted_acts: Wanted | None = None, *, page: int = 1) -> JournalPage:
    """Return one page of the acts of an organisation, or of those that are wanted, in sentences."""
    wanted = _conditions(organisation_id, wanted_acts or Wanted())
    rows = select(AuditEntry).where(*wanted).order_by(AuditEntry.id.desc())
    entries = db.session.execute(rows.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).scalars().all()
    total = db.session.execute(select(func.count()).select_from(AuditEntry).where(*wanted)).scalar_one()
    names = _Names(organisation_id, entries)
    return JournalPage([Line(entry.at, names.sentence(entry)) for entry in entries], page, total)


def authors(organisation_id: int) -> list[Person]:
    """Return those who did something that the journal still tells, erased persons left out, by name."""
    acted = select(AuditEntry.actor_id).where(
        AuditEntry.organisation_id == organisation_id, AuditEntry.actor_id.is_not(None)
    )
    statement = (
        select(Person)
        .where(Person.organisation_id == organisation_id, Person.erased_at.is_(None), Person.id.in_(acted))
        .order_by(Person.last_name, Person.first_name, Person.id)
    )
    return list(db.session.execute(statement).scalars())


def _conditions(organisation_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen = [AuditEntry.organisation_id == organisation_id]
    if wanted.subject is not None:
        chosen.append(AuditEntry.kind.in_(SUBJECTS[wanted.subject]))
    if wanted.author_id is not None:
        chosen.append(AuditEntry.actor_id == wanted.author_id)
    if wanted.between is not None:
        chosen += [AuditEntry.at >= wanted.between[0], AuditEntry.at < wanted.between[1]]
    return chosen


class _Names:
    """What the ids of some entries are called today, read once."""

    def __init__(self, organisation_id: int, entries: Sequence[AuditEntry]) -> None:
        people = {id_ for entry in entries for id_ in (entry.actor_id, entry.person_id) if id_ is not None}
        persons = select(Person).where(Person.organisation_id == organisation_id, Person.id.in_(people))
        self._persons = {one.id: one.full_name for one in db.session.execute(persons).scalars()}
        sessions = (
            select(GroupSession)
            .where(
                GroupSession.organisation_id == organisation_id,
                GroupSession.id.in_({one.group_session_id for one in entries if one.group_session_id is not None}),
            )
            .options(joinedload(GroupSession.programme))
        )
        self._sessions = {one.id: one for one in db.session.execute(sessions).scalars()}
        programmes = select(Programme.id, Programme.name).where(Programme.organisation_id == organisation_id)
        self._programmes = {row.id: row.name for row in db.session.execute(programmes)}
        self._professions = profession_labels(organisation_id)

    def sentence(self, entry: AuditEntry) -> str:
        """Say one act; a kind that this version does not know is shown as it is stored."""
        named, nameless = ACTS.get(entry.kind, (entry.kind, entry.kind))
        values = _Values(self._values(entry))
        if entry.actor_id is None:
            return typo(nameless.format_map(values))
        author = self._person(entry.actor_id)
        return typo(f"{author[:1].upper()}{author[1:]} {named.format_map(values)}")

    def _person(self, person_id: int | None) -> str:
        return self._persons.get(person_id or 0, ERASED)

    def _session(self, session_id: int | None) -> str:
        one = self._sessions.get(session_id or 0)
        return f"{one.programme.session_title}, {short_day(one.starts_at)} {one.season}" if one else _GONE

    def _reason(self, session_id: int | None) -> str:
        one = self._sessions.get(session_id or 0)
        return one.cancel_reason if one and one.cancel_reason else "motif effacé depuis"

    def _values(self, entry: AuditEntry) -> dict[str, Any]:
        told = dict(entry.values)
        number = told.get("n")
        if isinstance(number, int):
            told["lignes"] = counted(number, "ligne", "lignes")
            told["personnes"] = counted(number, "personne", "personnes")
        roles = {role.value: words for role, words in SPACE.items()}
        return {
            **told,
            "personne": self._person(entry.person_id),
            "de_personne": of(self._person(entry.person_id)),
            "seance": self._session(entry.group_session_id),
            "raison": self._reason(entry.group_session_id),
            "pourquoi": _reopened(told.get("motif")),
            "espace": roles.get(str(told.get("role")), ""),
            "dispositif": self._programmes.get(told.get("dispositif", 0), "un dispositif supprimé"),
            "profession": self._professions.get(str(told.get("profession")), ""),
        }


def _reopened(reason: Any) -> str:
    """Return why a session was opened again, in words; nothing when it was not told."""
    words = REOPENINGS[Reopening(reason)] if reason in set(Reopening) else ""
    return f" ({words[:1].lower()}{words[1:]})" if words else ""


class _Values(dict[str, Any]):
    """What a sentence needs; what an old entry did not keep leaves a blank."""

    def __missing__(self, key: str) -> str:
        return "…"
