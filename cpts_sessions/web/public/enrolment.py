"""What the follow-up link of an enrolment opens: every date of one programme in one season."""

from collections.abc import Callable

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import now
from cpts_sessions.registrations import continuing, enrolments, personal, services
from cpts_sessions.registrations.models import Enrolment
from cpts_sessions.registrations.personal import LinkOver
from cpts_sessions.registrations.services import Outcome
from cpts_sessions.web.public import blueprint
from cpts_sessions.web.public.registration import done, link_over

_OVER = "Ce lien a servi jusqu’au 31 janvier qui suit la saison. Vos présences sont sur Ma page."

_OF_DATE: dict[str, Callable[[int], Outcome]] = {
    "pas-cette-fois": services.leave,
    "finalement": services.take_back,
    "prendre": services.take_seat,
}
_OF_SEASON: dict[str, Callable[[int], Outcome]] = {
    "arreter": enrolments.stop,
    "reprendre": enrolments.resume,
    "continuer": continuing.carry_on,
    "arreter-la": continuing.stop_there,
}


@blueprint.get("/mon-suivi/<token>")
def enrolment(token: str) -> ResponseReturnValue:
    """Show the dates of one season to whoever has its link."""
    try:
        found = _enrolment(token)
    except LinkOver:
        return link_over(_OVER)
    return render_template(
        "public/enrolment.html",
        enrolment=found,
        programme=found.programme,
        dates=personal.dates_of(found),
        answer=continuing.answer_of(found) if continuing.may_answer(found, now()) else None,
        token=token,
    )


@blueprint.post("/mon-suivi/<token>/<any('pas-cette-fois',finalement,prendre):act>")
def act_on_date(token: str, act: str) -> ResponseReturnValue:
    """Decline one date, or come back to it."""
    try:
        found = _enrolment(token)
    except LinkOver:
        return link_over(_OVER)
    wanted = request.form.get("inscription", "")
    ids = {str(mine.registration.public_id): mine.registration.id for mine in personal.dates_of(found)}
    if wanted not in ids:
        abort(404)
    return done(lambda: _OF_DATE[act](ids[wanted]), url_for(".enrolment", token=token))


@blueprint.post("/mon-suivi/<token>/<any(arreter,reprendre,continuer,'arreter-la'):act>")
def act_on_enrolment(token: str, act: str) -> ResponseReturnValue:
    """Follow the programme no more, or again; in the year to come too, or not."""
    try:
        enrolment_id = _enrolment(token).id
    except LinkOver:
        return link_over(_OVER)
    return done(lambda: _OF_SEASON[act](enrolment_id), url_for(".enrolment", token=token))


@blueprint.route("/mon-suivi/<token>/pas-moi", methods=["GET", "POST"])
def not_me_at_all(token: str) -> ResponseReturnValue:
    """Undo what somebody asked with another's address, once confirmed by a button."""
    try:
        found = _enrolment(token)
    except LinkOver:
        return link_over(_OVER)
    if request.method == "POST":
        enrolments.not_me(found.id)
        return redirect(url_for(".undone"), 303)
    return render_template("public/not_me.html", keep_url=url_for(".enrolment", token=token))


def _enrolment(token: str) -> Enrolment:
    found = personal.enrolment_behind_link(g.site.id, token)
    if found is None:
        abort(404)
    return found
