"""Her data: to correct, to take away, to have erased."""

import json

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TelField
from wtforms.fields.choices import SelectChoice

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.people import own_record
from cpts_sessions.people import queries as people
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.export import export_person
from cpts_sessions.web import scope
from cpts_sessions.web.forms import Form, OptionalRadioField
from cpts_sessions.web.professional import blueprint
from cpts_sessions.web.typing_rules import dialled, one_line, rpps_number


class RecordForm(Form):
    """What she may correct alone; her name and her address are what the CPTS knows her by."""

    profession = SelectField("Profession", validate_choice=True)
    civilite = OptionalRadioField(
        "Civilité",
        description="Sert à accorder les attestations et le rapport, à rien d’autre.",
        choices=[SelectChoice("Mme", "Mme"), SelectChoice("M.", "M."), SelectChoice("", "Je préfère ne pas le dire")],
    )
    rpps = StringField(
        "Numéro RPPS",
        description="11 chiffres, pour l’imprimer sur vos attestations. Laissez vide si vous préférez.",
        filters=[lambda value: "".join((value or "").split())],
        validators=[rpps_number],
    )
    telephone = TelField(
        "Téléphone",
        description=("Pour vous prévenir si une séance est annulée le jour même. Laissez vide si vous préférez."),
        filters=[one_line],
        validators=[dialled],
    )


@blueprint.route("/informations", methods=["GET", "POST"])
def correct() -> ResponseReturnValue:
    """Correct what she may correct alone."""
    person = g.person
    form = RecordForm(
        data={
            "profession": person.profession_slug or "",
            "civilite": person.civility or "",
            "rpps": person.rpps or "",
            "telephone": person.phone or "",
        }
    )
    labels = people.profession_labels(g.site.id)
    offered = {one.slug for one in people.active_professions(g.site.id)} | {person.profession_slug or ""}
    form.profession.choices = [
        SelectChoice(slug, label[:1].upper() + label[1:]) for slug, label in labels.items() if slug in offered
    ]
    if not person.profession_slug:
        form.profession.choices.insert(0, SelectChoice("", "Choisir"))
    if form.validate_on_submit():
        warning = own_record.correct(
            person.id,
            profession_slug=form.profession.data or None,
            civility=form.civilite.data or None,
            rpps=form.rpps.data or None,
            phone=form.telephone.data or None,
        )
        flash(warning or "Enregistré.", "warn" if warning else "ok")
        return redirect(url_for(".my_page"), 303)
    page = render_template("professional/correct.html", form=form, person=person)
    return page, 422 if form.errors else 200


@blueprint.get("/mes-donnees.json")
def take_away() -> ResponseReturnValue:
    """Give everything that is known of her as a file that another program can read."""
    content = json.dumps(export_person(g.person.id), ensure_ascii=False, indent=2)
    answer = Response(content, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return answer


@blueprint.route("/effacer", methods=["GET", "POST"])
def erase_all() -> ResponseReturnValue:
    """Have her data erased, once confirmed by a button; the counts of the past stay, without her name."""
    if request.method == "POST":
        try:
            erase(g.person.id, by_herself=True)
        except RuleBroken as refusal:
            flash(str(refusal), "bad")
            return redirect(url_for(".my_page"), 303)
        scope.leave()
        flash("Données effacées.", "ok")
        return redirect(url_for("sign_in.ask"), 303)
    return render_template("professional/erase.html")
