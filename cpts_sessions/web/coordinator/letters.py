"""« Courrier reçu »: what came back by mail and only the coordination can settle."""

from uuid import UUID

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import local
from cpts_sessions.core.french import counted, typo, when
from cpts_sessions.mail import inbox
from cpts_sessions.organisations.queries import every
from cpts_sessions.registrations import bounces
from cpts_sessions.registrations import letters as kept
from cpts_sessions.registrations.received import Letter, Why
from cpts_sessions.web.coordinator import blueprint


@blueprint.get("/courrier")
def letters() -> ResponseReturnValue:
    """Show what came in, what waits first, and how many human messages are in the mailbox."""
    found = kept.letters(g.organisation.id)
    seats = kept.standings(found)
    return render_template(
        "coordinator/letters.html",
        lines=[
            (one, *kept.EXPLANATIONS[Why(one.why)], _proposed(one), seats.get((one.group_session_id, one.person_id)))
            for one in found
        ],
        humans=_humans(),
        box=inbox.state() if _has_mailbox() else None,
        months=g.organisation.message_months,
    )


@blueprint.post("/courrier/<uuid:public_id>/traite")
def settle_letter(public_id: UUID) -> ResponseReturnValue:
    """Note that something was settled."""
    if not kept.settle(g.organisation.id, public_id, actor_id=g.person.id):
        abort(404)
    flash("C’est noté.", "ok")
    return redirect(url_for(".letters"), 303)


@blueprint.post("/courrier/<uuid:public_id>/adresse-bonne")
def trust_address(public_id: UUID) -> ResponseReturnValue:
    """Write again to an address that refused a message."""
    count = bounces.address_is_good(g.organisation.id, public_id, actor_id=g.person.id)
    if count is None:
        abort(404)
    leave = counted(count, "message part", "messages partent") if count else "aucun message n’attendait"
    flash(typo(f"Adresse confirmée : {leave}."), "ok")
    return redirect(url_for(".letters"), 303)


def _proposed(letter: Letter) -> str:
    if letter.proposed_from is None or letter.proposed_to is None:
        return ""
    return when(local(letter.proposed_from), local(letter.proposed_to))


def _has_mailbox() -> bool:
    """Whether the mailbox that is read is the one of this CPTS: there is one, of the first."""
    is_read = current_app.config["SETTINGS"].imap_url is not None
    return is_read and [one.id for one in every()][:1] == [g.organisation.id]


def _humans() -> str:
    box = inbox.state() if _has_mailbox() else None
    if box is None:
        return ""
    count = len(box.human_uids)
    return counted(count, "message humain", "messages humains") if count else "Aucun message humain"
