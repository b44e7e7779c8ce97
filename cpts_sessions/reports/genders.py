"""The gender in which the report of a year writes a profession, where the coordination chose it by hand."""

from sqlalchemy import select

from cpts_sessions.extensions import db
from cpts_sessions.reports.models import ChosenGender
from cpts_sessions.reports.sentences.grammar import Gender


def chosen_genders(organisation_id: int, year: int) -> dict[str, Gender]:
    """Return the genders chosen by hand for a year, by profession; the others follow what people said."""
    statement = select(ChosenGender.profession_slug, ChosenGender.gender).where(
        ChosenGender.organisation_id == organisation_id, ChosenGender.year == year
    )
    return {row[0]: Gender(row[1]) for row in db.session.execute(statement)}
