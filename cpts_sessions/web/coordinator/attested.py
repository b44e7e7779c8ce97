"""Attestations handed over in somebody's place, and sent to all those present at a session, one message each."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.attendance import attestations, standing
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.attendance.papers import made
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import group_session_or_404, person_or_404
from cpts_sessions.web.files import pdf_file
from cpts_sessions.web.guards import safe_path

_NOT_CLOSED = "Les attestations sont prêtes à la clôture de la séance."


@blueprint.post("/personnes/<uuid:person_id>/attestations/<uuid:public_id>/<any(telecharger,envoyer):act>")
def hand_attestation(person_id: UUID, public_id: UUID, act: str) -> ResponseReturnValue:
    """Download somebody's attestation of one session, or send it to her; written in the journal."""
    person, group_session = person_or_404(person_id), group_session_or_404(public_id)
    actor_id = g.person.id if act == "telecharger" else None
    try:
        row = attestations.issue(g.site.id, person.id, group_session.id, actor_id=actor_id)
        return _hand(person, row, act)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return _back(person)


@blueprint.post("/personnes/<uuid:person_id>/releves/<int:year>/<any(telecharger,envoyer):act>")
def hand_statement(person_id: UUID, year: int, act: str) -> ResponseReturnValue:
    """Download somebody's statement of one year, or send it to her; written in the journal."""
    person = person_or_404(person_id)
    actor_id = g.person.id if act == "telecharger" else None
    try:
        row = attestations.issue_year(g.site.id, person.id, year, actor_id=actor_id)
        return _hand(person, row, act)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return _back(person)


@blueprint.get("/seances/<uuid:public_id>/attestations")
def session_attestations(public_id: UUID) -> ResponseReturnValue:
    """Show who was attested at one session."""
    one = group_session_or_404(public_id)
    if one.status != SessionStatus.HELD:
        return _not_closed(one)
    lines = standing.at_session(one)
    return render_template("coordinator/session_attestations.html", one=one, lines=lines, to_send=_to_send(lines))


@blueprint.route("/seances/<uuid:public_id>/attestations/envoyer", methods=["GET", "POST"])
def send_attestations(public_id: UUID) -> ResponseReturnValue:
    """Send theirs to all those present who did not receive it, after a look at how many."""
    one = group_session_or_404(public_id)
    if one.status != SessionStatus.HELD:
        return _not_closed(one)
    if request.method == "GET":
        lines = standing.at_session(one)
        return render_template(
            "coordinator/session_attestations_send.html",
            one=one,
            to_send=_to_send(lines),
            without_mail=[line for line in lines if not line.person.email],
            already=[line for line in lines if line.row and line.row.mailed_at and not line.is_new_name],
        )
    try:
        written = attestations.send_all(one.id, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        left = f"{counted(written, 'message part', 'messages partent')} par e-mail."
        flash(left if written else "Toutes les attestations étaient déjà parties.", "ok" if written else "info")
    return redirect(url_for(".session_attestations", public_id=public_id), 303)


def _hand(person: Person, row: Attestation, act: str) -> ResponseReturnValue:
    if act == "envoyer":
        attestations.send(row, actor_id=g.person.id)
        flash("Le document part par e-mail.", "ok")
        return _back(person)
    paper = made(row)
    if paper is None:
        abort(404)  # the session was opened again at this very moment
    return pdf_file(paper.name, paper.data)


def _to_send(lines: list[standing.Line]) -> int:
    """How many would receive a message."""
    return sum(
        bool(line.person.email) and (line.row is None or line.is_new_name or line.row.mailed_at is None)
        for line in lines
    )


def _back(person: Person) -> ResponseReturnValue:
    asked = safe_path(request.form.get("retour"))
    return redirect(asked or url_for(".person", public_id=person.public_id, _anchor="attestations"), 303)


def _not_closed(one: GroupSession) -> ResponseReturnValue:
    flash(_NOT_CLOSED, "info")
    return redirect(url_for(".group_session", public_id=one.public_id), 303)
