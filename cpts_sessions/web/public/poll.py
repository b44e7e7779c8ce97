"""What the link of a poll opens: each slot with three big answers, until the deadline. Opening it changes nothing."""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.polls import queries, services
from cpts_sessions.polls.messages import deadline
from cpts_sessions.polls.models import PollInvitation, PollSlot, Reply
from cpts_sessions.web.forms import Form, OptionalRadioField
from cpts_sessions.web.public import blueprint
from cpts_sessions.web.typing_rules import one_line

_REPLIES = ((Reply.YES, "Oui"), (Reply.IF_NEEDED, "Si besoin"), (Reply.NO, "Non"))


class PollForm(Form):
    """The slot she would like; those proposed are added one by one, see `_form`."""

    suggestion = StringField(
        "Quel créneau vous irait mieux ?",
        filters=[one_line],
        validators=[Length(max=200, message="200 caractères au plus.")],
        description="Seule la coordination le lit. Ni patient ni collègue.",
    )


def _form(slots: Sequence[PollSlot], replies: dict[int, str], suggestion: str) -> PollForm:
    """The form of one poll, opened on what she said before."""
    fields = {
        f"creneau_{slot.id}": OptionalRadioField(
            "Créneau", choices=[SelectChoice(reply.value, words) for reply, words in _REPLIES]
        )
        for slot in slots
    }
    opened = {f"creneau_{slot_id}": reply for slot_id, reply in replies.items()}
    form: PollForm = type("OnePollForm", (PollForm,), fields)(data={**opened, "suggestion": suggestion})
    return form


@blueprint.route("/sondage/<token>", methods=["GET", "POST"])
def poll(token: str) -> ResponseReturnValue:
    """Show the slots of a poll to whoever has its link, or keep what is answered."""
    invitation = queries.invitation_by_token(g.site.id, token) or abort(404)
    if not queries.is_open(invitation.poll):
        return render_template("public/poll_over.html"), 410
    slots = invitation.poll.slots
    form = _form(slots, queries.replies_of(invitation), invitation.suggestion)
    if form.validate_on_submit():
        try:
            services.answer(invitation.id, _replies(form, slots), form.suggestion.data)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(f"Merci, vos réponses sont notées. Vous pouvez les changer jusqu’au {_until(invitation)}.", "ok")
            return redirect(url_for(".poll", token=token), 303)
    page = render_template(
        "public/poll.html",
        form=form,
        lines=[(slot, form[f"creneau_{slot.id}"]) for slot in slots],
        programme=invitation.poll.programme,
        until=_until(invitation),
        has_answered=invitation.answered_at is not None,
    )
    return page, 422 if form.errors else 200


def _replies(form: PollForm, slots: Sequence[PollSlot]) -> dict[int, Reply]:
    """What is said of each slot; one button says no to all of them."""
    if request.form.get("reponse") == "aucun":
        return {slot.id: Reply.NO for slot in slots}
    said = {slot.id: form[f"creneau_{slot.id}"].data for slot in slots}
    return {slot_id: Reply(reply) for slot_id, reply in said.items() if reply}


def _until(invitation: PollInvitation) -> str:
    return deadline(invitation.poll)
