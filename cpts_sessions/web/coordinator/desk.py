"""The first page of the coordination: what waits for a decision, the figures of the year, the next sessions."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import today
from cpts_sessions.questionnaires.words import count_waiting
from cpts_sessions.registrations import desk as reads
from cpts_sessions.registrations.hints import hints
from cpts_sessions.reports.season import season_report
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.counting import rows_url


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    """What to decide, the three figures of the year, and the next sessions with how full they are."""
    return render_template(
        "coordinator/desk.html",
        person=g.person,
        today=today(),
        words_waiting=count_waiting(g.organisation.id),
        decisions=reads.decisions(g.organisation.id),
        lines=reads.upcoming(g.organisation.id),
        hints=hints(g.organisation.id),
        year=season_report(g.organisation.id, today().year).together.counting,
        rows_url=rows_url(today().year),
    )
