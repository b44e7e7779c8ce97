"""Who animates a session."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, ValidationError
from wtforms.validators import Length

from cpts_sessions.evening.services import entrust
from cpts_sessions.people.queries import active_professions
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import SessionStatus
from cpts_sessions.registrations import desk
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.finding import group_session_or_404
from cpts_sessions.web.coordinator.person_form import CIVILITIES, ProfessionField, email_field
from cpts_sessions.web.coordinator.planned import point_out
from cpts_sessions.web.coordinator.session_form import AnimatedBy
from cpts_sessions.web.forms import OptionalRadioField


class AnimationForm(AnimatedBy):
    """Who animates: among those known to, and perhaps somebody more."""

    prenom = StringField("Prénom", filters=[typed.one_line], validators=[Length(max=80)])
    nom = StringField("Nom", filters=[typed.one_line], validators=[Length(max=80)])
    email = email_field()
    civilite = OptionalRadioField("Civilité", choices=CIVILITIES)
    profession = ProfessionField("Profession", description="Comptée dans le rapport si le dispositif le prévoit.")

    def validate_nom(self, field: StringField) -> None:
        """Refuse half a name.

        Raises:
            ValidationError: a first name, a last name or an e-mail stands alone.
        """
        if any((self.prenom.data, field.data, self.email.data)) and not (self.prenom.data and field.data):
            raise ValidationError("Indiquez le prénom et le nom de cette personne.")

    def newcomer(self) -> Told | None:
        """The person typed, or None."""
        if not self.nom.data:
            return None
        return Told(
            first_name=self.prenom.data,
            last_name=self.nom.data,
            email=self.email.data or None,
            profession_slug=self.profession.data or None,
            civility=self.civilite.data,
        )


@blueprint.route("/seances/<uuid:public_id>/animation", methods=["GET", "POST"])
def session_animation(public_id: UUID) -> ResponseReturnValue:
    """Give a session to its animators; those who leave and those who come are told."""
    one = group_session_or_404(public_id)
    if one.status == SessionStatus.CANCELLED:
        abort(404)
    persons = desk.possible_animators(g.organisation.id)
    form = AnimationForm(data={"animation": [str(animator.person.public_id) for animator in one.animators]})
    form.offer(persons)
    form.profession.offer(active_professions(g.organisation.id))
    if form.validate_on_submit():
        entrust(one.id, form.animator_ids(persons), form.newcomer(), actor_id=g.person.id)
        flash("Animation enregistrée.", "ok")
        point_out(one)
        return redirect(url_for(".group_session", public_id=public_id), 303)
    page = render_template("coordinator/session_animation.html", form=form, one=one, persons=persons)
    return page, 422 if form.errors else 200
