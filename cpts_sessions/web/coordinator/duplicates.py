"""Records that may be one person: compared side by side, then made one, or said to be two."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import day, short_day, typo
from cpts_sessions.people.duplicates import mark_distinct, possible_pairs
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import by_ids, profession_labels
from cpts_sessions.registrations.models import Status
from cpts_sessions.reports.merged import distinct_after
from cpts_sessions.rights.merge import MergePreview, merge, merge_preview
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import person_or_404
from cpts_sessions.web.forms import Form

#: The states that can be kept, in the words of the badges.
_STATES = {
    Status.REQUESTED: "demande en cours",
    Status.CONFIRMED: "place réservée",
    Status.OFFERED: "place proposée",
    Status.WAITING: "en attente",
    Status.WALK_IN: "sans inscription",
    Status.CANCELLED: "désinscription",
    Status.DECLINED: "pas cette fois",
}


@blueprint.get("/doublons")
def duplicates() -> ResponseReturnValue:
    """Show the pairs of records to look at, and why."""
    pairs = possible_pairs(g.site.id)
    persons = by_ids(g.site.id, {id_ for pair in pairs for id_ in (pair.lower_id, pair.higher_id)})
    return render_template(
        "coordinator/duplicates.html", pairs=pairs, persons=persons, labels=profession_labels(g.site.id)
    )


@blueprint.route("/doublons/<uuid:keep_id>/<uuid:absorb_id>", methods=["GET", "POST"])
def duplicate(keep_id: UUID, absorb_id: UUID) -> ResponseReturnValue:
    """Compare two records and say what making them one would do; then do it."""
    keep, absorb = person_or_404(keep_id), person_or_404(absorb_id)
    if keep.id == absorb.id:
        abort(404)
    form = Form()
    if form.validate_on_submit():
        try:
            merge(keep.id, absorb.id, actor_id=g.person.id)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
            keep, absorb = person_or_404(keep_id), person_or_404(absorb_id)  # as they now are, if they still are
        else:
            flash("Fiches réunies.", "ok")
            return redirect(url_for(".person", public_id=keep_id), 303)
    page = render_template(
        "coordinator/duplicate.html",
        form=form,
        keep=keep,
        absorb=absorb,
        lines=_lines(keep, absorb, profession_labels(g.site.id)),
        consequences=_consequences(merge_preview(keep.id, absorb.id)),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/doublons/<uuid:keep_id>/<uuid:absorb_id>/distinctes")
def keep_apart(keep_id: UUID, absorb_id: UUID) -> ResponseReturnValue:
    """Remember that they are two persons."""
    mark_distinct(person_or_404(keep_id).id, person_or_404(absorb_id).id)
    flash("C’est noté : la paire ne sera plus proposée.", "ok")
    return redirect(url_for(".duplicates"), 303)


def _lines(keep: Person, absorb: Person, labels: dict[str, str]) -> list[tuple[str, str, str]]:
    """Each line of the comparison: what, then what either record says."""

    def said(person: Person) -> list[str]:
        return [
            person.first_name,
            person.last_name,
            person.email or "pas d’adresse",
            labels.get(person.profession_slug or "", "non dite"),
            person.civility or "non dite",
            person.rpps or "non dit",
            person.phone or "non dit",
            "oui" if person.is_member else "non",
            day(person.created_at),
        ]

    names = "Prénom, Nom, Adresse e-mail, Profession, Civilité, Numéro RPPS, Téléphone, Membre, Connue depuis"
    return list(zip(names.split(", "), said(keep), said(absorb), strict=True))


def _consequences(preview: MergePreview) -> list[str]:
    """What making the records one would do, in sentences."""
    taken = preview.taken_over
    said = []
    if taken:
        said.append("1 inscription est reprise." if taken == 1 else f"{taken} inscriptions sont reprises.")
    for conflict in preview.conflicts:
        when = short_day(conflict.group_session.starts_at)
        kept = _STATES[conflict.kept]
        said.append(f"Deux inscriptions pour le {when} : l’état le plus fort est gardé ({kept}).")
        if conflict.frees_a_seat:
            said.append(f"Une place se libère le {when} : elle est proposée à la liste d’attente.")
    ids = (preview.keep.id, preview.absorb.id)
    said += [
        f"Inscrits distincts de {one.year} : {one.before} avant, {one.after} après."
        for one in distinct_after(preview.keep.organisation_id, ids, preview.years)
    ]
    return [typo(sentence) for sentence in said]
