"""Attestations and statements as PDF, made of the facts that were frozen: printed again, they say the same."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cpts_sessions.attendance.attested import NEUTRAL_TITLE
from cpts_sessions.attendance.messages import PAPER, file_name
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.attendance.standing import State, sessions_of, standing
from cpts_sessions.core.french import listing, typo
from cpts_sessions.documents import pdf
from cpts_sessions.documents.qr import qr_svg
from cpts_sessions.extensions import db
from cpts_sessions.mail.mime import Attached
from cpts_sessions.organisations.letterhead import letterhead
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import GroupSession


def paper_of(named: Mapping[str, str]) -> Attached | None:
    """Return the document that a message names; None when it stands no more."""
    if named["kind"] != PAPER:
        raise ValueError(f"no such document: {named['kind']}")
    statement = select(Attestation).where(Attestation.public_id == UUID(named["key"]))
    row = db.session.execute(statement).scalar_one_or_none()
    return made(row) if row else None


def made(row: Attestation) -> Attached | None:
    """Return an attestation, or a statement, as a file; None when it does not stand.

    Tens of milliseconds: never inside a transaction.
    """
    sessions = sessions_of([row])
    if standing(row, sessions) is not State.VALID:
        return None
    template, values = printed(row, sessions)
    return Attached(file_name(row), pdf.compile(template, values))


def printed(row: Attestation, sessions: Mapping[str, GroupSession]) -> tuple[str, dict[str, Any]]:
    """Return the template of a document, and what it is given; `sessions` are those it names, by their public id."""
    organisation = db.session.get_one(Organisation, row.organisation_id)
    values = {**_shared(row, organisation), **_own(row, sessions)}
    return ("attestation" if row.season is None else "releve"), values


def verification_url(public_url: str, code: str) -> str:
    """Return where a code is verified."""
    return f"{public_url}/verifier/{code}"


def _shared(row: Attestation, organisation: Organisation) -> dict[str, Any]:
    address = verification_url(organisation.public_url, row.code)
    return {
        "head": letterhead(organisation),
        "personne": row.facts["personne"],
        "profession": row.facts["profession"],
        "rpps": row.facts["rpps"],
        "cpts": row.facts["cpts"],
        "mention": row.facts["mention"],
        "fait": row.facts["fait"],
        "signature": row.facts["signature"],
        "seances": row.facts["seances"],
        "code": row.code,
        "address": address,
        "shown_address": f"{organisation.public_url}/verifier",
        "qr": qr_svg(address),
    }


def _own(row: Attestation, sessions: Mapping[str, GroupSession]) -> dict[str, Any]:
    if row.season is not None:
        return {"annee": str(row.season), "nombre": row.facts["nombre"], "total": row.facts["total"]}
    (line,) = row.facts["seances"]
    return {"lieu": row.facts["lieu"], "animation": _animation(line, sessions[line["seance"]])}


def _animation(line: Mapping[str, Any], group_session: GroupSession) -> str:
    """Who led the session, as she is known today; nobody under the neutral title, which a name might explain."""
    if line["intitule"] == typo(NEUTRAL_TITLE) or line["anime"]:
        return ""
    names = [one.person.full_name for one in group_session.animators if not one.person.erased_at]
    return typo(listing(names))
