"""Who came to a session: noted by the coordination, then closed, and opened again when something is wrong."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from cpts_sessions.attendance import queries, services
from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.evening import services as evening
from cpts_sessions.people.queries import active_professions, profession_labels
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.web.coordinator import blueprint, marks, typed
from cpts_sessions.web.coordinator.finding import group_session_or_404
from cpts_sessions.web.coordinator.person_form import ProfessionField, email_field
from cpts_sessions.web.forms import Form

#: Where one goes once the marks are saved: the value of the button, and the page.
_NEXT = {"ajouter": ".add_walk_in", "clore": ".close_session"}


class WalkInForm(Form):
    """Somebody who came unannounced; her e-mail may be empty."""

    prenom = StringField(
        "Prénom", filters=[typed.one_line], validators=[InputRequired("Indiquez le prénom."), Length(max=80)]
    )
    nom = StringField("Nom", filters=[typed.one_line], validators=[InputRequired("Indiquez le nom."), Length(max=80)])
    profession = ProfessionField(
        "Profession",
        validators=[InputRequired("La profession est nécessaire : c’est elle que compte le rapport.")],
    )
    email = email_field("Elle sert à reconnaître une personne déjà venue. Aucun message ne part.")

    def told(self) -> Told:
        """The person as typed."""
        return Told(
            first_name=self.prenom.data,
            last_name=self.nom.data,
            email=self.email.data or None,
            profession_slug=self.profession.data,
        )


@blueprint.route("/seances/<uuid:public_id>/presences", methods=["GET", "POST"])
def presences(public_id: UUID) -> ResponseReturnValue:
    """The list of those expected; what is chosen is saved, whichever button is pressed."""
    one = group_session_or_404(public_id)
    if not _can_be_noted(one):
        return _not_now(one)
    roll = queries.roll(one.id)
    form = marks.form_with_marks(Form, roll)
    if form.validate_on_submit():
        return _save(one, marks.chosen(form, roll))
    page = render_template(
        "coordinator/session_attendance.html",
        one=one,
        roll=roll,
        lines=[(line, form[marks.field_of(line)]) for line in roll.lines],
        form=form,
        labels=profession_labels(g.organisation.id),
    )
    return page, 422 if form.errors else 200


def _can_be_noted(one: GroupSession) -> bool:
    return one.status == SessionStatus.OPEN and one.starts_at <= now()


def _not_now(one: GroupSession) -> ResponseReturnValue:
    flash(marks.TOO_EARLY_OR_LATE, "warn")
    return _back_to(one)


def _save(one: GroupSession, chosen: dict[int, AttendanceStatus]) -> ResponseReturnValue:
    try:
        changed = services.note(one.id, chosen, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return _back_to(one)
    onward = _NEXT.get(request.form.get("suite", ""))
    if onward is None:
        flash("Enregistré." if changed else "Rien n’a changé.", "ok" if changed else "info")
    return redirect(url_for(onward or ".presences", public_id=one.public_id), 303)


@blueprint.route("/seances/<uuid:public_id>/presences/sur-place", methods=["GET", "POST"])
def add_walk_in(public_id: UUID) -> ResponseReturnValue:
    """Add somebody who came unannounced."""
    one = group_session_or_404(public_id)
    if request.method == "GET" and not _can_be_noted(one):
        return _not_now(one)
    form = WalkInForm()
    form.profession.offer(active_professions(g.organisation.id))
    if form.validate_on_submit():
        try:
            flash(services.add_walk_in(one.id, form.told(), actor_id=g.person.id), "ok")
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            return redirect(url_for(".presences", public_id=public_id), 303)
    return render_template("coordinator/session_walk_in.html", form=form, one=one), 422 if form.errors else 200


@blueprint.route("/seances/<uuid:public_id>/clore", methods=["GET", "POST"])
def close_session(public_id: UUID) -> ResponseReturnValue:
    """Close a session, after what was noted is shown; or say what is missing. One that still runs asks for a yes."""
    one = group_session_or_404(public_id)
    if request.method == "POST":
        return _act(one, lambda: _closed(evening.close(one.id, actor_id=g.person.id, before_end=_said_yes())))
    if not _can_be_noted(one):
        return _not_now(one)
    return render_template(
        "coordinator/session_close.html",
        one=one,
        roll=queries.roll(one.id),
        nameless=sum(queries.tallies_at(one.id).values()),
        is_over=one.ends_at <= now(),
    )


def _said_yes() -> bool:
    """Whether the page that was answered said that the session still runs."""
    return request.form.get("avant_la_fin") == "oui"


def _closed(present: int) -> str:
    return f"Séance close : {counted(present, 'présence', 'présences')}."


@blueprint.post("/seances/<uuid:public_id>/presences/sans-reponse")
def note_missing_absent(public_id: UUID) -> ResponseReturnValue:
    """Note absent those of whom nothing is noted, then come back to closing."""
    one = group_session_or_404(public_id)
    try:
        services.note_missing_absent(one.id, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return _back_to(one)
    return redirect(url_for(".close_session", public_id=public_id), 303)


@blueprint.post("/seances/<uuid:public_id>/personne-n-est-venu")
def nobody_came(public_id: UUID) -> ResponseReturnValue:
    """Put the session among the cancelled: nobody came."""
    one = group_session_or_404(public_id)

    def act() -> str:
        evening.nobody_came(one.id, actor_id=g.person.id, before_end=_said_yes())
        return "Séance rangée parmi les annulées : « Personne n’est venu »."

    return _act(one, act)


def _act(one: GroupSession, act: Callable[[], str]) -> ResponseReturnValue:
    try:
        flash(act(), "ok")
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    return _back_to(one)


def _back_to(one: GroupSession) -> ResponseReturnValue:
    return redirect(url_for(".group_session", public_id=one.public_id), 303)
