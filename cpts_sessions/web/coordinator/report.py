"""The report of a year: what each action says, brings and still needs; its amounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Day
from functools import partial
from typing import Any, Final

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, IntegerField
from wtforms.validators import NumberRange, Optional

from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.reports import queries, services
from cpts_sessions.reports.annual import reading
from cpts_sessions.reports.annual.amounts import stored_amounts
from cpts_sessions.reports.annual.contents import AnnualReport, Audience, Field, Figure, Page, read_by
from cpts_sessions.reports.annual.differences import Difference, differences
from cpts_sessions.reports.annual.marks import marks
from cpts_sessions.reports.authors import names_of
from cpts_sessions.reports.models import FrozenReport, ReportText
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.forms import Form

FORMATS = (("docx", "Word"), ("pdf", "PDF"), ("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON"))
_FILES = "coordinator.report_file"
#: What a figure of a register opens, by the first word of its key.
_REGISTERS: Final = {
    "sollicitations": ".help_requests",
    "accompagnes": ".communications",
    "communications": ".communications",
    "etapes": ".steps",
    "etape": ".steps",
}


class AsOfForm(Form):
    """As of which day. Asked by GET: nothing changes."""

    class Meta(Form.Meta):
        """A form that is only read carries no token."""

        csrf = False

    au = DateField("Compter au", validators=[Optional()], format="%Y-%m-%d")


def _amount(action: int) -> IntegerField:
    return IntegerField(f"Action {action}, en euros", validators=[Optional(), NumberRange(0, 1_000_000)])


class AmountsForm(Form):
    """What each action brings to the part variable of the year."""

    a27 = _amount(27)
    a28 = _amount(28)
    a29 = _amount(29)
    a30 = _amount(30)
    a31 = _amount(31)


@dataclass(frozen=True)
class Former:
    """A copy that was unfrozen since: the first frozen of its year is number 1."""

    number: int
    copy: FrozenReport
    frozen_by: str
    unfrozen_by: str


@dataclass(frozen=True)
class Shown:
    """A report as its pages show it. `copy` is the frozen copy that stands, even when another day is asked for."""

    report: AnnualReport
    copy: FrozenReport | None
    as_of: Day | None
    differences: list[Difference]
    openable: frozenset[tuple[str, str]]  # what opens its rows: (word of the rows, part of the season)
    former: Former | None = None  # the copy that is read again, unfrozen since

    @property
    def is_editable(self) -> bool:
        """Whether texts may be written: the report follows the counts of now."""
        return self.copy is None and self.as_of is None and self.former is None

    @property
    def values(self) -> dict[str, Any]:
        """What an address carries on."""
        if self.former:
            return {"copie": self.former.number}
        return {"au": self.as_of.isoformat()} if self.as_of else {}

    def rows_url(self, one: Field | Figure) -> str:
        """Return the address of the rows behind a field or a figure; empty when there is none."""
        register = _REGISTERS.get(one.key.partition("_")[0])
        if not one.what and register:
            return url_for(register, annee=self.report.year)
        if (one.what, one.part) not in self.openable:
            return ""
        part: dict[str, Any] = {"de": one.part} if one.part else {}
        day: dict[str, Any] = {"au": self.as_of.isoformat()} if self.as_of else {}
        return url_for(".counting_rows", what=one.what, annee=self.report.year, **part, **day)


@blueprint.get("/rapport")
def reports() -> ResponseReturnValue:
    """Open the report of the last year that has something to tell."""
    known = [year for year in queries.years(g.site.id) if year <= today().year]
    return redirect(url_for(".report", year=max(known, default=today().year)), 303)


@blueprint.route("/rapport/<int:year>", methods=["GET", "POST"])
def report(year: int) -> ResponseReturnValue:
    """Show where the report of a year stands, action by action; keep the amounts of its part variable."""
    check_year(year)
    amounts = AmountsForm(data={f"a{key}": euros for key, euros in stored_amounts(g.site.id, year).items()})
    if request.method == "POST" and amounts.validate():
        return _note_amounts(year, amounts)
    asked = AsOfForm(request.args)
    is_asked = asked.validate()
    seen = shown(year, asked.au.data if is_asked else None, former_asked(year))
    page = render_template(
        "coordinator/report.html",
        seen=seen,
        report=seen.report,
        asked=asked,
        form=amounts if amounts.errors else asked,
        amounts=amounts,
        years=sorted({*queries.years(g.site.id), today().year, year}, reverse=True),
        to_check=partial(_to_check, reading.texts(g.site.id, year)) if seen.is_editable else lambda page: 0,
        former=former_copies(year),
        name_of=slug_of,
        headings={one.key: f"Action {one.key}" if one.key.isdigit() else one.title for one in seen.report.pages},
        file_url=file_url(year, seen),
        formats=FORMATS,
        annexes=read_by(seen.report.annexes, Audience.CPAM),
    )
    return page, 422 if amounts.errors or not is_asked else 200


def former_copies(year: int) -> list[Former]:
    """Return the copies of a year that were unfrozen since, the latest first, with who did what."""
    copies = reading.former_copies(g.site.id, year)
    names = names_of(g.site.id, (one for copy in copies for one in (copy.frozen_by_id, copy.unfrozen_by_id)))
    return [
        Former(len(copies) - rank, one, names[one.frozen_by_id], names[one.unfrozen_by_id])
        for rank, one in enumerate(copies)
    ]


def former_asked(year: int) -> Former | None:
    """Return the former copy that the address asks for (`copie`), to be read only; 404 when there is none such."""
    asked = request.args.get("copie") if request.method == "GET" else None
    if asked is None:
        return None
    found = [one for one in former_copies(year) if str(one.number) == asked]
    return found[0] if found else abort(404)


def shown(year: int, as_of: Day | None, former: Former | None = None) -> Shown:
    """Return the report of a year, or a former copy of it, with what changed since it was frozen."""
    copy = reading.standing_copy(g.site.id, year)
    live = reading.live(g.site.id, year, None if former else as_of)
    if former:
        copy, as_of, told = former.copy, None, reading.thawed(former.copy)
    else:
        told = reading.thawed(copy) if copy and not as_of else live
    openable = {(one.what, one.part) for page in live.pages for one in page.fields if one.what}
    openable |= {(one.what, one.part) for page in live.pages for one in page.figures if one.what}
    changed = differences(told, live) if told.freezing else []
    return Shown(told, copy, as_of, changed, frozenset(openable), former)


def check_year(year: int) -> None:
    """Answer 404 for a year that no report is about."""
    if not 2000 <= year <= today().year + 1:
        abort(404)


def slug_of(page: Page) -> str:
    """Return how an address calls a page: « action-30 », « autres »."""
    return f"action-{page.key}" if page.key.isdigit() else page.key


def file_url(year: int, seen: Shown) -> Callable[[str], str] | None:
    """Return what makes the address of a file from its format; None without any: a former copy is only read."""
    if seen.former or _FILES not in current_app.view_functions:
        return None
    return lambda fmt: url_for(_FILES, year=year, fmt=fmt, **seen.values)


def _to_check(texts: dict[str, ReportText], page: Page) -> int:
    """How many figures of a text are no longer true."""
    row = texts.get(page.key)
    if row is None or row.markdown is None:
        return 0
    return sum(mark.is_broken for mark in marks(page, row.markdown, row.said, row.left_alone))


def _note_amounts(year: int, form: AmountsForm) -> ResponseReturnValue:
    euros = {name.removeprefix("a"): field.data for name, field in form._fields.items() if name.startswith("a")}
    try:
        changed = services.note_amounts(g.site.id, year, euros, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(
            *(("Montants enregistrés.", "ok") if changed else ("Rien à enregistrer : tout était déjà ainsi.", "info"))
        )
    return redirect(url_for(".report", year=year), 303)
