"""The journal of acts."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.reports.acts import Subject
from cpts_sessions.reports.journal import journal as read
from cpts_sessions.web.coordinator import blueprint

_WORDS = {
    Subject.SEATS: "Inscriptions",
    Subject.PEOPLE: "Fiches et imports",
    Subject.SESSIONS: "Séances",
    Subject.ACCESS: "Accès",
    Subject.SETTINGS: "Réglages",
    Subject.REPORT: "Registres et rapport",
}


@blueprint.get("/journal")
def journal() -> ResponseReturnValue:
    """Show who did what, the latest first; names are those of today."""
    asked = request.args.get("sur", "")
    subject = Subject(asked) if asked in list(Subject) else None
    page = read(g.site.id, subject, page=max(1, request.args.get("page", 1, int)))
    base = url_for(".journal", sur=asked or None)
    return render_template(
        "coordinator/journal.html",
        found=page,
        links=[(url_for(".journal"), "Tout", subject is None)]
        + [(url_for(".journal", sur=one.value), words, one is subject) for one, words in _WORDS.items()],
        page_base=f"{base}{'&' if '?' in base else '?'}page=",
        years=g.organisation.audit_years,
    )
