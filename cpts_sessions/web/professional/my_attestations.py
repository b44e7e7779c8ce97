"""Her attestations: downloaded, received by mail, prepared when none was; and the statement of a year."""

from uuid import UUID

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.attendance import attestations, standing
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.attendance.papers import made
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.web.files import pdf_file
from cpts_sessions.web.professional import blueprint

_NOT_NOW = "Ce document n’est pas valable en ce moment : les présences d’une séance sont en cours de correction."
_SENT = "C’est noté : le document part par e-mail."


@blueprint.get("/attestations/<uuid:public_id>.pdf")
def attestation(public_id: UUID) -> ResponseReturnValue:
    """Give one of her attestations, or a statement, as a file; its name is neutral."""
    paper = made(_mine_or_404(public_id))
    if paper is None:
        flash(_NOT_NOW, "warn")
        return _back()
    return pdf_file(paper.name, paper.data)


@blueprint.post("/attestations/<uuid:public_id>/envoyer")
def send_attestation(public_id: UUID) -> ResponseReturnValue:
    """Send her one of her attestations."""
    return _send(_mine_or_404(public_id))


@blueprint.post("/attestations/preparer")
def prepare_attestations() -> ResponseReturnValue:
    """Prepare those of sessions closed before attestations were, or whose words changed since."""
    issued = attestations.prepare(g.site.id, g.person.id)
    prepared = counted(issued, "attestation prête.", "attestations prêtes.")
    flash(*((prepared, "ok") if issued else ("Toutes vos attestations sont déjà prêtes.", "info")))
    return _back()


@blueprint.post("/releves/<int:year>")
def statement(year: int) -> ResponseReturnValue:
    """Prepare the statement of one year, then give it."""
    try:
        row = attestations.issue_year(g.site.id, g.person.id, year)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return _back()
    return redirect(url_for(".attestation", public_id=row.public_id), 303)


@blueprint.post("/releves/<int:year>/envoyer")
def send_statement(year: int) -> ResponseReturnValue:
    """Send her the statement of one year."""
    try:
        row = attestations.issue_year(g.site.id, g.person.id, year)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return _back()
    return _send(row)


def _mine_or_404(public_id: UUID) -> Attestation:
    return standing.of_hers(g.site.id, g.person.id, public_id) or abort(404)


def _send(row: Attestation) -> ResponseReturnValue:
    try:
        attestations.send(row)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_SENT, "ok")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for(".my_page", _anchor="attestations"), 303)
