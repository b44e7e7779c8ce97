"""The page of one session: who comes, who waits, and what can be done."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import InputRequired

from cpts_sessions.attendance.came import numbers_at
from cpts_sessions.attendance.queries import statuses_at
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.evening.queries import can_be_reopened, links_of, note_of
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.programmes import services, wording
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.questionnaires.card_entry import takes_cards
from cpts_sessions.registrations import desk, sessions
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import group_session_or_404
from cpts_sessions.web.coordinator.planned import followers_told
from cpts_sessions.web.coordinator.session_form import SessionForm, WordForm, shown
from cpts_sessions.web.forms import Form


class CapacityForm(Form):
    """How many places; fewer than are taken is refused under the lock."""

    places = IntegerField("Places", validators=[InputRequired("Écrivez un nombre.")])


@blueprint.get("/seances/<uuid:public_id>")
def group_session(public_id: UUID) -> ResponseReturnValue:
    """One session: its people by what became of their request, and every act."""
    return _page(group_session_or_404(public_id))


def _page(one: GroupSession, capacity: CapacityForm | None = None, status: int = 200) -> ResponseReturnValue:
    line = desk.line(one)
    page = render_template(
        "coordinator/session.html",
        one=one,
        line=line,
        free=max(one.capacity - line.taken, 0),
        people=desk.people_of(one),
        labels=profession_labels(g.organisation.id),
        place=wording.place(one),
        capacity_form=capacity or CapacityForm(formdata=None, data={"places": one.capacity}),
        has_begun=one.starts_at <= now(),
        marks=statuses_at(one.id),
        came=numbers_at([one.id])[one.id],
        is_reopenable=can_be_reopened(one),
        links=links_of(one),
        note=note_of(one.id),
        takes_cards=takes_cards(one),
    )
    return page, status


@blueprint.post("/seances/<uuid:public_id>/ouvrir")
def open_session(public_id: UUID) -> ResponseReturnValue:
    """Announce a session in preparation."""
    one = group_session_or_404(public_id)
    try:
        followers = sessions.open_sessions([one.id], actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(f"La séance est dans l’agenda.{followers_told(followers)}", "ok")
    return _back_to(one)


@blueprint.post("/seances/<uuid:public_id>/places")
def change_capacity(public_id: UUID) -> ResponseReturnValue:
    """Change the number of places alone; more of them serve the waiting list at once."""
    one = group_session_or_404(public_id)
    form = CapacityForm()
    if not form.validate():
        return _page(one, form, 422)
    whole = SessionForm(formdata=None, data={**shown(one), "places": form.places.data})
    plan = whole.plan(one.programme.duration_minutes)
    try:
        told = sessions.change(one.id, plan, actor_id=g.person.id, revision=one.revision)
    except RuleBroken as refusal:
        form.places.errors = [str(refusal)]
        return _page(one, form, 422)
    offered = counted(told.offered, "place est proposée", "places sont proposées")
    flash(f"Capacité relevée : {offered} à la liste d’attente." if told.offered else "Enregistré.", "ok")
    return _back_to(one)


@blueprint.route("/seances/<uuid:public_id>/retablir", methods=["GET", "POST"])
def reinstate(public_id: UUID) -> ResponseReturnValue:
    """Hold a cancelled session after all, after a look at who comes back."""
    one = group_session_or_404(public_id)
    form = WordForm()
    if one.status == SessionStatus.CANCELLED and not form.validate_on_submit():
        page = render_template(
            "coordinator/session_reinstate.html",
            form=form,
            one=one,
            returning=[registration.person for registration in desk.to_call(one)],
        )
        return page, 422 if form.errors else 200
    try:
        told = sessions.reinstate(one.id, actor_id=g.person.id, word=form.mot.data or "")
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        left = f" {counted(told.by_mail, 'message part', 'messages partent')}." if told.by_mail else ""
        flash(f"Séance rétablie.{left}", "ok")
    return _back_to(one)


@blueprint.route("/seances/<uuid:public_id>/supprimer", methods=["GET", "POST"])
def delete_draft(public_id: UUID) -> ResponseReturnValue:
    """Remove a session in preparation, after a question."""
    one = group_session_or_404(public_id)
    if one.status != SessionStatus.DRAFT:
        flash("Cette séance a été annoncée : elle ne se supprime plus, elle s’annule.", "warn")
        return _back_to(one)
    if request.method == "GET":
        return render_template("coordinator/session_delete.html", one=one)
    try:
        services.delete_draft(one.id, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return _back_to(one)
    flash("Séance en préparation supprimée.", "ok")
    return redirect(url_for(".group_sessions"), 303)


def _back_to(one: GroupSession) -> ResponseReturnValue:
    return redirect(url_for(".group_session", public_id=one.public_id), 303)
