"""A message to everybody of a session, or of a season: written, read as one of them will get it, then sent."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.registrations import group_message
from cpts_sessions.registrations.group_message import Group, Letter
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.finding import group_session_or_404, programme_or_404
from cpts_sessions.web.forms import Form


class GroupMessageForm(Form):
    """What is said, and to whom; a confidential programme imposes its subject."""

    objet = StringField(
        "Objet",
        filters=[typed.one_line],
        validators=[InputRequired("Écrivez un objet."), Length(max=120, message="120 signes au plus.")],
    )
    message = TextAreaField(
        "Message",
        filters=[typed.several_lines],
        validators=[InputRequired("Écrivez le message."), Length(max=5000, message="5 000 signes au plus.")],
        description="Ni patient ni collègue : rien qui désigne quelqu’un. « Bonjour » et votre prénom s’ajoutent. "
        "Deux étoiles de chaque côté mettent en **gras**.",
    )
    attente = BooleanField("Aussi les personnes qui attendent une place")

    def letter(self) -> Letter:
        """What was typed."""
        return Letter(
            subject=self.objet.data or "" if "objet" in self else "",
            text=self.message.data or "",
            to_those_who_wait=bool(self.attente.data),
        )


@blueprint.route("/seances/<uuid:public_id>/message", methods=["GET", "POST"])
def message_to_session(public_id: UUID) -> ResponseReturnValue:
    """Write to those who have a seat in a session, and to those who wait for one if wanted."""
    one = group_session_or_404(public_id)
    form = GroupMessageForm()
    group = group_message.of_session(one, with_waiting=bool(form.attente.data))
    return _written(form, group, url_for(".group_session", public_id=public_id))


@blueprint.route("/dispositifs/<uuid:public_id>/message", methods=["GET", "POST"])
def message_to_season(public_id: UUID) -> ResponseReturnValue:
    """Write to those who follow every session of this year; of another one when the address says so."""
    one = programme_or_404(public_id)
    form = GroupMessageForm()
    form.attente.label.text = "Aussi les personnes dont la demande attend votre accord"
    year = request.args.get("annee", type=int) or today().year
    season = year if 2000 <= year < 2200 else today().year
    group = group_message.of_season(one, season, with_waiting=bool(form.attente.data))
    return _written(form, group, url_for(".programme", public_id=public_id))


def _written(form: GroupMessageForm, group: Group, back_url: str) -> ResponseReturnValue:
    if group.imposed_subject:
        del form.objet
    act = request.form.get("geste", "")
    shown = None
    if form.validate_on_submit() and act != "modifier":
        if act == "envoyer":
            return _sent(form, group, back_url)
        shown = group_message.preview(group, form.letter(), author=g.person)
    return _page(form, group, back_url, shown)


def _sent(form: GroupMessageForm, group: Group, back_url: str) -> ResponseReturnValue:
    try:
        copies = group_message.send(group, form.letter(), author=g.person)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return redirect(back_url, 303)
    left = f" {counted(len(group.to_call), 'personne reste', 'personnes restent')} à appeler." if group.to_call else ""
    flash(f"{counted(copies, 'exemplaire part', 'exemplaires partent')}, un par personne.{left}", "ok")
    return redirect(back_url, 303)


def _page(form: GroupMessageForm, group: Group, back_url: str, shown: object) -> ResponseReturnValue:
    person, rendered = shown if isinstance(shown, tuple) else (None, None)
    page = render_template(
        "coordinator/group_message.html",
        form=form,
        group=group,
        back_url=back_url,
        person=person,
        rendered=rendered,
        paragraphs=rendered.text.strip().split("\n\n") if rendered else [],
    )
    return page, 422 if form.errors else 200
