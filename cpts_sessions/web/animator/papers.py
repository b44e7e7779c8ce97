"""What she prints before she leaves for the room."""

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.attendance import sheets
from cpts_sessions.attendance.sheets import Paper
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import animated
from cpts_sessions.web.animator import blueprint
from cpts_sessions.web.files import pdf_file


@blueprint.get("/seances/<uuid:public_id>/feuille.pdf")
def sign_in_sheet(public_id: UUID) -> ResponseReturnValue:
    """Give the sheet to sign, of a session she animates."""
    return _paper(public_id, sheets.sign_in_sheet)


@blueprint.get("/seances/<uuid:public_id>/feuille-sans-noms.pdf")
def nameless_sheet(public_id: UUID) -> ResponseReturnValue:
    """Give the sheet that has numbers only, of a session she animates."""
    return _paper(public_id, sheets.nameless_sheet)


def _paper(public_id: UUID, make: Callable[[GroupSession], Paper]) -> ResponseReturnValue:
    if g.roles.is_coordinator:
        one = animated.any_session(g.site.id, public_id)
    else:
        one = animated.session_of(g.site.id, g.person.id, g.roles.programme_ids, public_id)
    if one is None:
        abort(404)
    try:
        paper = make(one.group_session)
    except RuleBroken as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(".group_session", public_id=public_id), 303)
    return pdf_file(paper.filename, paper.data)
