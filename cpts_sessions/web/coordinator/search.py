"""One field for persons and sessions, at the top of every page; what is typed is kept nowhere but in the address."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from cpts_sessions.core.french import MONTHS
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.registrations.search import look_for, typed_day
from cpts_sessions.web.coordinator import blueprint, typed


@blueprint.get("/chercher")
def search() -> ResponseReturnValue:
    """Show who and what answers what was typed, a few of each; nothing is written of it."""
    words = typed.words_asked(request.args.get("q"))
    return render_template(
        "coordinator/search.html",
        q=words,
        found=look_for(g.organisation.id, words) if words else None,
        month=_month_of(words),
        labels=profession_labels(g.organisation.id),
    )


def _month_of(words: str) -> str:
    """« mars 2026 » for « jeudi 12 mars 2026 », « mars » for « 12 mars »; empty when no day is named."""
    day, _ = typed_day(words)
    return f"{MONTHS[day.month - 1]} {day.year or ''}".strip() if day and day.day else ""
