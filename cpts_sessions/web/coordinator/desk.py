"""The first page of the coordination: what waits for a decision, then the next sessions."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import today
from cpts_sessions.registrations import desk as reads
from cpts_sessions.web.coordinator import blueprint


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    """What to decide, and the next sessions with how full they are."""
    return render_template(
        "coordinator/desk.html",
        person=g.person,
        today=today(),
        decisions=reads.decisions(g.organisation.id),
        lines=reads.upcoming(g.organisation.id),
    )
