"""Signing in by a link or a code received by mail, and signing out."""

import secrets

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, StringField
from wtforms.validators import InputRequired

from cpts_sessions.accounts import queries, services
from cpts_sessions.accounts.refusals import LinkOver
from cpts_sessions.accounts.services import Asker
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.web import scope
from cpts_sessions.web.devices import device_name
from cpts_sessions.web.forms import Form
from cpts_sessions.web.guards import Audience, guard, safe_path
from cpts_sessions.web.typing_rules import mailbox

blueprint = guard(Blueprint("sign_in", __name__), Audience.PUBLIC)

_WANTED = "wanted"  # the page that asked to sign in


class AskForm(Form):
    """Ask for a link. Whether the address is known is never told here."""

    email = EmailField(
        "Votre adresse e-mail",
        validators=[
            InputRequired("Indiquez l’adresse e-mail de vos inscriptions."),
            mailbox(),
        ],
    )


class CodeForm(Form):
    """The six digits that staff receive with their link."""

    code = StringField(
        "Code à 6 chiffres",
        validators=[InputRequired("Saisissez les 6 chiffres de votre message.")],
        description="Votre message contient un code ? Saisissez-le ici. Sinon, ouvrez simplement le lien.",
    )


@blueprint.route("/connexion", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask for a link by mail."""
    form = AskForm()
    if form.validate_on_submit():
        email = (form.email.data or "").strip()
        services.ask_sign_in(g.site.id, email, _new_ask())
        session["asked_email"] = email
        _remember_wanted()
        return redirect(url_for(".code"), 303)
    if request.method == "GET" and g.signed_in:
        return redirect(safe_path(request.args.get("suite")) or scope.landing(g.roles), 303)
    return render_template("public/sign_in.html", form=form), 422 if form.errors else 200


@blueprint.route("/connexion/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Say that a message may have left, and take its code."""
    asker = _asker()
    if asker is None:
        return redirect(url_for(".ask"), 303)
    form = CodeForm()
    if form.validate_on_submit():
        try:
            token = services.open_by_code(g.site.id, form.code.data or "", asker, _device())
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _arrive(token)
    page = render_template("public/sign_in_code.html", form=form, email=session.get("asked_email", ""))
    return page, 422 if form.errors else 200


@blueprint.route("/connexion/<token>", methods=["GET", "POST"])
def link(token: str) -> ResponseReturnValue:
    """Show whose page the link opens; opening it takes a button, since mail scanners read every link."""
    known = queries.live_link(g.site.id, token)
    if request.method == "POST":
        try:
            return _arrive(services.open_by_token(g.site.id, token, session.get("browser"), _device()))
        except LinkOver:
            known = None
        except RuleBroken as refusal:
            return render_template("public/sign_in_elsewhere.html", sentence=str(refusal)), 409
    if known is None:
        if g.signed_in:  # the button was pressed twice, or the message opened again
            return redirect(scope.landing(g.roles), 303)
        return render_template("public/sign_in_over.html"), 410
    wanted = safe_path(request.args.get("suite")) or ""
    return render_template("public/sign_in_link.html", first_name=known.person.first_name, wanted=wanted)


@blueprint.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """Close this browser's sign-in."""
    token = session.get("_user_id")
    if token:
        services.close_sign_in(g.site.id, token)
    scope.leave()
    flash("Vous avez quitté votre page. À bientôt.", "ok")
    return redirect(url_for(".ask"), 303)


def _new_ask() -> Asker:
    """Return this browser's secret, the same for all it asks, and a new one for this time."""
    session.setdefault("browser", secrets.token_urlsafe(32))
    session["ask"] = secrets.token_urlsafe(16)
    return Asker(browser=session["browser"], ask=session["ask"])


def _asker() -> Asker | None:
    browser, once = session.get("browser"), session.get("ask")
    return Asker(browser=browser, ask=once) if browser and once else None


def _remember_wanted() -> None:
    wanted = safe_path(request.args.get("suite"))
    if wanted:
        session[_WANTED] = wanted
    else:
        session.pop(_WANTED, None)


def _device() -> str:
    return device_name(request.headers.get("User-Agent", ""))


def _arrive(token: str) -> ResponseReturnValue:
    """Sign this browser in, and go where the person was going, else where she works."""
    wanted = safe_path(session.pop(_WANTED, None)) or safe_path(request.form.get("suite"))
    previous = session.get("_user_id")
    if previous:
        services.close_sign_in(g.site.id, previous)
    scope.enter(token)
    return redirect(wanted or scope.landing(g.roles), 303)
