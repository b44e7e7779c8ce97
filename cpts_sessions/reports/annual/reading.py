"""The report of a year as its pages and files show it: the frozen one, or the counts of today with its texts."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date as Day

from sqlalchemy import exists, select

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.queries import season_bounds
from cpts_sessions.reports.annual.contents import AnnualReport, Freezing, Page, Text
from cpts_sessions.reports.annual.gathering import gathered
from cpts_sessions.reports.annual.record import from_record
from cpts_sessions.reports.authors import names_of
from cpts_sessions.reports.models import FrozenReport, ReportText

Naming = Callable[[int | None], str]


def annual_report(organisation_id: int, year: int, as_of: Day | None = None) -> AnnualReport:
    """Return the report of a year: the frozen one when it is frozen and no day is asked for, else that of today.

    Args:
        organisation_id: whose report.
        year: a calendar year.
        as_of: the day whose evening the counts stand at; None for now.
    """
    standing = None if as_of else standing_copy(organisation_id, year)
    return thawed(standing) if standing else live(organisation_id, year, as_of)


def live(organisation_id: int, year: int, as_of: Day | None = None) -> AnnualReport:
    """Return the report as it counts now, with the texts written, frozen or not."""
    rows = texts(organisation_id, year)
    names = names_of(organisation_id, (row.written_by_id for row in rows.values()))
    return with_texts(gathered(organisation_id, year, as_of), rows.values(), lambda person_id: names[person_id])


def with_texts(report: AnnualReport, rows: Iterable[ReportText], naming: Naming) -> AnnualReport:
    """Return the report with the texts of these rows, their authors called as `naming` says."""
    written = {row.page_key: row for row in rows if row.markdown is not None}
    return replace(report, pages=tuple(_with_text(page, written.get(page.key), naming) for page in report.pages))


def _with_text(page: Page, row: ReportText | None, naming: Naming) -> Page:
    if row is None or row.markdown is None:
        return page
    return replace(page, text=Text(row.markdown, naming(row.written_by_id), row.written_at))


def thawed(copy: FrozenReport) -> AnnualReport:
    """Return what a frozen copy says, its authors by their names of today."""
    report = from_record(copy.record)
    ids = {page.key: int(page.text.written_by) for page in report.pages if page.text.written_by}
    names = names_of(copy.organisation_id, [*ids.values(), copy.frozen_by_id])
    pages = [
        replace(page, text=replace(page.text, written_by=names[ids[page.key]])) if page.key in ids else page
        for page in report.pages
    ]
    return replace(report, pages=tuple(pages), freezing=Freezing(copy.frozen_at, names[copy.frozen_by_id]))


def texts(organisation_id: int, year: int) -> dict[str, ReportText]:
    """Return what is stored of the texts of a year, by key of page."""
    statement = select(ReportText).where(ReportText.organisation_id == organisation_id, ReportText.year == year)
    return {row.page_key: row for row in db.session.execute(statement).scalars()}


def standing_copy(organisation_id: int, year: int) -> FrozenReport | None:
    """Return the frozen copy that stands for a year; None when the report is not frozen."""
    statement = select(FrozenReport).where(
        FrozenReport.organisation_id == organisation_id,
        FrozenReport.year == year,
        FrozenReport.unfrozen_at.is_(None),
    )
    return db.session.execute(statement).scalar_one_or_none()


def is_to_be_read(organisation_id: int, year: int) -> bool:
    """Whether a year that is over had sessions, and its report is not frozen yet."""
    first, end = season_bounds(year)
    took_place = exists().where(
        GroupSession.organisation_id == organisation_id, GroupSession.starts_at >= first, GroupSession.starts_at < end
    )
    is_frozen = exists().where(
        FrozenReport.organisation_id == organisation_id,
        FrozenReport.year == year,
        FrozenReport.unfrozen_at.is_(None),
    )
    return bool(db.session.execute(select(took_place & ~is_frozen)).scalar_one()) and end <= now()


def former_copies(organisation_id: int, year: int) -> list[FrozenReport]:
    """Return the copies of a year that were unfrozen since, the latest first."""
    statement = select(FrozenReport).where(
        FrozenReport.organisation_id == organisation_id,
        FrozenReport.year == year,
        FrozenReport.unfrozen_at.is_not(None),
    )
    return list(db.session.execute(statement.order_by(FrozenReport.id.desc())).scalars())
