"""Her evening: the page where she notes who came, and the file that puts the session into her agenda."""

from uuid import UUID

from flask import Response, abort, current_app, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo, weekday_day
from cpts_sessions.core.links import Purpose
from cpts_sessions.evening import queries, services
from cpts_sessions.evening.models import LinkState
from cpts_sessions.registrations.download import FILE_NAME, animators_file
from cpts_sessions.web.animator import blueprint
from cpts_sessions.web.animator.finding import hers_or_404


@blueprint.post("/seances/<uuid:public_id>/presences")
def presences(public_id: UUID) -> ResponseReturnValue:
    """Open her own page of the evening; the coordination, which may act in her place, has its own."""
    one = hers_or_404(public_id).group_session
    evening = queries.evening_of(one)
    if not queries.animates(one, g.person):
        return redirect(url_for("coordinator.presences", public_id=public_id), 303)
    if evening.state != LinkState.OPEN:
        opens = weekday_day(evening.opens_at)
        is_early = evening.state == LinkState.EARLY
        flash(typo(f"Cette page s’ouvre la veille, le {opens}." if is_early else "Cette page ne sert plus."), "info")
        return redirect(url_for(".group_session", public_id=public_id), 303)
    try:
        link = services.link_for(one.id, g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for(".group_session", public_id=public_id), 303)
    return redirect(f"/{Purpose.EVENING.value}/{links.token(Purpose.EVENING, link.public_id)}", 303)


@blueprint.get("/seances/<uuid:public_id>/seance.ics")
def calendar_file(public_id: UUID) -> ResponseReturnValue:
    """Give the date as a file for any agenda, with the UID of her invitation: an agenda keeps one copy."""
    one = hers_or_404(public_id).group_session
    given = next((animator for animator in one.animators if animator.person_id == g.person.id), None)
    if given is None or one.ends_at <= now():
        abort(404)
    data = animators_file(given, current_app.config["MASTER_KEY"])
    if data is None:
        abort(404)
    answer = Response(data, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer
