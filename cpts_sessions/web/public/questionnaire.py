"""The page of a questionnaire: whoever has the link answers, and nothing says who did.

Write-only: it opens empty, whatever was sent before. No cookie is set or read, no sign-in is looked up, nothing is
counted or logged; an answer writes the slots of one box, and nothing else (`questionnaires.services.answer`).
"""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from werkzeug.exceptions import RequestEntityTooLarge

from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.questionnaires import definition, queries, services, wording
from cpts_sessions.questionnaires.form import read_form
from cpts_sessions.questionnaires.models import Box, BoxState
from cpts_sessions.web.extensions import csrf
from cpts_sessions.web.guards import Audience, guard
from cpts_sessions.web.scope import WITHOUT_COOKIES

blueprint = guard(Blueprint("questionnaire", __name__, url_prefix=WITHOUT_COOKIES), Audience.PUBLIC)

#: What is sent at most, in bytes: the longest answers, written three signs for one.
MOST_SENT = 64 * 1024

_UNKNOWN = (
    "Ce lien n’ouvre aucun questionnaire. Il a peut-être été coupé dans le message : copiez-le en entier.",
    "Aucun questionnaire ici",
)
_TOO_LONG = (
    "Vos réponses sont trop longues pour être envoyées. Rien n’a été scellé. Revenez en arrière et raccourcissez-les.",
    "Des réponses trop longues",
)
_OPENED = "Cette urne a été dépouillée le {day}. Si vous avez répondu, vos réponses sont comptées."
_CARRIED = (
    "L’urne de l’année n’avait pas assez de réponses : la vôtre, si vous en avez donné une, reste scellée et comptera "
    "avec celles de l’année suivante.",
    "L’urne est reportée",
)
_DESTROYED = (
    "En 24 mois, cette urne n’a pas atteint cinq réponses : elle a été détruite sans être lue.",
    "L’urne a été détruite",
)


@blueprint.before_request
def show_nobody() -> None:
    """Make the pages without looking at who asks, and read no more than answers can be."""
    g.is_same_for_everyone = True
    request.max_content_length = MOST_SENT


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """No cache keeps the page, no search engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.route("/<token>", methods=["GET", "POST"])
def answer(token: str) -> ResponseReturnValue:
    """Show an empty questionnaire, or seal what was answered in place of an earlier answer."""
    found = queries.box_by_token(g.site.id, token)
    if found is None:
        return _over(*_UNKNOWN, status=404)
    if not found.is_open:
        return _ended(found.box)
    asked = definition.parse(found.box.questionnaire.slug, found.box.questionnaire.definition)
    if request.method != "POST":
        return _page(asked, found.box, {}, {})
    answers = read_form(asked, request.form.getlist)
    wrong = definition.check(asked, answers)
    if wrong:
        return _page(asked, found.box, answers, wrong)
    try:
        services.answer(g.site.id, token, definition.encode(asked, answers))
    except RuleBroken as refusal:  # opened while she was writing
        return _over(str(refusal), "Trop tard pour cette urne", status=409)
    return redirect(url_for(".thanks"), 303)


@blueprint.get("/merci")
def thanks() -> ResponseReturnValue:
    """Say that it is done; the same page for everyone."""
    return render_template("public/questionnaire_thanks.html")


@blueprint.errorhandler(RequestEntityTooLarge)
def too_long(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say that nothing was sealed."""
    return _over(*_TOO_LONG, status=413)


def _page(
    asked: definition.Questionnaire, box: Box, answers: definition.Answers, wrong: dict[str, str]
) -> ResponseReturnValue:
    page = render_template(
        "public/questionnaire.html",
        asked=asked,
        answers=answers,
        wrong=wrong,
        is_kept=bool(wrong),
        month=wording.month_of_reading(box.year, today()),
    )
    return page, 422 if wrong else 200


def _ended(box: Box) -> ResponseReturnValue:
    if box.state == BoxState.CARRIED:
        return _over(*_CARRIED, status=410)
    if box.state == BoxState.DESTROYED or box.ended_at is None:
        return _over(*_DESTROYED, status=410)
    return _over(_OPENED.format(day=wording.opened_on(box)), "L’urne est dépouillée", status=410)


def _over(sentence: str, title: str, *, status: int) -> ResponseReturnValue:
    return render_template("public/questionnaire_over.html", sentence=sentence, title=title), status


csrf.exempt(blueprint)  # no cookie, hence no token to compare: the link is the only authority
