"""Freezing the report of a year, and letting it follow the counts again; the copies that were frozen before."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.reports import services
from cpts_sessions.reports.annual import reading
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.report import check_year, former_copies
from cpts_sessions.web.forms import Form


class ReasonForm(Form):
    """Why a report is unfrozen."""

    motif = StringField(
        "Pourquoi ?",
        filters=[typed.one_line],
        description="Gardé avec la version figée, pour qui la relira. Ni patient ni collègue.",
    )


@blueprint.route("/rapport/<int:year>/figer", methods=["GET", "POST"])
def freeze_report(year: int) -> ResponseReturnValue:
    """Say what freezing does, and what was frozen before, then freeze."""
    check_year(year)
    if request.method == "POST" and Form().validate():
        done = services.freeze(g.site.id, year, actor_id=g.person.id)
        flash(*(("Le rapport est figé.", "ok") if done else ("Le rapport était déjà figé.", "info")))
        return redirect(url_for(".report", year=year), 303)
    report = reading.annual_report(g.site.id, year)
    if report.freezing:
        return redirect(url_for(".report", year=year), 303)
    return render_template(
        "coordinator/report_freeze.html",
        report=report,
        is_over=year < today().year,
        former=former_copies(year),
    )


@blueprint.route("/rapport/<int:year>/defiger", methods=["GET", "POST"])
def unfreeze_report(year: int) -> ResponseReturnValue:
    """Say what unfreezing does, ask why, then unfreeze."""
    check_year(year)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            done = services.unfreeze(g.site.id, year, actor_id=g.person.id, why=form.motif.data or "")
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            said = ("Le rapport suit de nouveau les comptes.", "ok") if done else ("Ce rapport n’est pas figé.", "info")
            flash(*said)
            return redirect(url_for(".report", year=year), 303)
    report = reading.annual_report(g.site.id, year)
    if not report.freezing:
        return redirect(url_for(".report", year=year), 303)
    page = render_template("coordinator/report_unfreeze.html", report=report, form=form)
    return page, 422 if form.errors else 200
