"""What is written about attestations: the document itself, or that one stands no more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from cpts_sessions.attendance.models import Attestation
from cpts_sessions.core.clock import local
from cpts_sessions.core.french import typo
from cpts_sessions.mail.outbox import About, Paper
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession

#: The kind of document that a message names, for whoever makes it when the message leaves.
PAPER: Final = "attestation"
_NEUTRAL: Final = "Le document porte un intitulé neutre : « Séance d’échange entre professionnels de santé »."


def attestation_given(person: Person, row: Attestation, sessions: Mapping[str, GroupSession]) -> bool:
    """Send an attestation, or the statement of a year; `sessions` are those it names, by their public id.

    Returns:
        Whether she has an address.
    """
    paper = Paper(kind=PAPER, key=row.public_id, name=file_name(row))
    if row.season is not None:
        told = {
            "annee": str(row.season),
            "n_seances": row.facts["nombre"],
            "duree_totale": row.facts["total"],
            "mention_certification": row.facts["mention"],
        }
        return write_to(person, "releve_annuel", told, attachment=paper) is not None
    (line,) = row.facts["seances"]
    group_session = sessions[line["seance"]]
    neutral = typo(_NEUTRAL) if group_session.programme.is_confidential else ""
    values = {**wording.session_values(group_session), "mention_intitule_neutre": neutral}
    about = About(group_session_id=group_session.id)
    return write_to(person, "attestation", values, attachment=paper, about=about) is not None


def attestation_withdrawn(person: Person, group_session: GroupSession, code: str) -> None:
    """Tell somebody that she is no longer among those present, hence that her attestation stands no more."""
    values = {**wording.session_values(group_session), "numero": code}
    write_to(person, "attestation_retiree", values, about=About(group_session_id=group_session.id))


def file_name(row: Attestation) -> str:
    """Return the name of the file, the same for all programmes: `attestation-de-presence-2026-11-16.pdf`."""
    if row.season is not None:
        return f"releve-de-presences-{row.season}.pdf"
    (line,) = row.facts["seances"]
    return f"attestation-de-presence-{local(datetime.fromisoformat(line['debut'])):%Y-%m-%d}.pdf"
