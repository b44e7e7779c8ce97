"""The paper of one session: the sheet to sign, and the one without names.

Paper names the programme, as those in the room know it. Its file name, its title and the head of its second page never
do: they are read on screens, in mailboxes and in lists of downloads.
"""

from dataclasses import dataclass
from typing import Any

from cpts_sessions.attendance import queries
from cpts_sessions.core import french
from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import fold, typo
from cpts_sessions.documents import pdf
from cpts_sessions.organisations.letterhead import letterhead
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, SessionStatus

SHEET_KEPT = "5 ans"  # after the contract, unless the CPTS says otherwise
_LEAST_BLANK = 3
_ROWS, _NAMELESS_ROWS = 10, 14  # that a page holds easily


@dataclass(frozen=True)
class Paper:
    """A file to print; its name is neutral."""

    filename: str
    data: bytes


def sign_in_sheet(group_session: GroupSession) -> Paper:
    """Make the sheet that those expected sign, by last name, with blank lines for those who come unannounced.

    Raises:
        RuleBroken: the session is cancelled.
    """
    people = _expected(group_session)
    blank = max(_LEAST_BLANK, _ROWS - len(people))
    texts = {
        "heading": "Feuille d’émargement",
        "columns": ["Nom", "Prénom", "Profession", "Signature"],
        "walk_ins": "Personnes venues sans inscription (profession indispensable)",
        "certification": "",
        "rights": _rights(group_session.organisation),
    }
    return _paper("sign_in_sheet", "feuille", group_session, texts, {"people": people, "blank": blank})


def nameless_sheet(group_session: GroupSession) -> Paper:
    """Make the sheet for a group that keeps no names: the professions expected, blank ones, and room for numbers.

    Raises:
        RuleBroken: the session is cancelled.
    """
    told = {one["profession"] for one in _expected(group_session) if one["profession"]}
    professions = sorted(told, key=fold)
    texts = {
        "heading": "Décompte des présents, sans noms",
        "intro": "Pour protéger les participants, cette feuille ne porte que des nombres.",
        "columns": ["Profession", "Nombre"],
        "certification": "Je certifie l’exactitude de ces nombres, relevés pendant la séance.",
        "rights": "",
    }
    blank = max(_LEAST_BLANK, _NAMELESS_ROWS - len(professions))
    return _paper("nameless_sheet", "decompte", group_session, texts, {"professions": professions, "blank": blank})


def _expected(group_session: GroupSession) -> list[dict[str, str]]:
    labels = profession_labels(group_session.organisation_id)
    lines = [line.registration for line in queries.roll(group_session.id).lines]
    return [
        {
            "last_name": one.person.last_name,
            "first_name": one.person.first_name,
            "profession": typo(labels.get(one.profession_slug or one.person.profession_slug or "", "")),
        }
        for one in lines
    ]


def _paper(template: str, name: str, group_session: GroupSession, texts: dict[str, Any], rows: dict[str, Any]) -> Paper:
    if group_session.status == SessionStatus.CANCELLED:
        raise RuleBroken("Cette séance est annulée : elle n’a pas de feuille.")
    common = {
        "total": "Nombre de présents :",
        "signature": "Signature de la personne qui anime",
        "kept": "Document confidentiel. À remettre à la coordination, sans copie ni photo.",
    }
    spoken = {
        key: [typo(one) for one in text] if isinstance(text, list) else typo(text)
        for key, text in (common | texts).items()
    }
    values = {
        "head": letterhead(group_session.organisation),
        "title": typo(f"{texts['heading']}, {french.weekday_day(group_session.starts_at)}"),
        "texts": spoken,
        **_about(group_session),
        **rows,
    }
    return Paper(f"{name}-{local(group_session.starts_at).date()}.pdf", pdf.compile(template, values))


def _about(group_session: GroupSession) -> dict[str, str]:
    programme = group_session.programme
    told = wording.session_values(group_session)
    when = told["quand"]
    is_said = programme.action is not None and programme.session_title == programme.name
    return {
        "action": typo(f"Mission 6, action {programme.action} : {programme.name}") if programme.action else "",
        "programme": "" if is_said else typo(programme.session_title),
        "when": when[:1].upper() + when[1:],
        "place": typo(told["lieu"] or (wording.AT_A_DISTANCE if told["visio"] else "")),
        "animation": typo(f"Animation : {told['animation']}") if told["animation"] else "",
    }


def _rights(organisation: Organisation) -> str:
    kept = organisation.legal.get("delai_emargement") or SHEET_KEPT
    return (
        "Ces données servent à justifier la tenue de la séance et à établir vos attestations. Elles sont conservées par"
        f" la {organisation.name}, à part, jusqu’à {kept} après la fin du contrat avec l’Assurance maladie. Vous pouvez"
        f" les consulter et les faire corriger : {organisation.mail_address}."
        f" En savoir plus : {organisation.public_url}/donnees"
    )
