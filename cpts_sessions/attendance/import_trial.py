"""A file between its trial and its import: what was shown is what is then written, without sending the file again.

It waits one hour in the data directory, readable by the application alone, for the person who brought it and
nobody else; then it is gone, written or not.
"""

import base64
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from flask import current_app

from cpts_sessions.attendance import import_attendance as attendance
from cpts_sessions.core.clock import now
from cpts_sessions.core.spreadsheet import Column, read_table
from cpts_sessions.people import import_rules as people
from cpts_sessions.programmes import import_rules as sessions
from cpts_sessions.registers import import_rules as requests
from cpts_sessions.registers.import_requests import import_requests
from cpts_sessions.registrations.import_people import import_people
from cpts_sessions.registrations.import_report import ImportLine, ImportReport, LineState
from cpts_sessions.registrations.import_sessions import import_sessions

LIFE = timedelta(hours=1)
_NAME = re.compile(r"(\d{10})-[\w-]{32}", re.ASCII)
_TELEPHONE: Final = re.compile(r"[+-][\d\s.()/-]*")  # a telephone number, not a formula


class What(StrEnum):
    """What a file is a list of, by the word in the address of its page."""

    PEOPLE = "personnes"
    SESSIONS = "seances"
    ATTENDANCE = "presences"
    REQUESTS = "sollicitations"


_COLUMNS: Final[dict[What, tuple[Column, ...]]] = {
    What.PEOPLE: people.COLUMNS,
    What.SESSIONS: sessions.COLUMNS,
    What.ATTENDANCE: attendance.COLUMNS,
    What.REQUESTS: requests.COLUMNS,
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to do with a file. Of persons, programme and year go together; presences need the one, requests the year."""

    what: What
    programme_slug: str | None = None
    year: int | None = None
    with_mail: bool = True


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Who brought a file, and to which organisation."""

    organisation_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A file that waits, and what its import would do, as it was seen."""

    token: str
    owner: Owner
    plan: Plan
    filename: str
    data: bytes
    report: ImportReport


def try_out(owner: Owner, plan: Plan, data: bytes, filename: str) -> Trial:
    """Find out what importing a file would do, and keep it for an hour; nothing else is written.

    Raises:
        RuleBroken: the file cannot be read, or the programme comes without its year.
    """
    report = _run(owner, plan, data, filename, dry_run=True)
    token = f"{int(now().timestamp()):010d}-{secrets.token_urlsafe(24)}"
    trial = Trial(token=token, owner=owner, plan=plan, filename=filename, data=data, report=report)
    forget_old()
    _write(trial)
    return trial


def find(owner: Owner, what: What, token: str) -> Trial | None:
    """Return a file that waits, for who brought it; None when it is another's, too old, or was imported."""
    path = _path(token)
    if path is None or _age(path.stem) > LIFE or not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    trial = Trial(
        token=token,
        owner=Owner(**kept["owner"]),
        plan=Plan(**{**kept["plan"], "what": What(kept["plan"]["what"])}),
        filename=kept["filename"],
        data=base64.b64decode(kept["data"]),
        report=_report(kept["report"]),
    )
    return trial if trial.owner == owner and trial.plan.what is what else None


def carry_out(trial: Trial) -> ImportReport:
    """Import the file, all of it or nothing, then forget it once it is written.

    Raises:
        RuleBroken: as `try_out`.
    """
    report = _run(trial.owner, trial.plan, trial.data, trial.filename, dry_run=False)
    if report.is_written:
        forget(trial)
    return report


def forget(trial: Trial) -> None:
    """Remove a file that waits."""
    path = _path(trial.token)
    if path is not None:
        path.unlink(missing_ok=True)


def forget_old() -> int:
    """Remove the files that waited longer than an hour.

    Returns:
        How many there were.
    """
    folder = _folder()
    old = [path for path in folder.glob("*.json") if _age(path.stem) > LIFE] if folder.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def refused_rows(trial: Trial) -> Iterator[list[str]]:
    """Return the refused lines as the file has them, under its own titles, each with why; no cell is a formula."""
    table = read_table(trial.data, trial.filename, _COLUMNS[trial.plan.what])
    reasons = {line.number: " ".join(line.refusals) for line in trial.report.lines if line.is_refused}
    yield [*map(harmless, table.columns.values()), "Motif du refus"]
    for row in table.rows:
        if row.line_number in reasons:
            cells = (row.cells.get(title, "") for title in table.columns)
            yield [*map(harmless, cells), reasons[row.line_number]]


def harmless(cell: str) -> str:
    """The text of a cell, that no spreadsheet computes (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in "=@\t\r+-" and cell and not _TELEPHONE.fullmatch(cell) else cell


def _run(owner: Owner, plan: Plan, data: bytes, filename: str, *, dry_run: bool) -> ImportReport:
    if plan.what is What.ATTENDANCE:
        return attendance.import_attendance(
            owner.organisation_id,
            data,
            filename,
            programme_slug=plan.programme_slug or "",
            dry_run=dry_run,
            actor_id=owner.person_id,
        )
    if plan.what is What.SESSIONS:
        return import_sessions(
            owner.organisation_id,
            data,
            filename,
            dry_run=dry_run,
            with_mail=plan.with_mail,
            actor_id=owner.person_id,
        )
    if plan.what is What.REQUESTS:
        return import_requests(
            owner.organisation_id,
            data,
            filename,
            year=plan.year or 0,
            dry_run=dry_run,
            actor_id=owner.person_id,
        )
    return import_people(
        owner.organisation_id,
        data,
        filename,
        programme_slug=plan.programme_slug,
        year=plan.year,
        dry_run=dry_run,
        with_mail=plan.with_mail,
        actor_id=owner.person_id,
    )


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].data_dir / "imports"
    return folder


def _path(token: str) -> Path | None:
    return _folder() / f"{token}.json" if _NAME.fullmatch(token) else None


def _age(token: str) -> timedelta:
    found = _NAME.fullmatch(token)
    return timedelta(seconds=now().timestamp() - int(found.group(1))) if found else LIFE


def _write(trial: Trial) -> None:
    path = _path(trial.token)
    assert path is not None
    path.parent.mkdir(mode=0o700, exist_ok=True)
    kept = {
        "owner": asdict(trial.owner),
        "plan": asdict(trial.plan),
        "filename": trial.filename,
        "data": base64.b64encode(trial.data).decode(),
        "report": asdict(trial.report),
    }
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(kept, file)


def _report(kept: dict[str, Any]) -> ImportReport:
    lines = [
        ImportLine(
            number=line["number"],
            label=line["label"],
            states=tuple(map(LineState, line["states"])),
            fields=tuple(line["fields"]),
            season=line["season"],
            refusals=tuple(line["refusals"]),
        )
        for line in kept["lines"]
    ]
    return ImportReport(**{**kept, "lines": lines})
