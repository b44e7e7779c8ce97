"""« Commencer avec ma CPTS »: the demonstration gives its place up, to who was told the code of the server."""

from flask import abort, flash, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from wtforms import EmailField, StringField
from wtforms.validators import InputRequired, Length

from cpts_sessions.accounts import services
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.installation.beginning import Beginning, WrongCode, replace_demonstration
from cpts_sessions.installation.founding import FIRST_STEPS, Founded
from cpts_sessions.web import scope
from cpts_sessions.web.devices import device_name
from cpts_sessions.web.forms import Form
from cpts_sessions.web.public.demonstration import blueprint
from cpts_sessions.web.typing_rules import mailbox, one_line


class BeginningForm(Form):
    """What a new CPTS says of itself, and the code that the server printed."""

    nom = StringField(
        "Le nom de votre CPTS",
        filters=[one_line],
        validators=[InputRequired("Écrivez le nom de votre CPTS."), Length(max=120)],
        description="Comme il s’écrit partout : « CPTS du Val d’Ambre ».",
    )
    coordination = StringField(
        "Votre prénom et votre nom",
        filters=[one_line],
        validators=[InputRequired("Écrivez votre prénom et votre nom."), Length(max=160)],
    )
    email = EmailField(
        "Votre adresse e-mail",
        filters=[one_line],
        validators=[
            InputRequired("Indiquez votre adresse : vous entrerez avec elle."),
            Length(max=254),
            mailbox(),
        ],
        description="Vous entrerez avec elle, sans mot de passe.",
    )
    code = StringField(
        "Le code du serveur",
        validators=[InputRequired("Recopiez le code."), Length(max=40)],
        description="Trois groupes de quatre signes, comme 7K2M-9QTR-4BXW.",
    )


@blueprint.route("/commencer", methods=["GET", "POST"])
def begin() -> ResponseReturnValue:
    """Say what goes away, ask who begins; then she is at her first steps. Nothing here for a real CPTS."""
    if not g.site.is_demonstration:
        abort(404)
    form = BeginningForm()
    if form.validate_on_submit():
        told = Beginning(
            code=form.code.data or "",
            name=form.nom.data or "",
            coordinator=form.coordination.data or "",
            email=form.email.data or "",
        )
        try:
            founded = replace_demonstration(told)
        except WrongCode as refusal:
            form.code.errors = [str(refusal)]
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _enter(founded)
    return render_template("public/begin.html", form=form), 422 if form.errors else 200


def _enter(founded: Founded) -> ResponseReturnValue:
    """Sign in whoever was told the code of the server: she could make a way in there as well."""
    token = founded.ways_in[0].url.rpartition(f"/{Purpose.SIGN_IN.value}/")[2]
    device = device_name(request.headers.get("User-Agent", ""))
    secret = services.open_by_token(founded.organisation.id, token, None, device)
    session.clear()  # what this browser kept was the demonstration's
    g.forget_site()
    scope.enter(secret)
    flash(f"La {founded.organisation.name} est prête.", "ok")
    return redirect(FIRST_STEPS, 303)
