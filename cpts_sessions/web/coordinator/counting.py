"""Counting: the figures and sentences of a year, the rows behind each, and their workbooks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from cpts_sessions.core import french
from cpts_sessions.core.clock import today
from cpts_sessions.reports import queries
from cpts_sessions.reports.evaluation import evaluations, of_part
from cpts_sessions.reports.exports.formats import Format
from cpts_sessions.reports.listings import Kind, Table, What, professions, public_professions, rows_behind
from cpts_sessions.reports.season import Part, SeasonReport, season_report
from cpts_sessions.reports.workbook import workbook
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.files import given_file
from cpts_sessions.web.forms import Form

_FOR_WHOM = {"cpam": "Pour la CPAM", "publier": "À publier"}


class CountingForm(Form):
    """Which year, as of which day. Asked by GET: nothing changes."""

    class Meta(Form.Meta):
        """A form that is only read carries no token."""

        csrf = False

    annee = SelectField("Année", coerce=int)
    au = DateField("Au", validators=[Optional()], format="%Y-%m-%d")


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a report, and perhaps one of its parts."""

    report: SeasonReport
    part: Part | None
    values: dict[str, Any]

    @property
    def title(self) -> str:
        """Whose figures: « Action 30 : Cercles de paroles », or every programme."""
        return part_title(self.part) if self.part else "Tous les dispositifs réunis"


@blueprint.get("/compter")
def counting() -> ResponseReturnValue:
    """Show the dates, the three figures, the sentences and the evaluation of a year, by action and together."""
    form = _form()
    if not form.validate():
        return render_template("coordinator/counting.html", form=form, report=None), 422
    report = season_report(g.site.id, form.annee.data, form.au.data)
    asked, opened = _values(form), evaluations(g.site.id, form.annee.data)
    return render_template(
        "coordinator/counting.html",
        form=form,
        report=report,
        evaluated=lambda part: of_part(part, opened),
        rows_url=partial(_rows_url, asked),
        rows_of=lambda part: partial(_rows_url, asked, part=part),
        part_title=part_title,
    )


@blueprint.get("/compter/professions")
def counting_professions() -> ResponseReturnValue:
    """Show both tables by profession of one part, the exact one and the one to publish, and ask which to download."""
    asked = _asked()
    if asked.part is None:
        abort(404)
    return render_template(
        "coordinator/counting_professions.html",
        asked=asked,
        tables=[
            (table, url_for(".counting_professions_workbook", **asked.values, pour=whom))
            for whom, table in (("cpam", professions(asked.part)), ("publier", public_professions(asked.part)))
        ],
        Kind=Kind,
    )


@blueprint.get("/compter/professions.xlsx")
def counting_professions_workbook() -> ResponseReturnValue:
    """Send the table by profession, for whom the address says; ask when it does not say."""
    asked = _asked()
    whom = request.args.get("pour", "")
    if asked.part is None:
        abort(404)
    if whom not in _FOR_WHOM:
        return redirect(url_for(".counting_professions", **asked.values), 303)
    table = professions(asked.part) if whom == "cpam" else public_professions(asked.part)
    sentence = asked.part.sentence if whom == "cpam" else asked.part.public_sentence
    return _send(asked, table, f"professions-{whom}", [("Pour qui", _FOR_WHOM[whom]), ("La phrase", sentence)])


@blueprint.get("/compter/<what>")
def counting_rows(what: str) -> ResponseReturnValue:
    """Show the rows a figure counts."""
    asked = _asked()
    return render_template(
        "coordinator/counting_rows.html",
        asked=asked,
        table=_table(asked, what),
        workbook_url=url_for(".counting_workbook", what=what, **asked.values, **_profession()),
        Kind=Kind,
    )


@blueprint.get("/compter/<what>.xlsx")
def counting_workbook(what: str) -> ResponseReturnValue:
    """Send the rows a figure counts, as a workbook."""
    asked = _asked()
    table = _table(asked, what)
    return _send(asked, table, what, [("À savoir", table.about)] if table.about else [])


def rows_url(year: int, part: Part | None = None) -> Callable[[str], str]:
    """Return what makes the address of the rows of a figure, from its word: of one part of a year, or of all of it."""
    return partial(_rows_url, {"annee": str(year)}, part=part)


def _rows_url(asked: dict[str, Any], what: str, part: Part | None = None, **more: Any) -> str:
    return url_for(".counting_rows", what=what, **asked, **_key(part), **more)


def part_title(part: Part) -> str:
    """Return « Action 30 : Cercles de paroles »; a programme without an action is called by its name."""
    return french.typo(f"Action {part.action} : {part.title}" if part.action else part.title)


def _form() -> CountingForm:
    known = {*queries.years(g.site.id), today().year}
    form = CountingForm(request.args, data={"annee": today().year})
    form.annee.choices = [(year, str(year)) for year in sorted(known, reverse=True)]
    if "annee" not in request.args:
        form.annee.data, form.annee.raw_data = today().year, [str(today().year)]
    return form


def _values(form: CountingForm) -> dict[str, Any]:
    day: date | None = form.au.data
    return {"annee": str(form.annee.data), **({"au": day.isoformat()} if day else {})}


def _key(part: Part | None) -> dict[str, Any]:
    return {"de": part.key} if part else {}


def _asked() -> Asked:
    form = _form()
    if not form.validate():
        abort(404)
    report = season_report(g.site.id, form.annee.data, form.au.data)
    key = request.args.get("de")
    part = report.part(key) if key else None
    if key and part is None:
        abort(404)
    return Asked(report, part, {**_values(form), **_key(part)})


def _profession() -> dict[str, Any]:
    return {"profession": request.args["profession"]} if "profession" in request.args else {}


def _table(asked: Asked, what: str) -> Table:
    try:
        wanted = What(what)
    except ValueError:
        abort(404)
    return rows_behind(g.site.id, asked.report, asked.part, wanted, _profession().get("profession"))


def _send(asked: Asked, table: Table, name: str, notes: list[tuple[str, str]]) -> ResponseReturnValue:
    """Send a workbook under a name that tells neither a confidential programme nor anybody."""
    which = f"action-{asked.part.action}-" if asked.part and asked.part.action else ""
    about: list[tuple[str, Any]] = [
        ("Tableau", f"{asked.title}. {table.title}"),
        ("Année", str(asked.report.year)),
        ("Compté au", french.day(asked.report.as_of)),
        *notes,
    ]
    return given_file(f"compter-{asked.report.year}-{which}{name}.xlsx", workbook(table, about), Format.XLSX)
