"""In which gender the report of a year writes each profession, where « Mme » and « M. » do not settle it."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.reports import services
from cpts_sessions.reports.genders import chosen_genders
from cpts_sessions.reports.season import season_report
from cpts_sessions.reports.sentences.grammar import Gender
from cpts_sessions.reports.sentences.people import ProfessionForms
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.report import check_year
from cpts_sessions.web.coordinator.typed import choices
from cpts_sessions.web.forms import Form

_AS_SAID = "D’après les civilités"


@blueprint.route("/rapport/<int:year>/accords", methods=["GET", "POST"])
def report_genders(year: int) -> ResponseReturnValue:
    """List the professions of the year that have two forms, each with the one its report uses."""
    check_year(year)
    form, slugs = _form(year)
    if form.validate_on_submit():
        told = {slug: Gender(form[slug].data) if form[slug].data else None for slug in slugs}
        try:
            changed = services.choose_genders(g.site.id, year, told, actor_id=g.person.id)
        except RuleBroken as refusal:
            flash(str(refusal), "warn")
        else:
            flash(*(("Le rapport s’accorde ainsi.", "ok") if changed else ("Rien n’a changé.", "info")))
        return redirect(url_for(".report", year=year), 303)
    page = render_template("coordinator/report_genders.html", year=year, form=form, slugs=slugs)
    return page, 422 if form.errors else 200


def _form(year: int) -> tuple[Form, list[str]]:
    """A form with one field per profession of the year that has two forms, by its slug; those slugs in their order."""
    report = season_report(g.site.id, year)
    lines = {line.profession: line.line.forms for part in report.parts for line in part.lines}
    two = {slug: forms for slug, forms in lines.items() if len({_both(forms, one) for one in Gender}) > 1}
    slugs = sorted(two, key=lambda slug: (two[slug].position, slug))
    fields = {slug: SelectField(two[slug].plural_m, choices=_choices(two[slug])) for slug in slugs}
    chosen = chosen_genders(g.site.id, year)
    return type("GendersForm", (Form,), fields)(data={slug: chosen.get(slug, "") for slug in slugs}), slugs


def _choices(forms: ProfessionForms) -> list[SelectChoice]:
    told = [(one.value, ", ".join(dict.fromkeys(_both(forms, one)))) for one in Gender]
    return choices([("", _AS_SAID), *told])


def _both(forms: ProfessionForms, gender: Gender) -> tuple[str, str]:
    """One of them, several of them."""
    if gender is Gender.FEMININE:
        return forms.singular_f, forms.plural_f
    return forms.singular_m, forms.plural_m
