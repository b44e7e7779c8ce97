"""A session under its minimum: the page where the coordination holds it after all, or cancels it."""

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.registrations import desk, minimum, sessions
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import group_session_or_404


@blueprint.get("/seances/<uuid:public_id>/minimum")
def decide_minimum(public_id: UUID) -> ResponseReturnValue:
    """Hold it or cancel it, each in one button; or say that there is nothing to decide any more."""
    one = group_session_or_404(public_id)
    registrations, animators = sessions.whom_it_concerns(one)
    persons = [registration.person for registration in registrations] + [animator.person for animator in animators]
    return render_template(
        "coordinator/session_minimum.html",
        one=one,
        line=desk.line(one),
        told=sessions.count_reachable(persons),
        registrations=registrations,
        animators=animators,
        is_today=desk.is_day_of(one, now()),
    )


@blueprint.post("/seances/<uuid:public_id>/maintenir")
def keep_session(public_id: UUID) -> ResponseReturnValue:
    """Hold it although few are signed up."""
    one = group_session_or_404(public_id)
    try:
        minimum.keep(one.id, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash("Séance maintenue. Aucun message ne part.", "ok")
    return redirect(url_for(".group_session", public_id=public_id), 303)
