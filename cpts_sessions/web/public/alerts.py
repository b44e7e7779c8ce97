"""« Prévenez-moi des prochaines dates »: asking, the same answer whoever asks, and the link that stops."""

from typing import Any
from uuid import UUID

from flask import abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from cpts_sessions.people import queries as people
from cpts_sessions.people.services import Told
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.models import Programme
from cpts_sessions.registrations import alerts
from cpts_sessions.web.forms import Form
from cpts_sessions.web.public import blueprint
from cpts_sessions.web.public.sign_up_form import EMAIL_LENGTH, SignUpForm
from cpts_sessions.web.typing_rules import mailbox, one_line

_ADDRESS = "Indiquez votre adresse e-mail complète. Exemple : prenom.nom@exemple.fr"
_NOTED = "alert_noted"


class AlertForm(Form):
    """Whose dates one wants to know, and where to write."""

    dispositif = SelectField("Pour quel dispositif ?", validators=[InputRequired("Choisissez un dispositif.")])
    prenom = SignUpForm.prenom
    nom = SignUpForm.nom
    email = EmailField(
        "Adresse e-mail",
        filters=[one_line],
        validators=[
            DataRequired(_ADDRESS),
            Length(max=EMAIL_LENGTH, message=_ADDRESS),
            mailbox(_ADDRESS),
        ],
    )
    profession = SelectField("Profession", validators=[DataRequired("Choisissez votre profession dans la liste.")])

    def told(self) -> Told:
        """What she says of herself."""
        return Told(
            first_name=self.prenom.data or "",
            last_name=self.nom.data or "",
            email=(self.email.data or "").lower(),
            profession_slug=self.profession.data,
        )


@blueprint.route("/prevenez-moi", methods=["GET", "POST"])
def ask_alert() -> ResponseReturnValue:
    """Ask to be told of the next dates of a programme, among all of them; `?dispositif=` chooses it."""
    offered = programmes.programmes_of(g.site.id)
    form = _form(offered)
    if form.validate_on_submit():
        programme = next(one for one in offered if str(one.public_id) == form.dispositif.data)
        alerts.ask(programme.id, form.told())
        session[_NOTED] = form.email.data
        return redirect(url_for(".alert_noted"), 303)
    page = render_template("public/alert_ask.html", form=form, offered=offered)
    return page, 422 if form.errors else 200


@blueprint.get("/prevenez-moi/c-est-note")
def alert_noted() -> ResponseReturnValue:
    """Say that it was noted; made of the typed address alone."""
    address = session.get(_NOTED)
    if not address:
        return redirect(url_for(".ask_alert"), 303)
    return render_template("public/alert_noted.html", address=address)


@blueprint.route("/annonces/<token>", methods=["GET", "POST"])
def alert(token: str) -> ResponseReturnValue:
    """Show what the link of a message stops, and stop at the press of the button; opening it changes nothing."""
    found = alerts.by_token(g.site.id, token) or abort(404)
    if request.method == "POST":
        alerts.stop(found.id)
        return redirect(url_for(".alert_stopped"), 303)
    return render_template("public/alert.html", programme=found.programme, token=token)


@blueprint.get("/annonces-arretees")
def alert_stopped() -> ResponseReturnValue:
    """Say that nothing more will come; the same page for everyone."""
    g.is_same_for_everyone = True
    return render_template("public/alert_stopped.html")


def _form(offered: list[Programme]) -> AlertForm:
    form = AlertForm(data=_opening())
    form.dispositif.choices = [SelectChoice(str(one.public_id), one.name) for one in offered]
    professions = people.active_professions(g.site.id)
    form.profession.choices = [
        SelectChoice("", "Choisir"),
        *(SelectChoice(one.slug, one.label[:1].upper() + one.label[1:]) for one in professions),
    ]
    return form


def _opening() -> dict[str, Any]:
    """The programme of the address when it is one; her own words when she is signed in."""
    wanted = request.args.get("dispositif", type=UUID)
    opening: dict[str, Any] = {"dispositif": str(wanted) if wanted else None}
    if g.signed_in:
        person = g.person
        opening |= {"prenom": person.first_name, "nom": person.last_name, "email": person.email}
        opening["profession"] = person.profession_slug
    return opening
