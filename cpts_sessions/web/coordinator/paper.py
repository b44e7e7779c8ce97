"""A sheet that came back, ticked by keyboard in seconds; or its numbers, when it has no names."""

from typing import Any
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional

from cpts_sessions.attendance import paper, queries
from cpts_sessions.attendance.queries import Roll
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.people.queries import active_professions, profession_labels
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.web.coordinator import blueprint, marks, typed
from cpts_sessions.web.coordinator.finding import group_session_or_404
from cpts_sessions.web.coordinator.person_form import ProfessionField, email_field
from cpts_sessions.web.forms import Form

_NEEDED = {
    "prenom": "Indiquez le prénom.",
    "nom": "Indiquez le nom.",
    "profession": "La profession est nécessaire : c’est elle que compte le rapport.",
}


class SheetForm(Form):
    """The marks of a sheet (a choice a person, added by `_form_for`), and perhaps one line of those who came anyway."""

    prenom = StringField("Prénom", filters=[typed.one_line], validators=[Length(max=80)])
    nom = StringField("Nom", filters=[typed.one_line], validators=[Length(max=80)])
    profession = ProfessionField("Profession")
    email = email_field("Elle sert à reconnaître une personne déjà venue. Aucun message ne part.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shapes; a line that is begun needs a name and a profession."""
        is_right = super().validate(extra_validators)
        if self.has_somebody:
            for name, sentence in _NEEDED.items():
                if not self[name].data:
                    self[name].errors = [*self[name].errors, sentence]
                    is_right = False
        return bool(is_right)

    @property
    def has_somebody(self) -> bool:
        """Whether a line of somebody who came unannounced is begun."""
        return any(self[name].data for name in ("prenom", "nom", "email"))

    def came(self) -> Told | None:
        """Who came unannounced, as typed."""
        if not self.has_somebody:
            return None
        return Told(
            first_name=self.prenom.data,
            last_name=self.nom.data,
            email=self.email.data or None,
            profession_slug=self.profession.data,
        )


def _form_for(roll: Roll) -> SheetForm:
    form = marks.form_with_marks(SheetForm, roll)
    form.profession.offer(active_professions(g.organisation.id))
    return form


def _can_be_noted(one: GroupSession) -> bool:
    return one.status == SessionStatus.OPEN and one.starts_at <= now()


def _not_now(one: GroupSession, words: str = marks.TOO_EARLY_OR_LATE) -> ResponseReturnValue:
    flash(words, "warn")
    return redirect(url_for(".group_session", public_id=one.public_id), 303)


@blueprint.route("/seances/<uuid:public_id>/presences/papier", methods=["GET", "POST"])
def tick_sheet(public_id: UUID) -> ResponseReturnValue:
    """Tick a signed sheet; whichever button is pressed, what is ticked and the line that is begun are saved."""
    one = group_session_or_404(public_id)
    if not _can_be_noted(one):
        return _not_now(one)
    roll = queries.roll(one.id)
    form = _form_for(roll)
    if form.validate_on_submit():
        return _save(one, roll, form)
    page = render_template(
        "coordinator/session_paper.html",
        one=one,
        roll=roll,
        lines=[(line, form[marks.field_of(line)]) for line in roll.lines],
        form=form,
        labels=profession_labels(g.organisation.id),
    )
    return page, 422 if form.errors else 200


def _save(one: GroupSession, roll: Roll, form: SheetForm) -> ResponseReturnValue:
    onward = request.form.get("suite", "")
    try:
        said = paper.note_sheet(
            one.id,
            marks.chosen(form, roll),
            came=form.came(),
            others_absent=onward == "absents",
            actor_id=g.person.id,
        )
    except RuleBroken as refusal:
        return _not_now(one, str(refusal))
    flash(said or "Rien n’a changé.", "ok" if said else "info")
    page = ".close_session" if onward in ("absents", "clore") else ".tick_sheet"
    return redirect(url_for(page, public_id=one.public_id), 303)


@blueprint.route("/seances/<uuid:public_id>/presences/sans-noms", methods=["GET", "POST"])
def count_sheet(public_id: UUID) -> ResponseReturnValue:
    """Type the numbers of a sheet without names, by profession."""
    one = group_session_or_404(public_id)
    if not _can_be_noted(one):
        return _not_now(one)
    form, slugs = _numbers_form(one)
    if form.validate_on_submit():
        counts = {slug: form[name].data or 0 for name, slug in slugs.items()}
        try:
            changed = paper.note_numbers(one.id, counts, actor_id=g.person.id)
        except RuleBroken as refusal:
            return _not_now(one, str(refusal))
        flash("Enregistré." if changed else "Rien n’a changé.", "ok" if changed else "info")
        return redirect(url_for(".group_session", public_id=public_id), 303)
    page = render_template(
        "coordinator/session_numbers.html", one=one, form=form, fields=[form[name] for name in slugs]
    )
    return page, 422 if form.errors else 200


def _numbers_form(one: GroupSession) -> tuple[Form, dict[str, str]]:
    """A number for each profession offered, each counted already, and « not told »; and their slugs by field."""
    labels = profession_labels(g.organisation.id)
    known = queries.tallies_at(one.id)
    slugs = list(dict.fromkeys([*(offered.slug for offered in active_professions(g.organisation.id)), *known, ""]))
    names = {f"nombre_{number}": slug for number, slug in enumerate(slugs)}
    fields = {
        name: IntegerField(
            labels.get(slug, "Profession non dite"),
            validators=[Optional(), NumberRange(0, 500, "Un nombre, de 0 à 500.")],
        )
        for name, slug in names.items()
    }
    made: type[Form] = type("NumbersForm", (Form,), dict(fields))
    return made(data={name: known.get(slug) for name, slug in names.items()}), names
