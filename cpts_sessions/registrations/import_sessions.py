"""A file of sessions enters the calendar: those to come are announced, those past are history."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from cpts_sessions.core import audit
from cpts_sessions.core.clock import PARIS, now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import fold, typo
from cpts_sessions.core.spreadsheet import read_table
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.import_rules import COLUMNS, KnownProgramme, SessionRow, SessionsReading, read_sessions
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.programmes.places import Place, default_place
from cpts_sessions.programmes.plans import NewSession
from cpts_sessions.programmes.queries import programmes_of
from cpts_sessions.programmes.services import create_sessions
from cpts_sessions.registrations import season_animators
from cpts_sessions.registrations.import_report import (
    ImportLine,
    ImportReport,
    LineState,
    carry_out,
    refused,
    refused_lines,
)
from cpts_sessions.registrations.sessions import open_sessions


def import_sessions(
    organisation_id: int,
    data: bytes,
    filename: str,
    *,
    dry_run: bool = False,
    with_mail: bool = True,
    actor_id: int | None = None,
) -> ImportReport:
    """Add the sessions of a file: open when they are to come, held and closed when they are over.

    What the file does not say comes from the programme, the place then from the organisation. Sessions of a season
    whose animators are known are given to them; those who follow a programme get its new dates. A session of the
    same programme at the same hour is the same one, and stays as it is. All or nothing; twice changes nothing.

    Raises:
        RuleBroken: the file cannot be read.
    """
    programmes = programmes_of(organisation_id, with_archived=True)
    table = read_table(data, filename, COLUMNS)
    known = [KnownProgramme(one.slug, (one.name, one.session_title, one.singular, one.plural)) for one in programmes]
    reading = read_sessions(table, known)

    def work(report: ImportReport) -> None:
        _Work(organisation_id, programmes, report, actor_id).run(reading, with_mail=with_mail)

    return carry_out(table, work, dry_run=dry_run)


@dataclass
class _Work:
    """One import under way, inside its transaction."""

    organisation_id: int
    programmes: list[Programme]
    report: ImportReport
    actor_id: int | None

    def run(self, reading: SessionsReading, *, with_mail: bool) -> None:
        """Treat every line, then tell whom it concerns of the dates to come."""
        self.report.notices += [typo(notice.sentence) for notice in reading.notices]
        self.report.lines += refused_lines(reading.refusals)
        known = self._known()
        added: list[GroupSession] = []
        for row in reading.rows:
            programme = next(one for one in self.programmes if one.slug == row.programme_slug)
            starts_at = _instant(row.starts_at)
            same = known.get((programme.id, starts_at))
            if same is not None:
                self._already_there(row, same)
                continue
            try:
                added.append(self._add(row, programme))
            except RuleBroken as refusal:
                label = f"{programme.session_title}, {row.starts_at:%d/%m/%Y}"
                self.report.lines.append(refused(row.line, label, [f"Ligne {row.line} : {refusal}"]))
        self._give_and_open(added, with_mail=with_mail)
        if added:
            audit.record(
                self.organisation_id, "import", actor_id=self.actor_id, n=len(self.report.lines), quoi="séances"
            )

    def _known(self) -> dict[tuple[int, datetime], GroupSession]:
        statement = select(GroupSession).where(GroupSession.organisation_id == self.organisation_id)
        return {(one.programme_id, one.starts_at): one for one in db.session.execute(statement).scalars()}

    def _already_there(self, row: SessionRow, same: GroupSession) -> None:
        label = f"{same.programme.session_title}, {wording.short_date(same)}"
        self.report.lines.append(ImportLine(row.line, label, (LineState.UNCHANGED,)))
        said = {"fin": row.ends_at and _instant(row.ends_at), "places": row.capacity, "minimum": row.minimum}
        stored = {"fin": same.ends_at, "places": same.capacity, "minimum": same.minimum}
        other = [name for name, value in said.items() if value is not None and value != stored[name]]
        if row.discovery != same.is_discovery:
            other.append("découverte")
        if other:
            self.report.notices.append(
                typo(
                    f"Ligne {row.line} : cette séance existe déjà, et reste comme elle est ({', '.join(other)}). "
                    "Pour la changer, ouvrez sa page."
                )
            )

    def _add(self, row: SessionRow, programme: Programme) -> GroupSession:
        organisation = db.session.get_one(Organisation, self.organisation_id)
        starts_at = _instant(row.starts_at)
        ends_at = _instant(row.ends_at) if row.ends_at else starts_at + timedelta(minutes=programme.duration_minutes)
        capacity = row.capacity or (max(programme.capacity, row.minimum) if row.minimum else None)
        plan = NewSession(
            starts_at=starts_at,
            ends_at=ends_at,
            place=_place(row.place, programme, organisation),
            capacity=capacity,
            minimum=row.minimum,
            is_discovery=row.discovery,
            remark=row.remark or "",
        )
        status = SessionStatus.HELD if starts_at <= now() else SessionStatus.DRAFT
        (group_session,) = create_sessions(programme.id, [plan], status=status, actor_id=self.actor_id)
        group_session.imported_at = now()
        if starts_at <= now() < ends_at:  # under way: it will be closed like any other
            group_session.status, group_session.closed_at = SessionStatus.OPEN.value, None
        label = f"{programme.session_title}, {wording.short_date(group_session)}"
        self.report.lines.append(ImportLine(row.line, label, (LineState.CREATED,)))
        return group_session

    def _give_and_open(self, added: list[GroupSession], *, with_mail: bool) -> None:
        for group_session in added:
            for person in season_animators.of_season(group_session.programme_id, group_session.season):
                season_animators.give(group_session, person, with_mail=False)  # invited when it opens, just below
        to_come = [one.id for one in added if one.status == SessionStatus.DRAFT]
        open_sessions(to_come, actor_id=self.actor_id, with_mail=with_mail)


def _instant(wall: datetime) -> datetime:
    """Return the instant at which a clock in Paris shows this day and hour."""
    return wall.replace(tzinfo=PARIS).astimezone(UTC)


def _place(said: str | None, programme: Programme, organisation: Organisation) -> Place:
    """Return the place that the file names: address and access are known when it is one of ours."""
    if said is None:
        return default_place(programme, organisation)
    for owner in (programme, organisation):
        if owner.place_name and fold(owner.place_name) == fold(said):
            return Place(name=said, address=owner.place_address, access=owner.place_access, town=owner.town)
    return Place(name=said)
