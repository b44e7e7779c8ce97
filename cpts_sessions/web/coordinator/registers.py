"""The registers of actions 27, 28 and 31: what their three pages share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, HiddenField, SelectField

from cpts_sessions.core import french
from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.registers import queries, services
from cpts_sessions.registers.entries import Entry
from cpts_sessions.registers.models import HelpRequest
from cpts_sessions.registers.queries import Row
from cpts_sessions.registers.refusals import ChangedMeanwhile
from cpts_sessions.reports.asked import FIRST_YEAR, LAST_YEAR
from cpts_sessions.reports.exports.formats import Format
from cpts_sessions.reports.listings import Cell, Column, Table
from cpts_sessions.reports.listings import Row as TableRow
from cpts_sessions.reports.workbook import workbook
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.files import given_file
from cpts_sessions.web.forms import Form

UNCHANGED = ("Rien à enregistrer : tout était déjà ainsi.", "info")


_GONE = (
    "Pendant que vous écriviez, cette ligne a été retirée du registre par {author}. Ce que vous avez saisi est gardé "
    "ci-dessous : « Enregistrer » la note à nouveau."
)


class RowForm(Form):
    """A row, as one read it."""

    lu = HiddenField()


@dataclass(frozen=True)
class Register:
    """One register: the endpoint of its page, and what is said once a row is noted or removed."""

    action: int
    title: str
    page: str
    add: str
    noted: str
    removed: str
    question: str  # asked before a row is removed


REQUESTS = Register(
    action=27,
    title="Aide aux autres CPTS",
    page=".help_requests",
    add=".note_help_request",
    noted="Sollicitation notée.",
    removed="Sollicitation retirée du registre.",
    question="Retirer cette sollicitation du registre ?",
)
COMMUNICATIONS = Register(
    action=28,
    title="Soutien psychologique",
    page=".communications",
    add=".note_communication",
    noted="Communication notée.",
    removed="Communication retirée du registre.",
    question="Retirer cette communication du registre ?",
)
STEPS = Register(
    action=31,
    title="Attractivité",
    page=".steps",
    add=".note_step",
    noted="Étape notée.",
    removed="Étape retirée du journal.",
    question="Retirer cette étape du journal ?",
)
EVERY = (REQUESTS, COMMUNICATIONS, STEPS)


@blueprint.get("/registres")
def registers() -> ResponseReturnValue:
    """Lead to the first register, of the same year."""
    return redirect(url_for(REQUESTS.page, annee=request.args.get("annee")), 303)


def year_asked() -> int:
    """Return the year in the address, this one when there is none; 404 when it is no year."""
    typed = request.args.get("annee")
    if typed is None:
        return today().year
    if not (typed.isascii() and typed.isdecimal() and len(typed) == 4 and FIRST_YEAR <= int(typed) <= LAST_YEAR):
        abort(404)
    return int(typed)


def day_offered() -> date | None:
    """Return the day that an empty form begins with: today, but none when it is for another year."""
    return today() if year_asked() == today().year else None


def page(template: str, register: Register, year: int, **values: object) -> str:
    """Return the page of a register for one year, with the way to the others."""
    known = sorted({*queries.years(g.organisation.id), today().year - 1, year}, reverse=True)
    return render_template(
        template,
        register=register,
        year=year,
        tabs=[(url_for(one.page, annee=year), f"Action {one.action}", one is register) for one in EVERY],
        years=[(url_for(register.page, annee=one), str(one), one == year) for one in known],
        add_url=_add_url(register, year),
        in_year="cette année" if year == today().year else f"en {year}",
        **values,
    )


def _add_url(register: Register, year: int) -> str:
    return url_for(register.add, annee=None if year == today().year else year)


def note(register: Register, entry: Entry) -> ResponseReturnValue:
    """Add a row, then lead to its year, or to an empty form when another one follows.

    Raises:
        RuleBroken: the row cannot be one.
    """
    row = services.note(g.organisation.id, entry, actor_id=g.person.id)
    flash(register.noted, "ok")
    if "encore" in request.form:
        return redirect(_add_url(register, _year(row)), 303)
    return _back(register, row)


def correct(register: Register, row: Row, entry: Entry, read: str | None) -> ResponseReturnValue:
    """Change a row, then lead to its year; `read` is what the form carried of the row it showed.

    Raises:
        RuleBroken: the row cannot be so, was removed meanwhile, or was changed (`ChangedMeanwhile`).
    """
    changed = services.correct(g.organisation.id, row.public_id, entry, read=read or "", actor_id=g.person.id)
    flash(*(("Enregistré.", "ok") if changed else UNCHANGED))
    return _back(register, row)


@dataclass(frozen=True)
class Meanwhile:
    """What a form says when its row changed while somebody typed: lines of (label, what is stored, what she typed)."""

    lines: Sequence[tuple[str, str, str]] = ()
    is_gone: bool = False  # removed: what she typed may be noted anew, at `add_url`
    add_url: str = ""


def refused(form: RowForm, refusal: RuleBroken, row: Row, stored: RowForm) -> Meanwhile | None:
    """Say a refusal above a form; when the row changed meanwhile, compare, and let the next try write over it.

    Args:
        form: what was typed.
        refusal: why it is not kept.
        row: the row as it is.
        stored: the same form, with what the row says.
    """
    form.form_errors.append(str(refusal))
    if not isinstance(refusal, ChangedMeanwhile):
        return None
    form.lu.data = queries.revision(row)
    form.lu.raw_data = [form.lu.data]
    pairs = [(one, stored[one.name]) for one in form if not isinstance(one, HiddenField) and one.name in stored]
    return Meanwhile([(one.label.text, _shown(was), _shown(one)) for one, was in pairs if was.data != one.data])


def gone(register: Register, form: RowForm, public_id: UUID) -> Meanwhile:
    """Say that the row was removed while somebody corrected it; 404 when none of that id ever was here."""
    author = queries.last_act(g.organisation.id, "registre_retire", public_id)
    if author is None or request.method != "POST":
        abort(404)
    form.form_errors.append(_GONE.format(author=author))
    return Meanwhile(is_gone=True, add_url=_add_url(register, today().year))


def _shown(typed: Field) -> str:
    if isinstance(typed, SelectField):
        return str(dict(typed.choices or []).get(typed.data, ""))
    return french.day(typed.data) if isinstance(typed.data, date) else str(typed.data or "")


def remove(register: Register, row: Row, sentence: str) -> ResponseReturnValue:
    """Ask whether a row goes, `sentence` saying which; then remove it, unless it changed since it was asked."""
    form = RowForm(data={"lu": queries.revision(row)})
    keep_url = url_for(register.page, annee=_year(row))
    if form.validate_on_submit():
        try:
            services.remove(type(row), g.organisation.id, row.public_id, read=form.lu.data or "", actor_id=g.person.id)
        except ChangedMeanwhile as refusal:
            flash(str(refusal), "info")
            return redirect(request.path, 303)
        except RuleBroken as refusal:
            flash(str(refusal), "info")
        else:
            flash(register.removed, "ok")
        return redirect(keep_url, 303)
    return render_template(
        "coordinator/register_remove.html", register=register, sentence=sentence, form=form, keep_url=keep_url
    )


def found(kind: type[queries.Noted], public_id: UUID) -> queries.Noted:
    """Return a row of this organisation, or answer 404."""
    row = queries.row_of(kind, g.organisation.id, public_id)
    if row is None:
        abort(404)
    return row


def send(
    register: Register,
    year: int,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[tuple[Cell, ...]],
    notes: Sequence[tuple[str, str]] = (),
) -> ResponseReturnValue:
    """Send a register, or its table, as a workbook; `notes` are what else must be known, as pairs of words."""
    title = f"Action {register.action} : {register.title}"
    table = Table(title, tuple(columns), tuple(TableRow(tuple(cell or None for cell in row)) for row in rows))
    data = workbook(table, [("Tableau", title), ("Année", str(year)), *notes])
    return given_file(f"{name}-{year}.xlsx", data, Format.XLSX)


def _year(row: Row) -> int:
    return row.year if isinstance(row, HelpRequest) else row.day.year


def _back(register: Register, row: Row) -> ResponseReturnValue:
    return redirect(url_for(register.page, annee=_year(row)), 303)
