"""A questionnaire as those who are asked see it; nothing can be sent from here."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import today
from cpts_sessions.questionnaires import definition, wording
from cpts_sessions.web.coordinator import blueprint


@blueprint.get("/dispositifs/questionnaires/<key>")
def questionnaire_preview(key: str) -> ResponseReturnValue:
    """Show every question of a questionnaire that a programme may choose; 404 for any other."""
    asked = next((one for one in definition.defaults() if one.key == key), None)
    if asked is None:
        abort(404)
    return render_template(
        "coordinator/questionnaire_preview.html", asked=asked, month=wording.month_of_reading(today().year, today())
    )
