"""The professions of the CPTS: those offered in the forms, and how the report names them."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, StringField
from wtforms.validators import DataRequired, Length

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.people.models import Profession
from cpts_sessions.people.professions import ReportForms, count_persons, every_profession, profession, switch, word
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.forms import Form

_UNCHANGED = ("Rien à enregistrer : tout était déjà ainsi.", "info")
_SAVED = ("Enregistré.", "ok")


def _form_field(label: str) -> Field:
    return StringField(
        label, filters=[typed.one_line], validators=[DataRequired("Remplissez ce champ."), Length(max=80)]
    )


class WordsForm(Form):
    """How the report names a profession; fields are named as `ReportForms`."""

    singular_m = _form_field("Un homme, ou on ne sait pas")
    singular_f = _form_field("Une femme")
    plural_m = _form_field("Plusieurs")
    plural_f = _form_field("Plusieurs femmes")

    def forms(self) -> ReportForms:
        """The forms as typed."""
        return ReportForms(
            singular_m=self.singular_m.data,
            singular_f=self.singular_f.data,
            plural_m=self.plural_m.data,
            plural_f=self.plural_f.data,
        )


@blueprint.get("/reglages/professions")
def professions() -> ResponseReturnValue:
    """Show every profession of the nomenclature, those offered first."""
    return render_template(
        "coordinator/settings_professions.html",
        professions=every_profession(g.site.id),
        numbers=count_persons(g.site.id),
    )


@blueprint.route("/reglages/professions/<slug>", methods=["GET", "POST"])
def profession_words(slug: str) -> ResponseReturnValue:
    """Change how the report names a profession."""
    row = _profession_or_404(slug)
    form = WordsForm(obj=ReportForms.of(row))
    if form.validate_on_submit():
        flash(*(_SAVED if word(g.site.id, slug, form.forms(), actor_id=g.person.id) else _UNCHANGED))
        return redirect(url_for(".professions"), 303)
    page = render_template("coordinator/settings_profession.html", form=form, row=row)
    return page, 422 if form.errors else 200


@blueprint.post("/reglages/professions/<slug>/proposer")
def switch_profession(slug: str) -> ResponseReturnValue:
    """Offer a profession in the forms, or no longer."""
    _profession_or_404(slug)
    try:
        is_active = request.form.get("proposer") == "oui"
        is_change = switch(g.site.id, slug, is_active=is_active, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(*(_SAVED if is_change else _UNCHANGED))
    return redirect(url_for(".professions"), 303)


def _profession_or_404(slug: str) -> Profession:
    return profession(g.site.id, slug) or abort(404)
