"""The report of a year as one file, under a name that tells nothing confidential."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Day

from cpts_sessions.organisations.letterhead import letterhead
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.reports.annual.contents import AnnualReport, Audience
from cpts_sessions.reports.annual.reading import annual_report
from cpts_sessions.reports.annual.rereading import before_publishing
from cpts_sessions.reports.exports import csv, json, pdf
from cpts_sessions.reports.exports.formats import Format

_TABLES: dict[Format, Callable[[AnnualReport, Audience], bytes]] = {
    Format.CSV: csv.made,
    Format.JSON: json.made,
}


@dataclass(frozen=True)
class ReportFile:
    """A whole file. Its name tells the year and for whom, never a title that is confidential."""

    name: str
    data: bytes
    to_reread: tuple[str, ...] = ()  # sentences, before it is published


def report_file(
    organisation: Organisation, year: int, kind: Format, audience: Audience, as_of: Day | None = None
) -> ReportFile:
    """Return the report of a year as a file, as this audience reads it; nothing is written anywhere.

    Args:
        organisation: whose report.
        year: a calendar year.
        kind: which file.
        audience: for whom; what to publish holds no count of fewer than three people of a profession.
        as_of: the day whose evening the counts stand at; None for what is frozen, else for now.
    """
    report = annual_report(organisation.id, year, as_of)
    head = letterhead(organisation)
    match kind:
        case Format.DOCX:
            from cpts_sessions.reports.exports import docx  # slow to load, and only Word needs it

            data = docx.made(report, audience, head)
        case Format.PDF:
            data = pdf.made(report, audience, head)
        case Format.XLSX:
            from cpts_sessions.reports.exports import xlsx  # the same for spreadsheets

            data = xlsx.made(report, audience)
        case _:
            data = _TABLES[kind](report, audience)
    to_reread = tuple(before_publishing(report)) if audience is Audience.PUBLIC else ()
    return ReportFile(f"rapport-{year}-{audience}.{kind}", data, to_reread)
