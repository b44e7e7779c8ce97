"""Who came to one session: the rows behind the number of its presences."""

from uuid import UUID

from flask import g, render_template
from flask.typing import ResponseReturnValue

from cpts_sessions.attendance.came import present_at
from cpts_sessions.attendance.queries import tallies_at
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.reports.by_profession import nameless, nameless_forms
from cpts_sessions.reports.queries import professions
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import group_session_or_404


@blueprint.get("/seances/<uuid:public_id>/presents")
def session_present(public_id: UUID) -> ResponseReturnValue:
    """List who was noted present, who animates included, then those noted without names."""
    one = group_session_or_404(public_id)
    present = present_at(one.id)
    tallies, forms = tallies_at(one.id), professions(g.organisation.id)
    return render_template(
        "coordinator/session_present.html",
        one=one,
        present=present,
        nameless=[(nameless(nameless_forms(slug, forms), number), number) for slug, number in tallies.items()],
        number=len(present) + sum(tallies.values()),
        labels=profession_labels(g.organisation.id),
    )
