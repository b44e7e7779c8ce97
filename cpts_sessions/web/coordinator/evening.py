"""The evening of a session as the coordination sees it: the links of those who animate; opened again once closed."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.evening import queries, services
from cpts_sessions.evening.models import REOPENINGS, Reopening
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.finding import group_session_or_404, person_or_404
from cpts_sessions.web.forms import Form


class ReopenForm(Form):
    """Why: the journal keeps one of a few reasons, never free words."""

    raison = RadioField(
        "Pourquoi ?",
        description="Ce motif est gardé dans le journal.",
        choices=typed.choices([(reason.value, words) for reason, words in REOPENINGS.items()]),
        validators=[InputRequired("Choisissez un motif.")],
    )


@blueprint.route("/seances/<uuid:public_id>/rouvrir", methods=["GET", "POST"])
def reopen_session(public_id: UUID) -> ResponseReturnValue:
    """Open a closed session again, to correct a presence, once it is said why."""
    one = group_session_or_404(public_id)
    form = ReopenForm()
    if queries.can_be_reopened(one) and not form.validate_on_submit():
        return render_template("coordinator/session_reopen.html", form=form, one=one), 422 if form.errors else 200
    if request.method == "GET":
        return _back_to(one)
    try:
        services.reopen(one.id, Reopening(form.raison.data or Reopening.CORRECT), actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash("Séance rouverte. Corrigez les présences, puis clôturez-la à nouveau.", "ok")
    return _back_to(one)


@blueprint.post("/seances/<uuid:public_id>/liens/<uuid:person_id>/couper")
def cut_link(public_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Cut the evening link of somebody who animates: it answers nothing any more, at once."""
    one, person = group_session_or_404(public_id), _animator_or_404(public_id, person_id)
    try:
        services.revoke_link(one.id, person.id, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash("Lien de la soirée coupé. Aucun autre ne part sans vous : « Renvoyer un lien ».", "ok")
    return _back_to(one)


@blueprint.post("/seances/<uuid:public_id>/liens/<uuid:person_id>/renvoyer")
def send_link(public_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Send another evening link to somebody who animates; the one she had is cut."""
    one, person = group_session_or_404(public_id), _animator_or_404(public_id, person_id)
    try:
        leaves = services.send_link_again(one.id, person.id, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash("Un nouveau lien part à l’instant." if leaves else "Un nouveau lien partira la veille à 18 h.", "ok")
    return _back_to(one)


def _animator_or_404(public_id: UUID, person_id: UUID) -> Person:
    person = person_or_404(person_id)
    if not queries.animates(group_session_or_404(public_id), person):
        abort(404)
    return person


def _back_to(one: GroupSession) -> ResponseReturnValue:
    return redirect(url_for(".group_session", public_id=one.public_id), 303)
