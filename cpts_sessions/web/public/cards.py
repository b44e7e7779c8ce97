"""The page of a card « avant / après », read from the card by a telephone in the room.

Write-only, as the page of a questionnaire: no cookie is set or read, no sign-in is looked up, nothing is counted or
logged; a passage writes what waits (`questionnaires.card_entry.fill`), and nothing else. No name of a group is on it.
"""

from typing import Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import StringField
from wtforms.validators import ValidationError

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.questionnaires import card_entry, definition, effect_counts, effects
from cpts_sessions.questionnaires.form import read_form
from cpts_sessions.web.extensions import csrf
from cpts_sessions.web.forms import Form
from cpts_sessions.web.guards import Audience, guard
from cpts_sessions.web.scope import CARDS

blueprint = guard(Blueprint("cards", __name__, url_prefix=CARDS), Audience.PUBLIC)

#: What is sent at most, in bytes.
MOST_SENT: Final = 8 * 1024
LEAVING: Final = "depart"
ARRIVING: Final = "arrivee"

_UNKNOWN = (
    "Le code d’une carte sert le jour de sa séance. Après, ou sans téléphone, remplissez la carte en papier : elle "
    "compte autant.",
    "Cette carte ne s’ouvre pas ici",
)
_TOO_LONG = ("Cet envoi est trop long. Rien n’a été gardé.", "Un envoi trop long")


class NumberForm(Form):
    """The number of a card, when the address does not carry it."""

    class Meta(Form.Meta):
        """No cookie, hence no token to compare."""

        csrf = False

    carte = StringField("Numéro de votre carte", description="Il est écrit en haut de la carte, par exemple A2B3.")

    def validate_carte(self, field: StringField) -> None:
        """Refuse what no card carries.

        Raises:
            ValidationError: no number is made so.
        """
        try:
            field.data = effects.number_of(field.data or "")
        except RuleBroken as refusal:
            raise ValidationError(str(refusal)) from refusal


@blueprint.before_request
def show_nobody() -> None:
    """Make the pages without looking at who asks, and read no more than marks can be."""
    g.is_same_for_everyone = True
    request.max_content_length = MOST_SENT


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """No cache keeps the page, no search engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/merci/<any(arrivee, depart):moment>")
def thanks(moment: str) -> ResponseReturnValue:
    """Say that it is kept; the same page for every card."""
    return render_template("public/card_thanks.html", is_leaving=moment == LEAVING)


@blueprint.route("/<token>", methods=["GET", "POST"], defaults={"number": ""})
@blueprint.route("/<token>/<number>", methods=["GET", "POST"])
def fill(token: str, number: str) -> ResponseReturnValue:
    """Show the empty scales of one passage, or keep what was chosen."""
    group_session = card_entry.session_of(g.site.id, token)
    if group_session is None:
        return _over(*_UNKNOWN, status=404)
    form = NumberForm(data={"carte": number}) if number else NumberForm()
    if request.method == "POST":
        return _keep(group_session, form, number)
    if number and not form.validate():
        number = ""
    return _page(group_session, form, number)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_long(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say that nothing was kept."""
    return _over(*_TOO_LONG, status=413)


def _keep(group_session: GroupSession, form: NumberForm, number: str) -> ResponseReturnValue:
    asked = effect_counts.asked_by(group_session.programme)
    answers = read_form(asked, request.form.getlist)
    wrong = definition.check(asked, answers)
    if number:
        form.carte.data = number
    if form.validate() and not wrong:
        is_leaving = _is_leaving(group_session)
        try:
            card_entry.fill(
                group_session, form.carte.data or "", effects.marks_of(asked, answers), is_leaving=is_leaving
            )
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            return redirect(url_for(".thanks", moment=LEAVING if is_leaving else ARRIVING), 303)
    return _page(group_session, form, number, answers, wrong), 422


def _page(
    group_session: GroupSession,
    form: NumberForm,
    number: str,
    answers: definition.Answers | None = None,
    wrong: dict[str, str] | None = None,
) -> str:
    return render_template(
        "public/card.html",
        asked=effect_counts.asked_by(group_session.programme),
        form=form,
        number=number,
        token=card_entry.token(group_session),
        is_leaving=_is_leaving(group_session),
        answers=answers or {},
        wrong=wrong or {},
    )


def _is_leaving(group_session: GroupSession) -> bool:
    """Which passage this is: the one that was asked for, else by the hour."""
    asked = request.values.get("moment", "")
    if asked in (ARRIVING, LEAVING):
        return asked == LEAVING
    return effects.has_middle_passed(group_session.starts_at, group_session.ends_at, now())


def _over(sentence: str, title: str, *, status: int) -> ResponseReturnValue:
    return render_template("public/questionnaire_over.html", sentence=sentence, title=title), status


csrf.exempt(blueprint)  # no cookie, hence no token to compare
