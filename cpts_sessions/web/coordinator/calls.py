"""Cancelling a session: with a reason, after a look at who will be told; then those to call."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.programmes.models import SessionStatus
from cpts_sessions.registrations import desk, on_behalf, sessions
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.finding import group_session_or_404, registration_or_404
from cpts_sessions.web.forms import Form

_OTHER = "autre"
_NO_REASON = "Indiquez le motif : chacun le lira."


class CancelForm(Form):
    """Why a session is cancelled: everybody reads it."""

    motif = RadioField(
        "Motif",
        description="Il figure dans le message à chacun et dans le rapport. Ni nom ni raison personnelle.",
        choices=typed.choices(
            (
                ("effectif insuffisant", "Effectif insuffisant"),
                ("empêchement de l’animation", "Empêchement de l’animation"),
                ("lieu indisponible", "Lieu indisponible"),
                ("intempéries", "Intempéries"),
                (_OTHER, "Autre motif"),
            )
        ),
        validators=[DataRequired(_NO_REASON)],
    )
    autre = StringField("Autre motif, en quelques mots", filters=[typed.one_line], validators=[Length(max=200)])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Take words typed beside « Autre motif » for a choice of it."""
        if not self.motif.data and self.autre.data:
            self.motif.data = _OTHER
        return bool(super().validate(extra_validators))

    def validate_autre(self, field: StringField) -> None:
        """Refuse « autre motif » without a word.

        Raises:
            ValidationError: nothing was typed.
        """
        if self.motif.data == _OTHER and not field.data:
            raise ValidationError(_NO_REASON)

    def reason(self) -> str:
        """The reason in words."""
        return str(self.autre.data if self.motif.data == _OTHER else self.motif.data).rstrip(".")


@blueprint.route("/seances/<uuid:public_id>/annuler", methods=["GET", "POST"])
def cancel_session(public_id: UUID) -> ResponseReturnValue:
    """Cancel a session; the page names everybody it will be told to."""
    one = group_session_or_404(public_id)
    if one.status != SessionStatus.OPEN:
        abort(404)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            told = sessions.cancel(one.id, form.reason(), actor_id=g.person.id)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _cancelled(public_id, told)
    registrations, animators = sessions.whom_it_concerns(one)
    persons = [registration.person for registration in registrations] + [animator.person for animator in animators]
    page = render_template(
        "coordinator/session_cancel.html",
        form=form,
        one=one,
        told=sessions.count_reachable(persons),
        registrations=registrations,
        animators=animators,
        is_today=desk.is_day_of(one, now()),
    )
    return page, 422 if form.errors else 200


def _cancelled(public_id: UUID, told: sessions.Told) -> ResponseReturnValue:
    one = group_session_or_404(public_id)
    to_call = desk.to_call(one)
    if desk.is_day_of(one, now()) and to_call:
        flash("Séance annulée, pour aujourd’hui : appelez les personnes de la liste.", "warn")
        return redirect(url_for(".calls", public_id=public_id), 303)
    messages = counted(told.by_mail, "message part", "messages partent")
    flash(f"Séance annulée. {messages}." if told.by_mail else "Séance annulée. Personne n’était à prévenir.", "ok")
    if told.without_mail and to_call:
        return redirect(url_for(".calls", public_id=public_id), 303)
    return redirect(url_for(".group_session", public_id=public_id), 303)


@blueprint.get("/seances/<uuid:public_id>/appels")
def calls(public_id: UUID) -> ResponseReturnValue:
    """Those to call after a session was cancelled, those without e-mail first."""
    one = group_session_or_404(public_id)
    if one.status != SessionStatus.CANCELLED:
        abort(404)
    people = desk.to_call(one)
    return render_template(
        "coordinator/calls.html",
        one=one,
        people=people,
        left=sum(1 for registration in people if registration.called_at is None),
        labels=profession_labels(g.organisation.id),
        is_today=desk.is_day_of(one, now()),
    )


@blueprint.post("/inscriptions/<uuid:public_id>/appel")
def note_call(public_id: UUID) -> ResponseReturnValue:
    """Note that somebody was called."""
    registration = registration_or_404(public_id)
    on_behalf.note_call(registration.id, actor_id=g.person.id)
    flash("Appel noté.", "ok")
    return redirect(url_for(".calls", public_id=registration.group_session.public_id), 303)
