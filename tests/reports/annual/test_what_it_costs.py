"""The report of a year takes the same number of queries, whatever there is to tell."""

from datetime import date

from sqlalchemy import event

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires.models import EffectCount
from cpts_sessions.registers.models import Communication, HelpRequest, Step
from cpts_sessions.reports.annual.gathering import gathered
from tests.reports.opened import answers_of_2025, opened
from tests.reports.seasons import Season


def cost_of(organisation_id):
    """How many queries the report of 2027 takes."""
    statements = []
    listener = lambda *given_: statements.append(given_[2])  # noqa: E731
    db.session.expire_all()
    event.listen(db.engine, "before_cursor_execute", listener)
    gathered(organisation_id, 2027, date(2027, 12, 31))
    event.remove(db.engine, "before_cursor_execute", listener)
    return sum(statement.startswith("SELECT") for statement in statements)


def add_everything(season, number):
    """One more of each: a programme with its dates of two years, its box, its cards; a line of each register."""
    owner, month = season.organisation.id, number + 1
    programme = season.programme(
        f"p{number}", action=(29, 30, None)[number % 3], sort_order=number, questionnaire_slug="cercle_eval"
    )
    for year in (2026, 2027):
        session, person = season.session(programme, f"{year}-0{month}-05"), season.person(f"Ana{number}{year}")
        season.register(person, session)
        season.note(person, session)
        opened(programme, answers_of_2025(), year=year)
    rows = [
        EffectCount(organisation_id=owner, programme_id=programme.id, year=2027, item="e1", before=6, after=3, count=9),
        HelpRequest(organisation_id=owner, year=2027, tool=f"Outil {number}"),
        Communication(
            organisation_id=owner, day=date(2027, month, 1), is_month_only=True, channel="site", what="page du site"
        ),
        Step(organisation_id=owner, day=date(2027, month, 1), title="Visite"),
    ]
    with transaction():
        db.session.add_all(rows)


def test_the_report_costs_the_same_queries_whatever_the_year_holds(app):
    season = Season(2027)
    costs = []
    for number in range(4):
        add_everything(season, number)
        costs.append(cost_of(season.organisation.id))
    assert len(set(costs)) == 1
    assert costs[0] <= 45
