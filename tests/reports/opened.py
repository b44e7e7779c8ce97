"""Boxes already opened, as their answers lie in the database."""

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires.definition import Kind, default, source_of
from cpts_sessions.questionnaires.models import Answer, Box, Questionnaire
from tests.reports.seasons import table

CIRCLES = default("cercle_eval")


def answers_of_2025():
    """The file of the answers, as values by question."""
    values = {}
    for row in table("reponses-cercles.csv"):
        for key, cell in row.items():
            if cell:
                many = CIRCLES.item(key).kind is Kind.MULTIPLE
                values.setdefault(key, []).append(cell.split("|") if many else cell)
    return values


def opened(programme, values, year=2025, slug="cercle_eval", **changes):
    """A box of this year, opened on these values."""
    with transaction():
        asked = Questionnaire(
            organisation_id=programme.organisation_id,
            slug=slug,
            version=db.session.query(Questionnaire).count() + 1,
            definition=source_of(slug),
        )
        db.session.add(asked)
        db.session.flush()
        box = Box(
            organisation_id=programme.organisation_id,
            programme_id=programme.id,
            questionnaire_id=asked.id,
            year=year,
            **{"state": "opened", "invited": 16, "respondents": 6, "on_paper": 0, **changes},
        )
        db.session.add(box)
        db.session.flush()
        db.session.add_all(
            Answer(box_id=box.id, question=question, value=value)
            for question, given_ in values.items()
            for value in given_
        )
    return box
