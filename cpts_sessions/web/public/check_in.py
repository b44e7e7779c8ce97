"""Saying that one is there: by the code of the room and a name, or by one's own link.

What is answered to a name is the same page whether it is on the list or not: a visitor must not learn who comes.
"""

from uuid import UUID

import segno
from flask import abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from cpts_sessions.attendance import check_in as room
from cpts_sessions.attendance import own_presence
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.evening.models import LinkState
from cpts_sessions.evening.queries import link_by_token, state_of_link
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.programmes.queries import announced_session
from cpts_sessions.registrations import personal, queries
from cpts_sessions.registrations.models import Registration
from cpts_sessions.registrations.personal import LinkOver
from cpts_sessions.web.forms import Form
from cpts_sessions.web.public import blueprint

_SCANNED = "presence"  # what having scanned leaves in the cookie of this browser, for the page of one's own link
NOTED = "Votre présence est relevée. Bonne séance."


class CodeForm(Form):
    """The six digits of the screen."""

    code = StringField("Code à 6 chiffres", validators=[InputRequired("Saisissez les 6 chiffres de l’écran.")])


class OwnCodeForm(Form):
    """The six digits, on the page of one's own registration."""

    code = StringField(
        "Code affiché dans la salle",
        validators=[InputRequired()],
        description="6 chiffres, qui changent toutes les 30 secondes. Ou scannez l’écran.",
    )


class NameForm(Form):
    """Who is there. Whether she is on the list is never told here."""

    first_name = StringField("Prénom", validators=[InputRequired("Indiquez votre prénom."), Length(max=100)])
    last_name = StringField("Nom", validators=[InputRequired("Indiquez votre nom."), Length(max=100)])
    proof = HiddenField()


@blueprint.route("/presence", methods=["GET", "POST"])
def check_in() -> ResponseReturnValue:
    """Take the six digits of the screen, for who cannot scan it."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            group_session = own_presence.session_on(g.site.id, form.code.data or "", request.remote_addr or "")
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            code = room.codes_now(group_session).scanned
            return redirect(url_for(".check_in_here", public_id=group_session.public_id, code=code), 303)
    return render_template("public/check_in.html", form=form), 422 if form.errors else 200


@blueprint.route("/presence/<uuid:public_id>/<code>", methods=["GET", "POST"])
def check_in_here(public_id: UUID, code: str) -> ResponseReturnValue:
    """Ask who is there, once the screen was scanned; the code may change while she types."""
    group_session = _announced(public_id)
    form = NameForm()
    if request.method == "POST":
        return _note_named(group_session, form)
    if not room.was_scanned(group_session, code):
        return _changed()
    form.proof.data = session[_SCANNED] = room.passage(group_session)
    return _ask_name(group_session, form)


@blueprint.post("/presence/je-suis-la/<uuid:public_id>")
def check_in_signed_in(public_id: UUID) -> ResponseReturnValue:
    """Note present who is signed in on this telephone, by one tap after having scanned."""
    own = _own(_announced(public_id))
    if own is None:
        abort(404)
    try:
        own_presence.note_own(own, proof=request.form.get("proof", "") or "-")
    except RuleBroken as refusal:
        return _changed(str(refusal))
    return redirect(url_for(".checked_in"), 303)


@blueprint.get("/presence/notee")
def check_in_noted() -> ResponseReturnValue:
    """Thank whoever gave a name, in words that suit everybody."""
    g.is_same_for_everyone = True
    return render_template("public/check_in_noted.html")


@blueprint.get("/presence/relevee")
def checked_in() -> ResponseReturnValue:
    """Tell who is known that her presence is noted."""
    g.is_same_for_everyone = True
    return render_template("public/checked_in.html", sentence=NOTED)


@blueprint.post("/mon-inscription/<token>/je-suis-la")
def i_am_here(token: str) -> ResponseReturnValue:
    """Note present the owner of a registration: by the digits of the screen, or because this browser scanned it."""
    try:
        mine = personal.behind_link(g.site.id, token)
    except LinkOver:
        return redirect(url_for(".registration", token=token), 303)
    if mine is None:
        abort(404)
    try:
        own_presence.note_own(
            mine.registration, proof=_proof_of(mine.group_session), digits=request.form.get("code", "")
        )
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(NOTED, "ok")
    return redirect(url_for(".registration", token=token), 303)


@blueprint.get("/soiree/<token>/qr")
def check_in_screen(token: str) -> ResponseReturnValue:
    """Show the code of this moment, drawn here: for a browser without JavaScript, or that cannot compute it."""
    link = link_by_token(g.site.id, token)
    if link is None:
        abort(404)
    if state_of_link(link, now()) is not LinkState.OPEN:
        return redirect(f"/soiree/{token}", 303)  # that page says why
    screen, codes = room.screen(link.group_session), room.codes_now(link.group_session)
    return render_template(
        "public/check_in_screen.html",
        screen=screen,
        codes=codes,
        picture=segno.make(screen.url + codes.scanned, error="m", boost_error=False).svg_data_uri(
            border=4, light="#fff", omitsize=True
        ),
        is_on=room.is_open(link.group_session, now()),
        again_url=url_for(".check_in_screen", token=token),
        back_url=f"/soiree/{token}",
    )


def standing(registration: Registration) -> str:
    """Return how the owner of a registration may say that she is there: "code", or "scanned" when one tap is enough.

    "noted" when her presence is already; empty at other hours.
    """
    if not own_presence.may_note(registration):
        return ""
    if own_presence.is_noted(registration):
        return "noted"
    return "scanned" if _proof_of(registration.group_session) else "code"


def _proof_of(group_session: GroupSession) -> str:
    """Return what this browser kept of having scanned this session's screen; empty without it, or too long after."""
    kept = str(session.get(_SCANNED, ""))
    return kept if room.is_passage(group_session, kept) else ""


def _announced(public_id: UUID) -> GroupSession:
    group_session = announced_session(g.site.id, public_id)
    if group_session is None:
        abort(404)
    return group_session


def _own(group_session: GroupSession) -> Registration | None:
    """Return the registration of who is signed in, when it may be noted; None for everybody else."""
    if g.signed_in is None:
        return None
    found = queries.find(group_session.id, g.signed_in.person_id)
    return found if found and own_presence.may_note(found) else None


def _note_named(group_session: GroupSession, form: NameForm) -> ResponseReturnValue:
    proof = form.proof.data or ""
    if not room.is_passage(group_session, proof):
        return _changed()
    if not form.validate():
        return _ask_name(group_session, form)
    try:
        own_presence.note_named(group_session.id, proof, form.first_name.data or "", form.last_name.data or "")
    except RuleBroken as refusal:
        return _changed(str(refusal))
    return redirect(url_for(".check_in_noted"), 303)


def _ask_name(group_session: GroupSession, form: NameForm) -> ResponseReturnValue:
    page = render_template(
        "public/check_in_here.html",
        form=form,
        group_session=group_session,
        title=wording.session_values(group_session)["titre_objet"],
        own=_own(group_session),
    )
    return page, 422 if form.errors else 200


def _changed(sentence: str = own_presence.CHANGED) -> ResponseReturnValue:
    return render_template("public/check_in_over.html", sentence=sentence), 410
