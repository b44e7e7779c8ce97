"""Freezing the report of a year, and letting it follow the counts again."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import today
from cpts_sessions.reports import services
from cpts_sessions.reports.annual import reading
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.report import check_year
from cpts_sessions.web.forms import Form


@blueprint.route("/rapport/<int:year>/figer", methods=["GET", "POST"])
def freeze_report(year: int) -> ResponseReturnValue:
    """Say what freezing does, then freeze."""
    check_year(year)
    if request.method == "POST" and Form().validate():
        done = services.freeze(g.site.id, year, actor_id=g.person.id)
        flash(*(("Le rapport est figé.", "ok") if done else ("Le rapport était déjà figé.", "info")))
        return redirect(url_for(".report", year=year), 303)
    report = reading.annual_report(g.site.id, year)
    if report.freezing:
        return redirect(url_for(".report", year=year), 303)
    is_over = year < today().year
    return render_template("coordinator/report_freeze.html", report=report, is_over=is_over)


@blueprint.route("/rapport/<int:year>/defiger", methods=["GET", "POST"])
def unfreeze_report(year: int) -> ResponseReturnValue:
    """Say what unfreezing does, then unfreeze."""
    check_year(year)
    if request.method == "POST" and Form().validate():
        done = services.unfreeze(g.site.id, year, actor_id=g.person.id)
        flash(*(("Le rapport suit de nouveau les comptes.", "ok") if done else ("Ce rapport n’est pas figé.", "info")))
        return redirect(url_for(".report", year=year), 303)
    report = reading.annual_report(g.site.id, year)
    if not report.freezing:
        return redirect(url_for(".report", year=year), 303)
    return render_template("coordinator/report_unfreeze.html", report=report)
