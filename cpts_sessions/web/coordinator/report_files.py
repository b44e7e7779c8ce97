"""The report of a year as a file: « Pour qui est ce document ? » first, when the address does not say."""

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.reports.annual.contents import Audience
from cpts_sessions.reports.annual.reading import annual_report
from cpts_sessions.reports.annual.rereading import few_named, named_sentence
from cpts_sessions.reports.asked import day_asked
from cpts_sessions.reports.exports import files
from cpts_sessions.reports.exports.formats import NAMES, Format
from cpts_sessions.reports.exports.told import FOR_WHOM
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.report import check_year
from cpts_sessions.web.files import given_file


@blueprint.get("/rapport/<int:year>.<any(docx,pdf,xlsx,csv,json):fmt>")
def report_file(year: int, fmt: str) -> ResponseReturnValue:
    """Send the report of a year, as of a day perhaps (`au`), for whom `pour` says; ask when it does not say."""
    check_year(year)
    try:
        as_of = day_asked(request.args.get("au"))
    except RuleBroken:
        abort(404)
    if request.args.get("pour") not in list(Audience):
        named = few_named(annual_report(g.organisation.id, year, as_of))
        return render_template(
            "coordinator/report_file.html",
            year=year,
            fmt=Format(fmt),
            as_of=as_of,
            names=NAMES,
            to_read=named_sentence(named) if named else "",
            audiences=[(one.value, FOR_WHOM[one], _HELP[one]) for one in Audience],
        )
    made = files.report_file(g.organisation, year, Format(fmt), Audience(request.args["pour"]), as_of)
    return given_file(made.name, made.data, Format(fmt))


_HELP = {
    Audience.CPAM: "Nombres exacts par profession, comme le contrat le demande.",
    Audience.PUBLIC: "Les professions de moins de 3 personnes sont regroupées : « … et 4 autres professionnels ».",
}
