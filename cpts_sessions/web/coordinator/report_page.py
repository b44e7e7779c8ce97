"""One page of the report: its text, its sentences to copy, its figures and tables."""

from typing import Any, Final

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired
from wtforms.widgets import HiddenInput

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.reports import services
from cpts_sessions.reports.annual import marks, reading
from cpts_sessions.reports.annual.contents import Audience, Field, Page, read_by
from cpts_sessions.reports.annual.markdown import blocks, quoted, unknown
from cpts_sessions.reports.exports.told import figures_told
from cpts_sessions.reports.models import ReportText
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.report import (
    FORMATS,
    AsOfForm,
    Shown,
    check_year,
    file_url,
    former_asked,
    shown,
    slug_of,
)
from cpts_sessions.web.forms import Form

ACTS: Final = ("proposer", "reprendre", "remplacer", "laisser")
_DONE: Final = {
    "proposer": "Le texte proposé est revenu. Le vôtre est mis de côté.",
    "reprendre": "Votre texte est revenu.",
    "remplacer": "Remplacé.",
    "laisser": "Laissé tel quel.",
}


class TextForm(Form):
    """The text of a page, from the version that was shown."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Rechargez la page.")])
    texte = TextAreaField(
        "Votre texte",
        description="Les mots entre accolades sont des chiffres vivants : ils restent vrais si une inscription change. "
        "Un titre commence par #, une ligne de liste par un tiret ; **deux étoiles** mettent en gras. "
        "Vide, le texte proposé revient.",
    )


class ActForm(Form):
    """What becomes of a text, or of some of its words."""

    version = IntegerField(validators=[InputRequired()])
    acte = StringField(validators=[AnyOf(ACTS)])
    mots = HiddenField()


@blueprint.route("/rapport/<int:year>/<name>", methods=["GET", "POST"])
def report_page(year: int, name: str) -> ResponseReturnValue:
    """Show a page of the report, for the CPAM or to publish; keep its text."""
    check_year(year)
    asked = AsOfForm(request.args)
    seen = shown(year, asked.au.data if asked.validate() else None, former_asked(year))
    page, row = _find(seen, name)
    form = TextForm(data={"version": row.version if row else 0, "texte": page.text.markdown})
    if request.method == "POST" and form.validate():
        key = request.form.get("inserer", "")
        if page.field(key):
            form.texte.data = f"{(form.texte.data or '').rstrip()}\n\n{{{key}}}."
            form.texte.raw_data = [form.texte.data]
            return _page(seen, page, row, form, is_open=True)
        refusal = _write(year, page, form)
        if refusal is None:
            return redirect(url_for(".report_page", year=year, name=name, _anchor="texte-de-la-page"), 303)
        form.form_errors.append(refusal)
        row = reading.texts(g.site.id, year).get(page.key)
    return _page(seen, page, row, form, is_open=bool(form.errors)), 422 if form.errors else 200


@blueprint.post("/rapport/<int:year>/<name>/texte")
def change_report_text(year: int, name: str) -> ResponseReturnValue:
    """Give the proposed text back, take up the one put aside, replace words that are no longer true, or leave them."""
    check_year(year)
    page, _ = _find(shown(year, None), name)
    form = ActForm()
    if not form.validate():
        abort(400)
    editing = _editing(year, page, form.version.data)
    words = form.mots.data or ""
    try:
        match form.acte.data:
            case "proposer":
                services.propose_again(editing)
            case "reprendre":
                services.take_up(editing)
            case "remplacer":
                services.replace_mark(editing, words)
            case "laisser":
                services.leave_alone(editing, words)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_DONE[form.acte.data or ""], "ok")
    return redirect(url_for(".report_page", year=year, name=name, _anchor="texte-de-la-page"), 303)


def _find(seen: Shown, name: str) -> tuple[Page, ReportText | None]:
    for page in seen.report.pages:
        if slug_of(page) == name:
            return page, reading.texts(g.site.id, seen.report.year).get(page.key)
    abort(404)


def _editing(year: int, page: Page, version: int | None) -> services.Editing:
    return services.Editing(g.site.id, year, page, version or 0, g.person.id)


def _write(year: int, page: Page, form: TextForm) -> str | None:
    """Keep the text typed, or return why it is refused; the next try then writes over what was stored meanwhile."""
    try:
        changed = services.write_text(_editing(year, page, form.version.data), form.texte.data or "")
    except RuleBroken as refusal:
        stored = reading.texts(g.site.id, year).get(page.key)
        form.version.data = stored.version if stored else 0
        form.version.raw_data = [str(form.version.data)]
        return str(refusal)
    flash(*(("Enregistré.", "ok") if changed else ("Rien à enregistrer : le texte était déjà ainsi.", "info")))
    return None


def _page(seen: Shown, page: Page, row: ReportText | None, form: TextForm, *, is_open: bool) -> str:
    audience = Audience.PUBLIC if request.args.get("pour") == Audience.PUBLIC else Audience.CPAM
    text, said = page.text.markdown, dict(row.said) if row and row.markdown is not None else {}
    is_written = bool(row and row.markdown is not None) and seen.is_editable
    marked = marks.marks(page, text, said, row.left_alone) if row and is_written else []
    return render_template(
        "coordinator/report_page.html",
        seen=seen,
        report=seen.report,
        page=page,
        name=slug_of(page),
        name_of=slug_of,
        row=row,
        form=form,
        is_open=is_open,
        is_written=is_written,
        audience=audience,
        blocks=blocks(page, audience),
        grids=read_by(page.grids, audience),
        fields={one.key: one for one in page.fields},
        figures=figures_told(page, audience),
        broken=[one for one in marked if one.is_broken],
        copied=[one for one in marked if not one.is_broken],
        removed=[one for one in _left_out(page) if one.key in said] if is_written else [],
        new=[one for one in _left_out(page) if one.key not in said] if is_written else [],
        unknown=unknown(page),
        moved=_moved(page, said) if is_written else [],
        differences=[one for one in seen.differences if one.page_key == page.key],
        version_url=lambda whom: url_for(
            ".report_page", year=seen.report.year, name=slug_of(page), pour=whom.value, **seen.values
        ),
        file_url=file_url(seen.report.year, seen),
        formats=FORMATS[:3],
        stored=row.markdown if row and row.markdown and form.errors and row.markdown != form.texte.data else None,
    )


def _left_out(page: Page) -> list[Field]:
    """The fields of the proposed text that the one written does not quote."""
    gone = set(quoted(page.proposed)) - set(quoted(page.text.markdown))
    return [one for one in page.fields if one.key in gone]


def _moved(page: Page, said: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The figures that are not what they were when the text was saved: (label, then, now)."""
    now = marks.sayings(page)
    return [
        (one.label, _number(said[key][0]), _number(now[key]))
        for one in page.figures
        if (key := f"={one.key}") in said and said[key][0] != now[key]
    ]


def _number(saying: str) -> str:
    return saying.split(" ", 1)[0]
