"""The boxes of sealed answers: where each stands, opening one, and what the opened ones say."""

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.questionnaires import definition, opening, queries, services, verbatims
from cpts_sessions.questionnaires.effect_counts import with_cards
from cpts_sessions.questionnaires.form import read_form
from cpts_sessions.questionnaires.models import Box, BoxState
from cpts_sessions.questionnaires.standing import standing
from cpts_sessions.questionnaires.synthesis import questions
from cpts_sessions.reports.evaluation import evaluations
from cpts_sessions.web.coordinator import blueprint

_ENDED = {
    BoxState.OPENED: "Urne dépouillée. Les réponses sont mélangées.",
    BoxState.CARRIED: "Urne reportée à l’année suivante.",
    BoxState.DESTROYED: "Urne détruite sans être lue.",
}


@blueprint.get("/questionnaires")
def boxes() -> ResponseReturnValue:
    """Show every box, the newest year first, and where it stands."""
    every = [(box, standing(box, today())) for box in queries.boxes(g.organisation.id)]
    return render_template(
        "coordinator/boxes.html", boxes=every, with_cards=with_cards(g.organisation.id), year=today().year
    )


@blueprint.get("/questionnaires/<uuid:public_id>")
def box(public_id: UUID) -> ResponseReturnValue:
    """Show what an opened box says, question by question; or where it stands."""
    one = _box_or_404(public_id)
    asked = _asked(one)
    opened = one.state == BoxState.OPENED
    return render_template(
        "coordinator/box.html",
        box=one,
        standing=standing(one, today()),
        asked=asked,
        questions=questions(asked, queries.answers_of(one.id)) if opened else [],
        written=verbatims.written(one) if opened else [],
        evaluation=evaluations(g.organisation.id, one.year).get(one.programme_id) if opened else None,
        papers=0 if opened else queries.paper_count(one.id),
    )


@blueprint.route("/questionnaires/<uuid:public_id>/depouiller", methods=["GET", "POST"])
def open_box(public_id: UUID) -> ResponseReturnValue:
    """Open a box for ever, once it is said what that means."""
    one = _box_or_404(public_id)
    if request.method == "POST":

        def act() -> BoxState:
            opening.open_box(one.id, actor_id=g.person.id)
            return BoxState.OPENED

        return _end(one, act)
    if not standing(one, today()).can_be_opened:
        return redirect(url_for(".box", public_id=public_id), 303)
    return render_template("coordinator/box_open.html", box=one)


@blueprint.route("/questionnaires/<uuid:public_id>/clore-la-collecte", methods=["GET", "POST"])
def close_collection(public_id: UUID) -> ResponseReturnValue:
    """End the collection of a year before its time, once."""
    one = _box_or_404(public_id)
    if request.method == "POST":
        return _end(one, lambda: opening.close_year(one.id, actor_id=g.person.id))
    if not standing(one, today()).can_be_closed:
        return redirect(url_for(".box", public_id=public_id), 303)
    return render_template("coordinator/box_close.html", box=one)


@blueprint.route("/questionnaires/<uuid:public_id>/papier", methods=["GET", "POST"])
def paper_ballots(public_id: UUID) -> ResponseReturnValue:
    """Type in one ballot that came on paper; the page opens empty again for the next."""
    one = _box_or_404(public_id)
    if one.state != BoxState.COLLECTING:
        return redirect(url_for(".box", public_id=public_id), 303)
    asked = _asked(one)
    answers: definition.Answers = {}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        answers = read_form(asked, request.form.getlist)
        wrong = definition.check(asked, answers, every_required=False)
        if not wrong:
            return _seal(one, definition.encode(asked, answers))
    page = render_template(
        "coordinator/box_paper.html",
        box=one,
        asked=asked,
        answers=answers,
        wrong=wrong,
        typed=queries.paper_count(one.id),
    )
    return page, 422 if wrong else 200


@blueprint.route("/questionnaires/<uuid:public_id>/commentaires", methods=["GET"])
def box_texts(public_id: UUID) -> ResponseReturnValue:
    """Show what people wrote, to be read before any of it may leave."""
    one = _box_or_404(public_id)
    if one.state != BoxState.OPENED:
        return redirect(url_for(".box", public_id=public_id), 303)
    return render_template("coordinator/box_texts.html", box=one, written=verbatims.written(one))


@blueprint.post("/questionnaires/<uuid:public_id>/commentaires/<uuid:answer_id>")
def read_text(public_id: UUID, answer_id: UUID) -> ResponseReturnValue:
    """Keep a text, the chosen words masked, or put it aside."""
    one = _box_or_404(public_id)
    try:
        if request.form.get("decision") == "ecarter":
            verbatims.put_aside(one.id, answer_id, actor_id=g.person.id)
        else:
            masked = {int(place) for place in request.form.getlist("masquer") if place.isdecimal() and len(place) < 6}
            verbatims.keep(one.id, answer_id, masked, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        left = sum(text.decision is None for text in verbatims.written(one))
        told = counted(left, "commentaire reste à relire", "commentaires restent à relire") if left else "Tout est relu"
        flash(f"C’est noté. {told}.", "ok")
    return redirect(url_for(".box_texts", public_id=public_id, _anchor="a-relire"), 303)


def _box_or_404(public_id: UUID) -> Box:
    return queries.box_by_public_id(g.organisation.id, public_id) or abort(404)


def _asked(one: Box) -> definition.Questionnaire:
    return definition.parse(one.questionnaire.slug, one.questionnaire.definition)


def _end(one: Box, act: Callable[[], BoxState]) -> ResponseReturnValue:
    try:
        flash(_ENDED[act()], "ok")
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    return redirect(url_for(".box", public_id=one.public_id), 303)


def _seal(one: Box, ballot: bytes) -> ResponseReturnValue:
    try:
        sealed = services.seal_papers(one.id, [ballot], actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for(".box", public_id=one.public_id), 303)
    if sealed:
        flash("Bulletin scellé avec les autres. La page est prête pour le suivant.", "ok")
    else:
        flash("Ce bulletin est vide : rien n’a été ajouté.", "info")
    return redirect(url_for(".paper_ballots", public_id=one.public_id), 303)
