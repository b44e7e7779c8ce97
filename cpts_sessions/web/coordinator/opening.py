"""Opening at once every session in preparation of a list, after a look at them."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.registrations import desk, sessions
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import group_session_or_404
from cpts_sessions.web.coordinator.onward import onward
from cpts_sessions.web.coordinator.planned import followers_told


@blueprint.route("/seances/ouvrir", methods=["GET", "POST"])
def open_all() -> ResponseReturnValue:
    """Show the sessions in preparation of a year, of one programme when the address says so, then open those shown."""
    if request.method == "POST":
        return _opened([group_session_or_404(UUID(one)) for one in request.form.getlist("seance") if _is_id(one)])
    offered = programmes.programmes_of(g.organisation.id, with_archived=True)
    wanted = request.args.get("dispositif")
    programme = next((one for one in offered if str(one.public_id) == wanted), None)
    year = request.args.get("annee", type=int) or today().year
    season = desk.season(g.organisation.id, year if 2000 <= year < 2200 else today().year, programme)
    drafts = [line.group_session for line in season if line.group_session.status == SessionStatus.DRAFT]
    return render_template(
        "coordinator/sessions_open.html",
        to_open=[one for one in drafts if one.starts_at > now()],
        past=[one for one in drafts if one.starts_at <= now()],
        back_url=onward(
            url_for(".group_sessions", annee=year, dispositif=wanted if programme else None, etat="brouillons")
        ),
    )


def _opened(chosen: list[GroupSession]) -> ResponseReturnValue:
    drafts = [one for one in chosen if one.status == SessionStatus.DRAFT]
    years = {one.season for one in chosen}
    try:
        followers = sessions.open_sessions([one.id for one in drafts], actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        number = counted(len(drafts), "séance est dans l’agenda", "séances sont dans l’agenda")
        done = f"{number}.{followers_told(followers)}" if drafts else "Rien n’a changé : c’était déjà fait."
        flash(done, "ok" if drafts else "info")
    return redirect(onward(url_for(".group_sessions", annee=min(years, default=None))), 303)


def _is_id(typed: str) -> bool:
    try:
        UUID(typed)
    except ValueError:
        return False
    return True
