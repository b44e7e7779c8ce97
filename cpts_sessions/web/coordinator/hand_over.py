"""« Passer la main »: who takes over, and until when one keeps one's own access."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DateField, EmailField, StringField
from wtforms.validators import InputRequired, Length, Optional

from cpts_sessions.accounts import leaving, queries
from cpts_sessions.accounts.succession import awaited_by
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import day
from cpts_sessions.installation import handing_over
from cpts_sessions.installation.handing_over import Handover
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.forms import Form
from cpts_sessions.web.typing_rules import mailbox


class SuccessorForm(Form):
    """Who takes over."""

    email = EmailField(
        "Adresse e-mail de la personne qui vous succède",
        filters=[typed.one_line],
        validators=[
            InputRequired("Indiquez son adresse : elle entre avec elle."),
            Length(max=254),
            mailbox(),
        ],
    )
    nom = StringField(
        "Prénom et nom",
        filters=[typed.one_line],
        validators=[Length(max=160)],
        description="Nécessaires si la CPTS ne la connaît pas, ou si plusieurs personnes ont cette adresse.",
    )


class HandoverForm(SuccessorForm):
    """Who takes over, with what, from when alone."""

    administration = BooleanField(
        "Elle administre aussi l’application", description="Les accès, les adresses, les sauvegardes."
    )
    jour = DateField(
        "Je garde mon accès jusqu’au",
        validators=[Optional()],
        description="Ce jour compris, ou plus tard si la personne n’est pas encore venue. Sans date, vous serez deux.",
    )


@blueprint.route("/passer-la-main", methods=["GET", "POST"])
def hand_over() -> ResponseReturnValue:
    """Give the coordination to a successor; one's own access ends only when a day is chosen."""
    form = HandoverForm(data={"administration": g.roles.is_administrator})
    if form.validate_on_submit():
        plan = Handover(
            email=form.email.data or "",
            name=form.nom.data or None,
            administers=form.administration.data,
            last_day=form.jour.data,
        )
        try:
            successor = handing_over.hand_over(g.organisation, g.person, plan)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(f"{successor.full_name} reçoit son accès et l’état de la saison.{_until(plan)}", "ok")
            return redirect(url_for(".hand_over"), 303)
    ends_at = queries.ending(g.site.id).get(g.person.id)
    page = render_template(
        "coordinator/hand_over.html",
        form=form,
        last_day=leaving.last_day_of(ends_at) if ends_at else None,
        is_overdue=ends_at is not None and ends_at <= now(),
        may_administer=g.roles.is_administrator,
        waits=handing_over.season_waits(g.site.id),
        awaited=awaited_by(g.person),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/passer-la-main/rester")
def stay() -> ResponseReturnValue:
    """Take the end of one's own access back."""
    stays = leaving.stay(g.person)
    flash(*(("Vous gardez votre accès.", "ok") if stays else ("Votre accès ne prenait pas fin.", "info")))
    return redirect(url_for(".hand_over"), 303)


@blueprint.post("/passer-la-main/renvoyer")
def invite_again() -> ResponseReturnValue:
    """Send the invitation again to the successor who has not come in yet."""
    try:
        successor = handing_over.invite_again(g.organisation, g.person)
    except RuleBroken as refusal:
        flash(str(refusal), "warn")
    else:
        flash(f"L’invitation repart à {successor.email}.", "ok")
    return redirect(url_for(".hand_over"), 303)


@blueprint.route("/passer-la-main/adresse", methods=["GET", "POST"])
def correct_successor() -> ResponseReturnValue:
    """Send the invitation to another address: the first one opens nothing any more."""
    awaited = awaited_by(g.person)
    if awaited is None and not request.form:
        return redirect(url_for(".hand_over"), 303)
    known = {"email": awaited.successor.email, "nom": awaited.successor.full_name} if awaited else {}
    form = SuccessorForm(data=known)
    if form.validate_on_submit():
        try:
            successor = handing_over.correct_address(
                g.organisation, g.person, form.email.data or "", form.nom.data or None
            )
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(f"Adresse corrigée : l’invitation part à {successor.email}.", "ok")
            return redirect(url_for(".hand_over"), 303)
    page = render_template("coordinator/hand_over_address.html", form=form, awaited=awaited_by(g.person))
    return page, 422 if form.errors else 200


@blueprint.post("/passer-la-main/annuler")
def cancel_handing_over() -> ResponseReturnValue:
    """Take the invitation back; one's own access does not end any more."""
    try:
        name = handing_over.cancel(g.organisation, g.person)
    except RuleBroken as refusal:
        flash(str(refusal), "warn")
    else:
        flash(f"Invitation annulée : l’accès de {name} est retiré, vous gardez le vôtre.", "ok")
    return redirect(url_for(".hand_over"), 303)


def _until(plan: Handover) -> str:
    return f" Vous gardez le vôtre jusqu’au {day(plan.last_day)}." if plan.last_day else " Vous gardez le vôtre."
