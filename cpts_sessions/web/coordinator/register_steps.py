"""Action 31: the dated journal of what was done to make the territory attractive."""

from uuid import UUID

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from cpts_sessions.core import french
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.registers import queries
from cpts_sessions.registers.entries import LONG, SHORT, Done
from cpts_sessions.registers.models import Step
from cpts_sessions.reports.listings import Column, Kind
from cpts_sessions.web.coordinator import blueprint, registers, typed
from cpts_sessions.web.coordinator.registers import STEPS, Meanwhile, RowForm


class StepForm(RowForm):
    """One step."""

    jour = DateField("Date", validators=[InputRequired("Indiquez le jour, par exemple 16/03/2027.")])
    titre = StringField(
        "Étape",
        filters=[typed.one_line],
        validators=[DataRequired("Donnez un titre à cette étape."), Length(max=SHORT)],
        description="En quelques mots : « Accueil de trois internes ».",
    )
    texte = TextAreaField(
        "Texte",
        filters=[typed.several_lines],
        validators=[Length(max=LONG)],
        description="Ce qui a été fait, avec quelles structures. Ni patient ni collègue.",
    )
    lien = StringField(
        "Lien", filters=[typed.one_line], validators=[Length(max=500)], description="L’adresse d’une page, en https://"
    )

    def entry(self) -> Done:
        """The step as typed."""
        return Done(day=self.jour.data, title=self.titre.data, text=self.texte.data, link=self.lien.data)


@blueprint.get("/registres/action-31")
def steps() -> ResponseReturnValue:
    """Show the journal of a year."""
    year = registers.year_asked()
    return registers.page("coordinator/register_steps.html", STEPS, year, steps=queries.steps(g.organisation.id, year))


@blueprint.route("/registres/action-31/noter", methods=["GET", "POST"])
def note_step() -> ResponseReturnValue:
    """Note one step."""
    form = StepForm(data={"jour": registers.day_offered()})
    if form.validate_on_submit():
        try:
            return registers.note(STEPS, form.entry())
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
    return _form(form, None)


@blueprint.route("/registres/action-31/<uuid:public_id>", methods=["GET", "POST"])
def correct_step(public_id: UUID) -> ResponseReturnValue:
    """Correct one step."""
    row = queries.row_of(Step, g.organisation.id, public_id)
    if row is None:
        form = StepForm()
        return _form(form, None, registers.gone(STEPS, form, public_id))
    told = {"jour": row.day, "titre": row.title, "texte": row.text, "lien": row.link, "lu": queries.revision(row)}
    form, meanwhile = StepForm(data=told), None
    if form.validate_on_submit():
        try:
            return registers.correct(STEPS, row, form.entry(), form.lu.data)
        except RuleBroken as refusal:
            meanwhile = registers.refused(form, refusal, row, StepForm(formdata=None, data=told))
    return _form(form, row, meanwhile)


@blueprint.route("/registres/action-31/<uuid:public_id>/retirer", methods=["GET", "POST"])
def remove_step(public_id: UUID) -> ResponseReturnValue:
    """Ask whether one step goes, then remove it."""
    row = registers.found(Step, public_id)
    return registers.remove(STEPS, row, f"{french.day(row.day)} : {row.title}.")


@blueprint.get("/registres/action-31.xlsx")
def steps_workbook() -> ResponseReturnValue:
    """Send the journal of a year as a workbook."""
    year = registers.year_asked()
    columns = [Column("Date", Kind.DAY), Column("Étape"), Column("Texte"), Column("Lien")]
    rows = [(one.day, one.title, one.text, one.link) for one in queries.steps(g.organisation.id, year)]
    return registers.send(STEPS, year, "action-31", columns, rows)


def _form(form: StepForm, row: Step | None, meanwhile: Meanwhile | None = None) -> ResponseReturnValue:
    year = row.day.year if row else registers.year_asked()
    page = render_template(
        "coordinator/register_step.html",
        form=form,
        row=row,
        meanwhile=meanwhile,
        register=STEPS,
        back_url=url_for(STEPS.page, annee=year),
    )
    return page, 422 if form.errors else 200
