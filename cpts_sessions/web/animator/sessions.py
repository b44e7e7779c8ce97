"""Her sessions, and who comes: names and professions, nothing else."""

from uuid import UUID

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import now
from cpts_sessions.people import queries as people
from cpts_sessions.programmes import wording
from cpts_sessions.registrations import animated
from cpts_sessions.web.animator import blueprint


@blueprint.get("/")
def sessions() -> ResponseReturnValue:
    """Show the sessions she animates, those to come first."""
    hers = animated.sessions_of(g.site.id, g.person.id, g.roles.programme_ids)
    at = now()
    return render_template(
        "animator/sessions.html",
        to_come=[one for one in hers if one.group_session.ends_at > at],
        past=[one for one in reversed(hers) if one.group_session.ends_at <= at],
        place=wording.place,
    )


@blueprint.get("/seances/<uuid:public_id>")
def group_session(public_id: UUID) -> ResponseReturnValue:
    """Show who comes to one of her sessions; the coordination opens any, to act in her place."""
    if g.roles.is_coordinator:
        one = animated.any_session(g.site.id, public_id)
    else:
        one = animated.session_of(g.site.id, g.person.id, g.roles.programme_ids, public_id)
    if one is None:
        abort(404)
    labels = people.profession_labels(g.site.id)
    return render_template(
        "animator/group_session.html",
        shown=one,
        session_=one.group_session,
        programme=one.group_session.programme,
        place=wording.place(one.group_session),
        coming=[(name, labels.get(slug or "", "")) for name, slug in animated.coming(one.group_session)],
        professions=[(labels.get(slug, ""), count) for slug, count in animated.professions(one.group_session)],
    )
