"""What the link of one registration opens: its state, and a button for each thing its owner may do.

Opening the page changes nothing: mail scanners open every link. It shows no other registration.
"""

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.programmes.calendar_links import google_url, outlook_url
from cpts_sessions.registrations import agenda, asking, personal, services, undoing
from cpts_sessions.registrations.agenda import Announced
from cpts_sessions.registrations.personal import LinkOver, Mine
from cpts_sessions.registrations.services import Outcome
from cpts_sessions.web.public import blueprint
from cpts_sessions.web.public.check_in import OwnCodeForm, standing

_OVER = "Ce lien a servi jusqu’à 24 h après la séance. Vos présences sont sur Ma page."
_ASKED = typo("C’est noté : la suite est dans l’e-mail que nous vous envoyons.")

#: What a button does, by the end of its address.
_ACTS: dict[str, Callable[[int], Outcome]] = {
    "liberer": services.leave,
    "quitter": services.leave,
    "laisser": services.leave,
    "retirer": services.leave,
    "reprendre": services.take_back,
    "prendre": services.take_seat,
    "venir": services.answer_coming,
}


@blueprint.get("/mon-inscription/<token>")
def registration(token: str) -> ResponseReturnValue:
    """Show one registration to whoever has its link."""
    try:
        mine = _mine(token)
    except LinkOver:
        return link_over(_OVER)
    return render_template(
        "public/registration.html",
        mine=mine,
        session_=mine.group_session,
        programme=mine.group_session.programme,
        token=token,
        presence=standing(mine.registration),
        code_form=OwnCodeForm(),
        others=_others(mine),
        google=google_url(mine.group_session),
        outlook=outlook_url(mine.group_session),
    )


@blueprint.get("/mon-inscription/<token>/seance.ics")
def calendar_file(token: str) -> ResponseReturnValue:
    """Say why there is no file: those that exist are given by `web.calendar_files`, before this is reached."""
    try:
        _mine(token)
    except LinkOver:
        return link_over(_OVER)
    abort(404)


@blueprint.post("/mon-inscription/<token>/<any(liberer,quitter,laisser,retirer,reprendre,prendre,venir):act>")
def act_on_registration(token: str, act: str) -> ResponseReturnValue:
    """Do what one button says, then show the page again."""
    return _done(token, _ACTS[act])


@blueprint.post("/mon-inscription/<token>/aussi")
def also_sign_up(token: str) -> ResponseReturnValue:
    """Ask for another date; the answer is the same whether she already has it or not."""

    def ask(registration_id: int) -> Outcome:
        try:
            other = agenda.announced(g.site.id, UUID(request.form.get("seance", "")))
        except ValueError:
            other = None
        if other is None:
            abort(404)
        asking.also_ask(registration_id, other.group_session.id)
        return Outcome(_ASKED)

    return _done(token, ask)


@blueprint.route("/mon-inscription/<token>/pas-moi", methods=["GET", "POST"])
def not_me(token: str) -> ResponseReturnValue:
    """Undo what somebody asked with another's address, once confirmed by a button."""
    try:
        mine = _mine(token)
    except LinkOver:
        return link_over(_OVER)
    if request.method == "POST":
        undoing.not_me(mine.registration.id)
        return redirect(url_for(".undone"), 303)
    return render_template("public/not_me.html", keep_url=url_for(".registration", token=token))


@blueprint.get("/ce-n-est-pas-moi")
def undone() -> ResponseReturnValue:
    """Say that it was undone; nothing is left to open."""
    g.is_same_for_everyone = True
    return render_template("public/undone.html")


def link_over(sentence: str) -> ResponseReturnValue:
    """Show that a personal link has served its time."""
    return render_template("public/link_over.html", sentence=sentence), 410


def done(act: Callable[[], Outcome], back_to: str) -> ResponseReturnValue:
    """Do one thing, say what it did or why it was refused, and go back to the page."""
    try:
        outcome = act()
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(outcome.sentence, "ok" if outcome.is_change else "info")
    return redirect(back_to, 303)


def _others(mine: Mine) -> list[Announced]:
    """The other dates one may ask for; none when they go together: who has one has asked for all."""
    if mine.group_session.goes_together:
        return []
    return [one for one in agenda.other_dates(mine.group_session) if one.takes_sign_ups]


def _done(token: str, act: Callable[[int], Outcome]) -> ResponseReturnValue:
    try:
        registration_id = _mine(token).registration.id
    except LinkOver:
        return link_over(_OVER)
    return done(lambda: act(registration_id), url_for(".registration", token=token))


def _mine(token: str) -> Mine:
    mine = personal.behind_link(g.site.id, token)
    if mine is None:
        abort(404)
    return mine
