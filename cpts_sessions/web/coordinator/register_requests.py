"""Action 27: the requests of other CPTS and structures, and the table by tool."""

from typing import Any
from uuid import UUID

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from cpts_sessions.core import french
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.registers import queries
from cpts_sessions.registers.entries import LONG, SHORT, Request, RequestsOfYear
from cpts_sessions.registers.models import HelpRequest
from cpts_sessions.reports.listings import Column, Kind
from cpts_sessions.reports.sentences.registers import requests_sentence
from cpts_sessions.web.coordinator import blueprint, registers, typed
from cpts_sessions.web.coordinator.registers import REQUESTS, Meanwhile, RowForm

_NATURES = "Une ou plusieurs, séparées par des virgules : mise à disposition, formation, aide logistique."
_WHOLE_YEAR = "Toute l’année"


class AboutForm(RowForm):
    """A tool, and what is needed of it."""

    outil = StringField(
        "Outil",
        filters=[typed.one_line],
        validators=[DataRequired("Indiquez l’outil."), Length(max=SHORT)],
        description="Le même nom d’une fois à l’autre : les sollicitations d’un même outil sont réunies.",
    )
    besoin = TextAreaField(
        "Besoin",
        filters=[typed.several_lines],
        validators=[Length(max=LONG)],
        description="Ce qui est recherché. Ni patient ni collègue.",
    )


class RequestForm(AboutForm):
    """One request."""

    jour = DateField("Date", validators=[InputRequired("Indiquez le jour, par exemple 16/03/2027.")])
    structure = StringField(
        "Qui demande",
        filters=[typed.one_line],
        validators=[DataRequired("Indiquez la CPTS ou la structure."), Length(max=SHORT)],
        description="Le nom de la CPTS ou de la structure, pas celui d’une personne.",
    )
    nature = StringField(
        "Nature de l’aide",
        filters=[typed.one_line],
        validators=[DataRequired("Indiquez au moins une nature, par exemple formation."), Length(max=LONG)],
        description=_NATURES,
    )

    def entry(self) -> Request:
        """The request as typed."""
        return Request(
            day=self.jour.data,
            tool=self.outil.data,
            asker=self.structure.data,
            natures=self.nature.data,
            needs=self.besoin.data,
        )


class YearForm(AboutForm):
    """The requests of a whole year about one tool."""

    nombre = IntegerField(
        "Nombre de sollicitations", validators=[InputRequired("Indiquez le nombre."), NumberRange(min=1)]
    )
    nature = StringField(
        "Nature de l’aide", filters=[typed.one_line], validators=[Length(max=LONG)], description=_NATURES
    )

    def entry(self, year: int) -> RequestsOfYear:
        """The line as typed."""
        return RequestsOfYear(
            year=year,
            tool=self.outil.data,
            count=self.nombre.data,
            natures=self.nature.data,
            needs=self.besoin.data,
        )


@blueprint.get("/registres/action-27")
def help_requests() -> ResponseReturnValue:
    """Show the requests of a year by tool, then one by one, those of one tool when the address names it."""
    year, tool = registers.year_asked(), request.args.get("outil", "")
    noted = queries.requests(g.organisation.id, year)
    lines = queries.by_tool(noted)
    total = sum(one.count for one in lines)
    return registers.page(
        "coordinator/register_requests.html",
        REQUESTS,
        year,
        lines=lines,
        total=total,
        sentence=requests_sentence(total, len(lines), year),
        noted=queries.about(noted, tool) if tool else noted,
        tool=tool,
        whole_year=_WHOLE_YEAR,
    )


@blueprint.route("/registres/action-27/noter", methods=["GET", "POST"])
def note_help_request() -> ResponseReturnValue:
    """Note one request."""
    form = RequestForm(data={"jour": registers.day_offered(), "outil": request.args.get("outil", "")})
    if form.validate_on_submit():
        try:
            return registers.note(REQUESTS, form.entry())
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
    return _form(form, None)


@blueprint.route("/registres/action-27/<uuid:public_id>", methods=["GET", "POST"])
def correct_help_request(public_id: UUID) -> ResponseReturnValue:
    """Correct one request, or what an import said of a year."""
    row = queries.row_of(HelpRequest, g.organisation.id, public_id)
    if row is None:
        again = RequestForm()
        return _form(again, None, registers.gone(REQUESTS, again, public_id))
    told: dict[str, Any] = {"outil": row.tool, "nature": row.natures, "besoin": row.needs, "lu": queries.revision(row)}
    told |= {"jour": row.day, "structure": row.asker, "nombre": row.count}
    kind: type[RequestForm] | type[YearForm] = RequestForm if row.day else YearForm
    form, meanwhile = kind(data=told), None
    if form.validate_on_submit():
        try:
            entry = form.entry() if isinstance(form, RequestForm) else form.entry(row.year)
            return registers.correct(REQUESTS, row, entry, form.lu.data)
        except RuleBroken as refusal:
            meanwhile = registers.refused(form, refusal, row, kind(formdata=None, data=told))
    return _form(form, row, meanwhile)


@blueprint.route("/registres/action-27/<uuid:public_id>/retirer", methods=["GET", "POST"])
def remove_help_request(public_id: UUID) -> ResponseReturnValue:
    """Ask whether one line goes, then remove it."""
    row = registers.found(HelpRequest, public_id)
    when = french.day(row.day) if row.day else f"{_WHOLE_YEAR} {row.year}"
    told = [row.tool, row.asker, french.counted(row.count, "sollicitation", "sollicitations")]
    return registers.remove(REQUESTS, row, f"{when} : {', '.join(filter(None, told))}.")


@blueprint.get("/registres/action-27/<any(sollicitations, outils):what>.xlsx")
def help_requests_workbook(what: str) -> ResponseReturnValue:
    """Send the requests of a year one by one, or the table by tool, as a workbook."""
    year = registers.year_asked()
    count, nature, needs = Column("Nombre", Kind.COUNT), Column("Nature"), Column("Besoins")
    noted = queries.requests(g.organisation.id, year)
    if what == "outils":
        lines = [(one.tool, one.count, one.natures, one.needs) for one in queries.by_tool(noted)]
        return registers.send(REQUESTS, year, "action-27-outils", [Column("Outil"), count, nature, needs], lines)
    columns = [Column("Date", Kind.DAY), Column("Outil"), Column("Qui demande"), count, nature, needs]
    rows = [(one.day, one.tool, one.asker, one.count, one.natures, one.needs) for one in noted]
    return registers.send(REQUESTS, year, "action-27", columns, rows)


def _form(
    form: RequestForm | YearForm, row: HelpRequest | None, meanwhile: Meanwhile | None = None
) -> ResponseReturnValue:
    year = row.year if row else registers.year_asked()
    page = render_template(
        "coordinator/register_request.html",
        form=form,
        row=row,
        meanwhile=meanwhile,
        tools=queries.tools_known(g.organisation.id),
        register=REQUESTS,
        back_url=url_for(REQUESTS.page, annee=year),
    )
    return page, 422 if form.errors else 200
