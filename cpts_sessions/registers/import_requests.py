"""A file of requests for help enters the register of action 27: one line a tool, counted for a whole year."""

from collections.abc import Container
from typing import Final

from cpts_sessions.core import audit
from cpts_sessions.core.french import counted, typo
from cpts_sessions.core.spreadsheet import read_table
from cpts_sessions.extensions import db
from cpts_sessions.registers import queries, rules
from cpts_sessions.registers.entries import RequestsOfYear
from cpts_sessions.registers.import_rules import COLUMNS, Line, RequestsReading, read_requests
from cpts_sessions.registers.models import HelpRequest
from cpts_sessions.registrations.import_report import ImportLine, ImportReport, LineState, carry_out, refused_lines

_FIELDS: Final = {"tool": "outil", "count": "nombre", "natures": "nature", "needs": "besoins"}


def import_requests(
    organisation_id: int,
    data: bytes,
    filename: str,
    *,
    year: int,
    dry_run: bool = False,
    actor_id: int | None = None,
) -> ImportReport:
    """Bring in the requests of a year as a table gives them: tool, number, natures, needs.

    A tool that an import brought for the same year is brought up to date, but for the columns that the file has not;
    requests noted one by one stay, and are pointed out, for they are counted too. All or nothing; twice changes
    nothing.

    Raises:
        RuleBroken: the file cannot be read, or the year is far from any season.
    """
    rules.checked_year(year)
    table = read_table(data, filename, COLUMNS)
    reading = read_requests(table, year)

    def work(report: ImportReport) -> None:
        _work(organisation_id, year, reading, report, actor_id)

    return carry_out(table, work, dry_run=dry_run)


def _work(
    organisation_id: int, year: int, reading: RequestsReading, report: ImportReport, actor_id: int | None
) -> None:
    queries.lock_register(organisation_id)
    noted = queries.requests(organisation_id, year)
    known = {rules.alike(one.tool): one for one in noted if one.day is None}
    one_by_one = {rules.alike(one.tool) for one in noted if one.day is not None}
    report.lines += refused_lines(reading.refusals)
    for line in reading.lines:
        key = rules.alike(line.told.tool)
        state, fields = _keep(organisation_id, known.get(key), line.told, reading.titles)
        label = f"{line.told.tool}, {counted(line.told.count, 'sollicitation', 'sollicitations')}"
        report.lines.append(ImportLine(line.number, label, (state,), fields=fields))
        if key in one_by_one:
            report.notices.append(_one_by_one(line, year))
    if not report.is_refused and not report.changes_nothing:
        audit.record(organisation_id, "import", actor_id=actor_id, n=len(report.lines), quoi="sollicitations")


def _one_by_one(line: Line, year: int) -> str:
    return typo(
        f"Ligne {line.number} : des sollicitations de {year} sont déjà notées une par une pour « {line.told.tool} ». "
        "Elles s’ajoutent à ce nombre : vérifiez qu’aucune n’est comptée deux fois."
    )


def _keep(
    organisation_id: int, row: HelpRequest | None, told: RequestsOfYear, titles: Container[str]
) -> tuple[LineState, tuple[str, ...]]:
    """Add a line, or bring its row up to date in what the file has a title for."""
    columns = told.columns()
    if row is None:
        db.session.add(HelpRequest(organisation_id=organisation_id, **columns))
        db.session.flush()  # the register keeps the order of the file
        return LineState.CREATED, ()
    changed = [name for name, title in _FIELDS.items() if title in titles and getattr(row, name) != columns[name]]
    for name in changed:
        setattr(row, name, columns[name])
    if not changed:
        return LineState.UNCHANGED, ()
    return LineState.UPDATED, tuple(_FIELDS[name] for name in changed)
