"""The programmes of the CPTS: the list, a new one from a starting point, all the settings of one."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.programmes import queries, services, starting_points, wording
from cpts_sessions.programmes.plans import ProgrammePlan
from cpts_sessions.reports.season import season_report
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.counting import rows_url
from cpts_sessions.web.coordinator.finding import programme_or_404
from cpts_sessions.web.coordinator.onward import onward
from cpts_sessions.web.coordinator.programme_form import ProgrammeForm, shown

#: A new title writes to nobody by itself: one message a date and a person, for a word.
_OLD_TITLE = (
    "Les invitations déjà envoyées gardent « {} » jusqu’à leur prochaine mise à jour, quand une séance change d’heure "
    "ou de lieu. Les agendas suivis par un lien changent seuls. Personne n’est prévenu."
)
_EMPTY = ProgrammePlan(name="", session_title="", singular="", plural="")


@blueprint.get("/dispositifs")
def programmes() -> ResponseReturnValue:
    """Every programme, those put away last, and the starting points not used yet."""
    every = queries.programmes_of(g.organisation.id, with_archived=True)
    slugs = {one.slug for one in every}
    return render_template(
        "coordinator/programmes.html",
        programmes=every,
        numbers=queries.count_sessions(g.organisation.id),
        models=[(slug, plan.name) for slug, plan in _models() if plan.slug not in slugs],
    )


def _models() -> list[tuple[str, ProgrammePlan]]:
    return [(slug, starting_points.starting_point(slug, g.organisation)) for slug in starting_points.SLUGS]


@blueprint.route("/dispositifs/nouveau", methods=["GET", "POST"])
def new_programme() -> ResponseReturnValue:
    """Add a programme; `?modele=gapp`, `cercle-de-paroles` or `formation` fills the form."""
    plan = dict(_models()).get(request.args.get("modele", ""), _EMPTY)
    form = ProgrammeForm(data=shown(plan))
    if form.validate_on_submit():
        try:
            services.create_programme(g.organisation.id, form.plan(), actor_id=g.person.id)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Dispositif créé.", "ok")
            return redirect(onward(url_for(".programmes")), 303)
    page = render_template("coordinator/programme.html", form=form, programme=None, part=None)
    return page, 422 if form.errors else 200


@blueprint.route("/dispositifs/<uuid:public_id>", methods=["GET", "POST"])
def programme(public_id: UUID) -> ResponseReturnValue:
    """The figures of one programme this year, and all its settings."""
    one = programme_or_404(public_id)
    form = ProgrammeForm(data=shown(one))
    if form.validate_on_submit():
        titled = wording.programme_values(one)["titre_objet"]
        try:
            is_change = services.edit_programme(one.id, form.plan(), actor_id=g.person.id)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Enregistré." if is_change else "Rien à enregistrer : tout était déjà ainsi.", "ok")
            if wording.programme_values(one)["titre_objet"] != titled and queries.has_open_sessions(
                one.id, after=now()
            ):
                flash(typo(_OLD_TITLE.format(titled)), "info")
            return redirect(onward(url_for(".programmes")), 303)
    part = season_report(g.organisation.id, today().year).by_programme[one.slug]
    page = render_template(
        "coordinator/programme.html", form=form, programme=one, part=part, rows_url=rows_url(part.year, part)
    )
    return page, 422 if form.errors else 200


@blueprint.post("/dispositifs/<uuid:public_id>/ranger")
def archive_programme(public_id: UUID) -> ResponseReturnValue:
    """Put a programme away: no new session, its past stays."""
    return _archive(public_id, archived=True, sentence="Dispositif rangé. Son passé reste dans les comptes.")


@blueprint.post("/dispositifs/<uuid:public_id>/reprendre")
def resume_programme(public_id: UUID) -> ResponseReturnValue:
    """Take a programme up again."""
    return _archive(public_id, archived=False, sentence="Dispositif repris.")


def _archive(public_id: UUID, *, archived: bool, sentence: str) -> ResponseReturnValue:
    one = programme_or_404(public_id)
    try:
        services.archive(one.id, archived=archived, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(sentence, "ok")
    return redirect(url_for(".programmes"), 303)
