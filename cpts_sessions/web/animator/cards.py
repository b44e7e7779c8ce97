"""The cards « avant / après » that she hands out."""

from uuid import UUID

from flask import abort
from flask.typing import ResponseReturnValue

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.questionnaires import card_entry, cards
from cpts_sessions.web.animator import blueprint
from cpts_sessions.web.animator.finding import hers_or_404
from cpts_sessions.web.files import pdf_file


@blueprint.get("/seances/<uuid:public_id>/cartes.pdf")
def session_cards(public_id: UUID) -> ResponseReturnValue:
    """Give the cards of a session she animates, each with its code for telephones."""
    one = hers_or_404(public_id)
    try:
        return pdf_file(cards.FILENAME, card_entry.cards_of(one.group_session))
    except RuleBroken:
        abort(404)
