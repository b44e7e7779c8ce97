"""The installation: its two addresses, whether messages leave, and what the doctor finds."""

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, EmailField, URLField
from wtforms.validators import InputRequired, Length

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.installation.doctor.examination import examine
from cpts_sessions.installation.doctor.findings import Level
from cpts_sessions.mail import queries
from cpts_sessions.organisations import services
from cpts_sessions.web.admin import blueprint
from cpts_sessions.web.forms import Form
from cpts_sessions.web.typing_rules import mailbox, one_line

_BADGES = {
    Level.GOOD: ("Bien", "ok", "check"),
    Level.CAREFUL: ("À surveiller", "warn", "triangle-alert"),
    Level.WRONG: ("À corriger", "bad", "circle-alert"),
}


class AddressesForm(Form):
    """The only sources of links and senders; fields are named as the columns."""

    public_url = URLField(
        "Adresse du site",
        filters=[one_line],
        validators=[InputRequired("Écrivez l’adresse du site."), Length(max=200)],
        description="Ce que tapent les gens, sans rien après : https://seances.cpts.example.org",
    )
    mail_address = EmailField(
        "Adresse des messages",
        filters=[one_line],
        validators=[
            InputRequired("Écrivez une adresse."),
            Length(max=254),
            mailbox("Cette adresse n’est pas complète."),
        ],
        description="Expéditrice de chaque message, organisatrice de chaque rendez-vous, et boîte des réponses.",
    )
    lu = BooleanField(
        "J’ai vérifié : cette adresse ouvre déjà ce site, et cette boîte est lue",
        validators=[InputRequired("Cochez la case : une adresse fausse coupe tous les liens.")],
    )


@blueprint.route("/installation", methods=["GET", "POST"])
def installation() -> ResponseReturnValue:
    """Show whether messages leave, and change the two addresses."""
    form = AddressesForm(obj=g.organisation)
    if form.validate_on_submit():
        try:
            is_change = services.move_house(
                g.site.id,
                public_url=form.public_url.data,
                mail_address=form.mail_address.data,
                actor_id=g.person.id,
            )
        except RuleBroken as refusal:
            form.public_url.errors = [str(refusal)]
        else:
            unchanged = "Rien à enregistrer : tout était déjà ainsi."
            flash(*(("Enregistré.", "ok") if is_change else (unchanged, "info")))
            return redirect(url_for(".installation"), 303)
    page = render_template(
        "admin/installation.html",
        form=form,
        waiting=queries.count_waiting(),
        counts=queries.counts(g.site.id),
        last_beat=queries.last_beat(),
        has_server=current_app.config["SETTINGS"].smtp_url is not None,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/etat")
def state() -> ResponseReturnValue:
    """Show what the doctor finds, as the command does on the server."""
    return render_template("admin/state.html", findings=examine(), badges=_BADGES)
