"""The journal of acts."""

from flask import g, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import Form as PlainForm
from wtforms import SelectField

from cpts_sessions.reports.acts import Subject
from cpts_sessions.reports.journal import Wanted, authors
from cpts_sessions.reports.journal import journal as read
from cpts_sessions.web.coordinator import asked, blueprint, typed
from cpts_sessions.web.coordinator.asked import Asked

_WORDS = {
    Subject.SEATS: "Inscriptions",
    Subject.PEOPLE: "Fiches et imports",
    Subject.SESSIONS: "Séances",
    Subject.ACCESS: "Accès",
    Subject.SETTINGS: "Réglages",
    Subject.REPORT: "Registres et rapport",
}


class JournalForm(PlainForm):
    """Which acts to show; it changes nothing, hence no token."""

    par = SelectField("Par")
    mois = SelectField("Mois")


@blueprint.get("/journal")
def journal() -> ResponseReturnValue:
    """Show who did what, the latest first; names are those of today."""
    months = asked.last_months(12 * g.organisation.audit_years)
    people = {str(one.public_id): one for one in authors(g.site.id)}
    names = {key: one.full_name for key, one in people.items()}
    filters = [
        ("sur", asked.choice("sur", dict.fromkeys(Subject, ""))),
        ("par", asked.choice("par", names, "Par ")),
        ("mois", asked.choice("mois", months)),
    ]
    address = asked.asked(".journal", filters)
    if asked.is_untidy():
        return redirect(address.url())
    form = JournalForm(formdata=None, data={name: one.value for name, one in address.filters.items()})
    form.par.choices = typed.choices([("", "Tout le monde"), *names.items()])
    form.mois.choices = typed.choices([("", "Tous les mois"), *months.items()])
    author, first = people.get(address.value("par")), address.value("mois")
    wanted = Wanted(
        subject=Subject(address.value("sur")) if "sur" in address.filters else None,
        author_id=author.id if author else None,
        between=asked.bounds_of_month(first) if first else None,
    )
    return render_template(
        "coordinator/journal.html",
        found=read(g.site.id, wanted, page=asked.page_number()),
        links=_subjects(address),
        address=address,
        form=form,
        years=g.organisation.audit_years,
    )


def _subjects(address: Asked) -> list[tuple[str, str, bool]]:
    subject = address.value("sur")
    links = [(address.url(sur=None), "Tout", not subject)]
    return links + [(address.url(sur=one.value), words, one == subject) for one, words in _WORDS.items()]
