"""One person's record: what is known of her, corrected, taken away or erased at her wish."""

import json
from uuid import UUID

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.accounts.queries import roles_of
from cpts_sessions.attendance import standing
from cpts_sessions.attendance.queries import statuses_of
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.mail import queries as mail
from cpts_sessions.mail import wording
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import active_professions, profession_labels
from cpts_sessions.people.services import set_member
from cpts_sessions.registrations import of_person, on_behalf
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.export import export_person
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import person_or_404
from cpts_sessions.web.coordinator.record_form import RecordForm, values_of


@blueprint.get("/personnes/<uuid:public_id>")
def person(public_id: UUID) -> ResponseReturnValue:
    """Show everything the coordination may know of one person."""
    one = person_or_404(public_id)
    frame, moment = frame_of(g.site.id), now()
    seasons = of_person.seasons(one.id)
    return render_template(
        "coordinator/person.html",
        one=one,
        labels=profession_labels(g.site.id),
        seasons=seasons,
        phone_given=of_person.last_phone(seasons),
        attendance=statuses_of(one.id),
        attested=standing.of_person(g.site.id, one.id),
        roles=sorted(roles_of(one).names),
        letters=[
            (row, wording.subject_of(row, frame), wording.standing(row, moment))
            for row in mail.of_person(g.site.id, one.id)
        ],
    )


@blueprint.route("/personnes/<uuid:public_id>/corriger", methods=["GET", "POST"])
def correct_person(public_id: UUID) -> ResponseReturnValue:
    """Correct a record; what could not be delivered leaves again to the new address."""
    one = person_or_404(public_id)
    form = RecordForm(data=values_of(one))
    offered = active_professions(g.site.id)
    form.profession.offer(offered)
    if one.profession_slug and one.profession_slug not in {profession.slug for profession in offered}:
        label = profession_labels(g.site.id).get(one.profession_slug, one.profession_slug)
        form.profession.choices.append((one.profession_slug, label))
    if form.validate_on_submit():
        try:
            leaving = on_behalf.correct_person(
                one.id, form.told(), is_member=form.membre.data, rpps=form.rpps.data, actor_id=g.person.id
            )
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            _say_corrected(leaving, form.warning)
            return redirect(url_for(".person", public_id=public_id), 303)
    page = render_template("coordinator/person_correct.html", form=form, one=one)
    return page, 422 if form.errors else 200


def _say_corrected(leaving: int | None, warning: str) -> None:
    if leaving is None:
        flash("Rien à enregistrer : tout était déjà ainsi.", "info")
    elif leaving:
        again = counted(leaving, "message non remis repart", "messages non remis repartent")
        flash(f"Fiche corrigée. {again}.", "ok")
    else:
        flash("Fiche corrigée.", "ok")
    if warning:
        flash(warning, "warn")


@blueprint.post("/personnes/<uuid:public_id>/membre")
def change_member(public_id: UUID) -> ResponseReturnValue:
    """Say that somebody is a member of the CPTS, or is no longer."""
    one = person_or_404(public_id)
    is_change = set_member(one.id, is_member=request.form.get("membre") == "oui", actor_id=g.person.id)
    flash(*(("Enregistré.", "ok") if is_change else ("Rien à enregistrer : tout était déjà ainsi.", "info")))
    return redirect(url_for(".person", public_id=public_id), 303)


@blueprint.get("/personnes/<uuid:public_id>/donnees.json")
def export_data(public_id: UUID) -> ResponseReturnValue:
    """Give everything known of one person as a file to hand to her; its name is nobody's."""
    content = json.dumps(export_person(person_or_404(public_id).id), ensure_ascii=False, indent=2)
    answer = Response(content, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="donnees-personnelles.json"'
    return answer


@blueprint.route("/personnes/<uuid:public_id>/effacer", methods=["GET", "POST"])
def erase_person(public_id: UUID) -> ResponseReturnValue:
    """Erase somebody's data at her wish; the counts stay."""
    one = person_or_404(public_id)
    refused = _why_not(one)
    if request.method == "POST" and not refused:
        try:
            erase(one.id, by_herself=False, actor_id=g.person.id)
        except RuleBroken as refusal:
            refused = str(refusal)
            one = person_or_404(public_id)  # she may just have been erased elsewhere
        else:
            flash("Données effacées.", "ok")
            return redirect(url_for(".persons"), 303)
    page = render_template("coordinator/person_erase.html", one=one, refused=refused)
    return page, 422 if refused and request.method == "POST" else 200


def _why_not(one: Person) -> str:
    return "C’est votre fiche : vous l’effacez depuis Ma page." if one.id == g.person.id else ""
