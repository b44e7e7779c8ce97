"""The page of one session. The same for everyone: never who comes."""

from uuid import UUID

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue

from cpts_sessions.core import french
from cpts_sessions.programmes.wording import dates_apart, dates_together
from cpts_sessions.registrations import agenda as queries
from cpts_sessions.web.public import blueprint


@blueprint.get("/seances/<uuid:public_id>")
def group_session(public_id: UUID) -> ResponseReturnValue:
    """Show when, where, what it is and how many places are left."""
    g.is_same_for_everyone = True
    shown = queries.announced(g.site.id, public_id)
    if shown is None:
        abort(404)
    animators = [animator.person.full_name for animator in shown.group_session.animators]
    both = queries.dates_together([shown]).get(shown.group_session.id)
    together = [one.group_session for one in both.dates] if both else []
    return render_template(
        "public/group_session.html",
        shown=shown,
        session_=shown.group_session,
        programme=shown.group_session.programme,
        animators=french.listing(animators),
        others=queries.other_dates(shown.group_session),
        together=together,
        together_words=dates_together(together),
        apart_words=dates_apart(both.apart) if both else "",
    )
