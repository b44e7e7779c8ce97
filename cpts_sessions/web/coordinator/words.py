"""The signed words that came for the coordination, and which of them still wait for an answer."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.questionnaires import words as kept
from cpts_sessions.web.coordinator import blueprint


@blueprint.get("/mots")
def words() -> ResponseReturnValue:
    """Show every word that is kept, those that wait first."""
    every = kept.words(g.organisation.id)
    return render_template("coordinator/words.html", words=every, months=g.organisation.message_months)


@blueprint.post("/mots/<uuid:public_id>/repondu")
def answer_word(public_id: UUID) -> ResponseReturnValue:
    """Note that a word was answered."""
    if not kept.mark_answered(g.organisation.id, public_id, actor_id=g.person.id):
        abort(404)
    flash("C’est noté.", "ok")
    return redirect(url_for(".words"), 303)
