"""The directory: everybody the CPTS knows, with filters that the address keeps, and somebody new."""

from datetime import datetime
from functools import partial

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.attendance.last_seen import has_not_come_since, never_came
from cpts_sessions.core import clock
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.people.queries import active_professions, profession_labels
from cpts_sessions.people.search import Among, Condition, Wanted, search
from cpts_sessions.people.services import add
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.registrations.search import callers
from cpts_sessions.registrations.taking_part import takes_part
from cpts_sessions.web.coordinator import asked, blueprint, typed
from cpts_sessions.web.coordinator.asked import Asked, Filter
from cpts_sessions.web.coordinator.month import following
from cpts_sessions.web.coordinator.persons_form import AMONG, PRESENCES, PersonsForm
from cpts_sessions.web.coordinator.record_form import RecordForm


@blueprint.get("/personnes")
def persons() -> ResponseReturnValue:
    """Show the directory, or those of it that the address asks for."""
    labels = profession_labels(g.site.id)
    every = {str(one.public_id): one for one in programmes.programmes_of(g.site.id, with_archived=True)}
    years = sorted({clock.today().year, *programmes.season_years(g.site.id)}, reverse=True)
    names = {key: one.name for key, one in every.items()}
    address = _address(labels, names, years)
    if asked.is_untidy():
        return redirect(address.url())
    form = PersonsForm(formdata=None, data={name: one.value for name, one in address.filters.items()})
    form.offer(labels, names, years)
    programme, season = every.get(address.value("dispositif")), address.value("saison")
    wanted = Wanted(
        words=address.value("q"),
        profession_slug=address.value("profession"),
        among=Among(address.value("parmi") or Among.EVERYBODY),
        also=_conditions(programme.id if programme else None, int(season) if season else None, address),
        callers=partial(callers, g.site.id),
    )
    return render_template(
        "coordinator/persons.html",
        form=form,
        found=search(g.site.id, wanted, page=asked.page_number()),
        labels=labels,
        address=address,
    )


def _address(labels: dict[str, str], names: dict[str, str], years: list[int]) -> Asked:
    words = typed.words_asked(request.args.get("q"))
    among = {one.value: words for one, words in AMONG.items() if one is not Among.EVERYBODY}
    return asked.asked(
        ".persons",
        [
            ("q", Filter(words, f"« {words} »") if words else None),
            ("profession", asked.choice("profession", labels)),
            ("parmi", asked.choice("parmi", among)),
            ("dispositif", asked.choice("dispositif", names)),
            ("saison", asked.choice("saison", {str(year): str(year) for year in years}, "Saison ")),
            ("presence", asked.choice("presence", PRESENCES)),
        ],
    )


def _conditions(programme_id: int | None, season: int | None, address: Asked) -> list[Condition]:
    """What is asked of seats and presences."""
    chosen = [takes_part(g.site.id, programme_id, season)] if programme_id or season else []
    if since := address.value("presence"):
        months = int(since)
        chosen.append(has_not_come_since(g.site.id, _months_ago(months)) if months else never_came(g.site.id))
    return chosen


def _months_ago(months: int) -> datetime:
    """The first instant of the day so many months ago; of the last day of that month when it has no such day."""
    today = clock.today()
    first = following(today.replace(day=1), -months)
    last = (following(first) - first).days
    return clock.at(first.replace(day=min(today.day, last)), datetime.min.time())


@blueprint.route("/personnes/nouvelle", methods=["GET", "POST"])
def new_person() -> ResponseReturnValue:
    """Add somebody to the directory, without any seat and without a word to her."""
    form = RecordForm()
    form.profession.offer(active_professions(g.site.id))
    if form.validate_on_submit():
        try:
            person = add(g.site.id, form.told(), is_member=form.membre.data, rpps=form.rpps.data, actor_id=g.person.id)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Enregistré.", "ok")
            if form.warning:
                flash(form.warning, "warn")
            return redirect(url_for(".person", public_id=person.public_id), 303)
    return render_template("coordinator/person_new.html", form=form), 422 if form.errors else 200
