"""Planning one session, changing one that stands: with a screen that says whom a move will tell."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.evening import services as evening
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.programmes.places import Place, default_place
from cpts_sessions.registrations import desk, planning, sessions
from cpts_sessions.registrations.models import Status
from cpts_sessions.registrations.planning import Fate, Planned
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.finding import group_session_or_404
from cpts_sessions.web.coordinator.planned import followers_told, point_out
from cpts_sessions.web.coordinator.session_form import NewSessionForm, SessionForm, WordForm, defaults, shown

PLANNED = {
    Fate.DRAFT: "Séance créée. Elle est en préparation : ouvrez-la pour l’afficher dans l’agenda.",
    Fate.OPEN: "La séance est dans l’agenda.",
    Fate.HELD: "Enregistré.",
}


@blueprint.route("/seances/nouvelle", methods=["GET", "POST"])
def new_session() -> ResponseReturnValue:
    """Plan one session; `?dispositif=` and `?comme=` (another session) fill the form."""
    offered = programmes.programmes_of(g.organisation.id)
    if not offered:
        flash("Aucun dispositif. Commencez par un modèle : GAPP ou cercles de paroles.", "info")
        return redirect(url_for(".programmes"), 303)
    animators = desk.possible_animators(g.organisation.id)
    form = NewSessionForm(data=_opening(offered))
    form.offer(animators)
    form.dispositif.choices = typed.choices((str(one.public_id), one.name) for one in offered)
    if form.validate_on_submit():
        programme = next(one for one in offered if str(one.public_id) == form.dispositif.data)
        try:
            planned = _plan(programme, form, animators)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(PLANNED[Fate(form.devenir.data)] + followers_told(planned.followers), "ok")
            created = planned.created[0]
            point_out(created)
            return redirect(url_for(".group_session", public_id=created.public_id), 303)
    page = render_template("coordinator/session_new.html", form=form)
    return page, 422 if form.errors else 200


def _plan(programme: Programme, form: NewSessionForm, animators: list[Person]) -> Planned:
    fate = Fate(form.devenir.data)
    animator_ids = form.animator_ids(animators)
    return planning.plan_sessions(programme.id, [form.new_session()], fate, animator_ids, actor_id=g.person.id)


def _opening(offered: list[Programme]) -> dict[str, Any]:
    model_id = request.args.get("comme", type=UUID)
    if model_id is not None:
        model = group_session_or_404(model_id)
        who = [str(animator.person.public_id) for animator in model.animators]
        kept = {**shown(model), "ouverture": None, "cloture": None, "jour": None}
        return {**kept, "dispositif": str(model.programme.public_id), "animation": who}
    wanted = request.args.get("dispositif")
    programme = next((one for one in offered if str(one.public_id) == wanted), offered[0])
    return defaults(programme, default_place(programme, g.organisation))


@blueprint.route("/seances/<uuid:public_id>/modifier", methods=["GET", "POST"])
def edit_session(public_id: UUID) -> ResponseReturnValue:
    """Change a session; a new day, hour or place is first shown with those it will be told to."""
    group_session = group_session_or_404(public_id)
    if group_session.status == SessionStatus.CANCELLED:
        abort(404)
    form = SessionForm(data=shown(group_session))
    is_stale = form.is_submitted() and form.revision.data != str(group_session.revision)
    if form.validate_on_submit():
        plan = form.plan(group_session.programme.duration_minutes)
        if not is_stale and request.form.get("etape") != "confirmer" and _is_told(group_session, plan):
            return _whom(group_session, plan)
        try:
            return _changed(group_session, plan, form)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
    # what she typed stays; saving it again is then said over what is stored now
    form.revision.data = str(group_session.revision)
    page = render_template(
        "coordinator/session_edit.html", form=form, group_session=group_session, is_stale=is_stale and form.errors
    )
    return page, 422 if form.errors else 200


def _changed(group_session: GroupSession, plan: sessions.Plan, form: SessionForm) -> ResponseReturnValue:
    has_moved = _has_moved(group_session, plan) and group_session.status == SessionStatus.OPEN
    revision = form.revision.data
    told = evening.change(
        group_session.id,
        plan,
        actor_id=g.person.id,
        revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,
        word=WordForm().mot.data,
    )
    flash(_sentence(told, has_moved=has_moved), "ok")
    if has_moved:
        point_out(group_session)
    return redirect(url_for(".group_session", public_id=group_session.public_id), 303)


def _sentence(told: sessions.Told, *, has_moved: bool) -> str:
    offered = counted(told.offered, "place est proposée", "places sont proposées")
    served = f" Capacité relevée : {offered} à la liste d’attente."
    messages = counted(told.by_mail, "message part", "messages partent")
    if has_moved:
        first = f"Séance déplacée. {messages}." if told.by_mail else "Séance déplacée. Personne n’était à prévenir."
    else:
        first = f"Enregistré. {messages}." if told.by_mail else "Enregistré."
    return first + (served if told.offered else "")


def _has_moved(group_session: GroupSession, plan: sessions.Plan) -> bool:
    return (group_session.starts_at, group_session.ends_at) != (plan.starts_at, plan.ends_at)


def _is_told(group_session: GroupSession, plan: sessions.Plan) -> bool:
    """Whether this plan tells somebody: it moves an announced session, in time or place, that people hold."""
    if group_session.status != SessionStatus.OPEN:
        return False
    if not _has_moved(group_session, plan) and sessions.place_of(group_session) == plan.place:
        return False
    registrations, animators = sessions.whom_it_concerns(group_session)
    return bool(registrations or animators)


def _keeps_access(old: Place, new: Place) -> bool:
    """Whether the way in is still told as it was for another place."""
    return bool(new.access) and new.access == old.access and (new.name, new.address) != (old.name, old.address)


def _whom(group_session: GroupSession, plan: sessions.Plan) -> ResponseReturnValue:
    """Show what will be told, and to whom, before anything is changed."""
    registrations, animators = sessions.whom_it_concerns(group_session)
    has_moved = _has_moved(group_session, plan)
    told = [
        one
        for one in registrations
        if one.status == Status.CONFIRMED or (has_moved and one.status in (Status.WAITING, Status.OFFERED))
    ]
    return render_template(
        "coordinator/session_move.html",
        group_session=group_session,
        plan=plan,
        has_moved=has_moved,
        keeps_access=_keeps_access(sessions.place_of(group_session), plan.place),
        told=told,
        animators=animators,
        word=WordForm(formdata=None),
        typed=typed.kept(),
    )
