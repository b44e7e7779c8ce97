"""What is printed for the room of one session."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.attendance import sheets
from cpts_sessions.attendance.sheets import Paper
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import group_session_or_404
from cpts_sessions.web.files import pdf_file


@blueprint.get("/seances/<uuid:public_id>/feuille.pdf")
def sign_in_sheet(public_id: UUID) -> ResponseReturnValue:
    """Give the sheet to sign."""
    return _paper(public_id, sheets.sign_in_sheet)


@blueprint.get("/seances/<uuid:public_id>/feuille-sans-noms.pdf")
def nameless_sheet(public_id: UUID) -> ResponseReturnValue:
    """Give the sheet that has numbers only."""
    return _paper(public_id, sheets.nameless_sheet)


def _paper(public_id: UUID, make: Callable[[GroupSession], Paper]) -> ResponseReturnValue:
    one = group_session_or_404(public_id)
    try:
        paper = make(one)
    except RuleBroken as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(".group_session", public_id=public_id), 303)
    return pdf_file(paper.filename, paper.data)
