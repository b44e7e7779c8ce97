"""Pages borrowed by the first steps lead back there, by a `suite` that cannot lead anywhere else."""

from typing import Any

from flask import g, request

from cpts_sessions.installation import first_steps
from cpts_sessions.installation.founding import FIRST_STEPS
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.guards import safe_path


def came_from() -> str | None:
    """Return the step that this page was opened from, None when it was not opened from one."""
    path = safe_path(request.args.get("suite") or request.form.get("suite"))
    steps = {f"{FIRST_STEPS}/{step.value}" for step in first_steps.STEPS}
    return path if path in steps else None


def onward(default: str) -> str:
    """Return where an act leads: back to the step it was done for, else its usual page."""
    return came_from() or default


@blueprint.context_processor
def _known_to_pages() -> dict[str, Any]:
    """What pages of the coordination may ask for; nothing is read before they do."""
    return {"came_from": came_from, "first_steps": lambda: first_steps.standing(g.organisation)}
