"""What the coordination said that an action brings to the part variable of a year."""

from sqlalchemy import select

from cpts_sessions.extensions import db
from cpts_sessions.reports.models import ReportAmount


def stored_amounts(organisation_id: int, year: int) -> dict[str, int]:
    """Return the euros by key of page (« 27 »), 0 for nothing; only of the pages of which she said something."""
    statement = select(ReportAmount.page_key, ReportAmount.euros).where(
        ReportAmount.organisation_id == organisation_id, ReportAmount.year == year
    )
    return {row.page_key: row.euros for row in db.session.execute(statement)}
