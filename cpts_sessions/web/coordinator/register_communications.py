"""Action 28: what made the psychological support known, and how many professionals were supported: a number."""

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from cpts_sessions.core import french
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.registers import queries, services
from cpts_sessions.registers.entries import SHORT, Communicated, day_or_month
from cpts_sessions.registers.models import Channel, Communication
from cpts_sessions.registers.refusals import ChangedMeanwhile
from cpts_sessions.reports.listings import Column, Kind
from cpts_sessions.reports.sentences.registers import communications_sentence, supported_sentence
from cpts_sessions.web.coordinator import blueprint, registers, typed
from cpts_sessions.web.coordinator.registers import COMMUNICATIONS, Meanwhile, RowForm
from cpts_sessions.web.forms import Form


class CommunicationForm(RowForm):
    """One communication."""

    date = StringField(
        "Date",
        filters=[typed.one_line],
        validators=[DataRequired("Indiquez un jour, ou un mois.")],
        description="Un jour, comme 12/05/2027, ou un mois, comme mai 2027.",
    )
    canal = SelectField("Canal", validators=[InputRequired("Choisissez le canal.")])
    quoi = StringField(
        "Communication",
        filters=[typed.one_line],
        validators=[DataRequired("Dites ce que c’était."), Length(max=SHORT)],
        description="Comme dans une phrase : « stand au Colloque », « dépliants aux nouveaux membres ». Une lettre "
        "d’information est citée avec son mois. Ni patient ni collègue.",
    )
    lien = StringField(
        "Lien", filters=[typed.one_line], validators=[Length(max=500)], description="L’adresse de la page, en https://"
    )

    def entry(self) -> Communicated:
        """The communication as typed.

        Raises:
            RuleBroken: the date is neither a day nor a month.
        """
        day, is_month_only = day_or_month(self.date.data)
        return Communicated(
            day=day,
            is_month_only=is_month_only,
            channel=Channel(self.canal.data),
            what=self.quoi.data,
            link=self.lien.data,
        )


class SupportedForm(Form):
    """A number: what else is typed is refused by the register; `lu` is the one that was shown."""

    lu = HiddenField()
    nombre = StringField(
        "Nombre",
        description="Un nombre, rien d’autre : ni nom, ni profession, ni date. Vide : on ne sait pas.",
    )


@blueprint.get("/registres/action-28")
def communications() -> ResponseReturnValue:
    """Show the communications of a year, and how many professionals were supported."""
    return _page(registers.year_asked(), None)


@blueprint.post("/registres/action-28/accompagnes")
def note_supported() -> ResponseReturnValue:
    """Keep the number of a year."""
    year, form = registers.year_asked(), SupportedForm()
    if form.validate_on_submit():
        try:
            changed = services.note_supported(
                g.organisation.id, year, form.nombre.data or "", read=form.lu.data or "", actor_id=g.person.id
            )
        except RuleBroken as refusal:
            form.nombre.errors = [str(refusal)]
            if isinstance(refusal, ChangedMeanwhile):  # the next try writes over what is now shown
                form.lu.data = _known(year)
                form.lu.raw_data = [form.lu.data]
        else:
            flash(*(("Enregistré.", "ok") if changed else registers.UNCHANGED))
            return redirect(url_for(COMMUNICATIONS.page, annee=year), 303)
    return _page(year, form), 422


@blueprint.route("/registres/action-28/noter", methods=["GET", "POST"])
def note_communication() -> ResponseReturnValue:
    """Note one communication."""
    day = registers.day_offered()
    form = _offered(CommunicationForm(data={"date": f"{day:%d/%m/%Y}" if day else ""}))
    if form.validate_on_submit():
        try:
            return registers.note(COMMUNICATIONS, form.entry())
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
    return _form(form, None)


@blueprint.route("/registres/action-28/<uuid:public_id>", methods=["GET", "POST"])
def correct_communication(public_id: UUID) -> ResponseReturnValue:
    """Correct one communication."""
    row = queries.row_of(Communication, g.organisation.id, public_id)
    if row is None:
        form = _offered(CommunicationForm())
        return _form(form, None, registers.gone(COMMUNICATIONS, form, public_id))
    when = french.normalise(queries.month_of(row)) if row.is_month_only else f"{row.day:%d/%m/%Y}"
    told = {"canal": row.channel, "quoi": row.what, "lien": row.link, "date": when, "lu": queries.revision(row)}
    form, meanwhile = _offered(CommunicationForm(data=told)), None
    if form.validate_on_submit():
        try:
            return registers.correct(COMMUNICATIONS, row, form.entry(), form.lu.data)
        except RuleBroken as refusal:
            stored = _offered(CommunicationForm(formdata=None, data=told))
            meanwhile = registers.refused(form, refusal, row, stored)
    return _form(form, row, meanwhile)


@blueprint.route("/registres/action-28/<uuid:public_id>/retirer", methods=["GET", "POST"])
def remove_communication(public_id: UUID) -> ResponseReturnValue:
    """Ask whether one communication goes, then remove it."""
    row = registers.found(Communication, public_id)
    return registers.remove(COMMUNICATIONS, row, f"{_when(row)} : {row.what}.")


@blueprint.get("/registres/action-28.xlsx")
def communications_workbook() -> ResponseReturnValue:
    """Send the communications of a year as a workbook: a month alone is said by its first column only."""
    year = registers.year_asked()
    columns = [Column("Quand"), Column("Jour", Kind.DAY), Column("Canal"), Column("Communication"), Column("Lien")]
    rows = [
        (_when(one), None if one.is_month_only else one.day, queries.channel_of(one), one.what, one.link)
        for one in queries.communications(g.organisation.id, year)
    ]
    known = queries.supported_people(g.organisation.id, year)
    notes = [("Professionnels accompagnés", "non noté" if known is None else str(known))]
    return registers.send(COMMUNICATIONS, year, "action-28", columns, rows, notes)


def _page(year: int, form: SupportedForm | None) -> str:
    noted = queries.communications(g.organisation.id, year)
    known = queries.supported_people(g.organisation.id, year)
    if form is None:
        form = SupportedForm(formdata=None, data={"nombre": _known(year), "lu": _known(year)})
    return registers.page(
        "coordinator/register_communications.html",
        COMMUNICATIONS,
        year,
        form=form,
        noted=[(one, _when(one), queries.channel_of(one)) for one in noted],
        sentence=communications_sentence([queries.called(one) for one in noted], year),
        supported=supported_sentence(known, year),
        is_supported_known=known is not None,
    )


def _known(year: int) -> str:
    known = queries.supported_people(g.organisation.id, year)
    return "" if known is None else str(known)


def _when(row: Communication) -> str:
    return queries.month_of(row).capitalize() if row.is_month_only else french.day(row.day)


def _offered(form: CommunicationForm) -> CommunicationForm:
    form.canal.choices = typed.choices([("", "Choisir"), *queries.channels()])
    return form


def _form(
    form: CommunicationForm, row: Communication | None, meanwhile: Meanwhile | None = None
) -> ResponseReturnValue:
    year = row.day.year if row else registers.year_asked()
    page = render_template(
        "coordinator/register_communication.html",
        form=form,
        row=row,
        meanwhile=meanwhile,
        register=COMMUNICATIONS,
        back_url=url_for(COMMUNICATIONS.page, annee=year),
    )
    return page, 422 if form.errors else 200
