"""The journal of acts, in sentences: names are read when it is shown, so that an erased person leaves none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from cpts_sessions.accounts.rules import SPACE
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.french import short_day, typo
from cpts_sessions.evening.models import REOPENINGS, Reopening
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.programmes.models import GroupSession, Programme

PER_PAGE: Final = 50
ERASED = "une personne effacée"
_GONE = "une séance supprimée"

#: kind -> the act when somebody did it (after her name), and when nobody is named.
_ACTS: Final[dict[str, tuple[str, str]]] = {
    "inscription": ("a inscrit {personne} : {seance}", "Inscription : {personne}, {seance}"),
    "inscription_saison": ("a inscrit {personne} à toute une saison", "Inscription à une saison : {personne}"),
    "desinscription": ("a libéré la place : {personne}, {seance}", "Place libérée : {personne}, {seance}"),
    "avancee": (
        "a donné une place de la liste d’attente : {personne}, {seance}",
        "Place donnée : {personne}, {seance}",
    ),
    "place_prise": ("a pris la place proposée, au nom de {personne} : {seance}", "Place prise : {personne}, {seance}"),
    "place_laissee": (
        "a laissé la place proposée, au nom de {personne} : {seance}",
        "Place laissée : {personne}, {seance}",
    ),
    "demande_acceptee": ("a accepté la demande : {personne}, {seance}", "Demande acceptée : {personne}, {seance}"),
    "demande_refusee": ("a refusé la demande : {personne}, {seance}", "Demande refusée : {personne}, {seance}"),
    "appel_fait": ("a appelé {personne} : {seance}", "Appel fait : {personne}, {seance}"),
    "dispositif_quitte": ("a arrêté le suivi d’un dispositif : {personne}", "Suivi arrêté : {personne}"),
    "pas_moi": ("a retiré une inscription faite par erreur", "« Ce n’est pas moi » : une inscription retirée"),
    "fiche_creee": ("a ajouté {personne} au répertoire", "Fiche ajoutée : {personne}"),
    "fiche_corrigee": ("a corrigé une fiche : {personne} ({champs})", "Fiche corrigée : {personne} ({champs})"),
    "fusion": ("a réuni deux fiches : {personne}", "Deux fiches réunies : {personne}"),
    "effacement": ("a effacé des données à la demande d’une personne", "Données effacées à la demande d’une personne"),
    "import": ("a importé {n} lignes ({quoi})", "Import de {n} lignes ({quoi})"),
    "seance_creee": ("a créé une séance : {seance}", "Séance créée : {seance}"),
    "seance_ouverte": ("a ouvert la séance aux inscriptions : {seance}", "Séance ouverte : {seance}"),
    "seance_deplacee": (
        "a déplacé la séance : {ancien_quand} devient {quand}",
        "Séance déplacée : {ancien_quand} devient {quand}",
    ),
    "seance_annulee": ("a annulé la séance : {seance} ({raison})", "Séance annulée : {seance} ({raison})"),
    "seance_retablie": ("a rétabli la séance : {seance}", "Séance rétablie : {seance}"),
    "seance_close": ("a clos la séance : {seance}", "Séance close : {seance}"),
    "seance_rouverte": ("a rouvert la séance : {seance}{pourquoi}", "Séance rouverte : {seance}{pourquoi}"),
    "presences_notees": ("a noté des présences ou absences ({n}) : {seance}", "Présences notées ({n}) : {seance}"),
    "presence_corrigee": (
        "a changé une présence : {personne}, {avant} devient {apres} ({seance})",
        "Présence changée : {personne}, {avant} devient {apres} ({seance})",
    ),
    "presence_par_code": (
        "a noté sa présence par le code de la salle : {personne}, {seance}",
        "Présence notée par le code de la salle : {personne}, {seance}",
    ),
    "venue_sans_inscription": (
        "a noté la venue de {personne}, sans inscription : {seance}",
        "Venue sans inscription : {personne}, {seance}",
    ),
    "attestation_remise": (
        "a préparé l’attestation de {personne} pour la remettre : {seance}",
        "Attestation préparée : {personne}, {seance}",
    ),
    "releve_remis": (
        "a préparé le relevé {annee} de {personne} pour le remettre",
        "Relevé {annee} préparé : {personne}",
    ),
    "attestation_envoyee": (
        "a envoyé l’attestation de {personne} par e-mail : {seance}",
        "Attestation envoyée : {personne}, {seance}",
    ),
    "releve_envoye": (
        "a envoyé le relevé {annee} de {personne} par e-mail",
        "Relevé {annee} envoyé : {personne}",
    ),
    "attestations_envoyees": (
        "a envoyé les attestations par e-mail ({n}) : {seance}",
        "Attestations envoyées ({n}) : {seance}",
    ),
    "mot_traite": ("a répondu à un mot de {personne}", "Mot traité : {personne}"),
    "seance_modifiee": ("a modifié la séance : {seance}", "Séance modifiée : {seance}"),
    "animation_changee": ("a changé l’animation : {seance}", "Animation changée : {seance}"),
    "lien_soir_coupe": (
        "a coupé le lien de la soirée de {personne} : {seance}",
        "Lien de la soirée de {personne} coupé : {seance}",
    ),
    "lien_soir_renvoye": (
        "a donné un nouveau lien de la soirée à {personne} : {seance}",
        "Nouveau lien de la soirée pour {personne} : {seance}",
    ),
    "brouillon_supprime": ("a supprimé une séance en préparation", "Séance en préparation supprimée"),
    "dispositif_cree": ("a créé un dispositif : {dispositif}", "Dispositif créé : {dispositif}"),
    "dispositif_modifie": (
        "a modifié un dispositif : {dispositif} ({champs})",
        "Dispositif modifié : {dispositif} ({champs})",
    ),
    "dispositif_archive": ("a rangé un dispositif : {dispositif}", "Dispositif rangé : {dispositif}"),
    "dispositif_repris": ("a repris un dispositif : {dispositif}", "Dispositif repris : {dispositif}"),
    "role_granted": ("a donné un accès : {personne}, {espace}", "Accès donné : {personne}, {espace}"),
    "role_revoked": ("a retiré un accès : {personne}, {espace}", "Accès retiré : {personne}, {espace}"),
    "sign_ins_closed": ("a fermé les connexions : {personne}", "Connexions fermées : {personne}"),
    "login_link_made": ("a préparé un lien de connexion : {personne}", "Lien de connexion préparé : {personne}"),
    "profession_modifiee": ("a modifié une profession : {profession}", "Profession modifiée : {profession}"),
    "reglages_modifies": ("a modifié les réglages ({champs})", "Réglages modifiés ({champs})"),
    "cpts_commencee": ("a ouvert l’application pour la CPTS", "La CPTS commence avec l’application"),
    "sauvegarde_restauree": ("a restauré une sauvegarde", "Sauvegarde restaurée"),
}


class Subject(StrEnum):
    """What an act is about, by the word in the address of the page."""

    SEATS = "inscriptions"
    PEOPLE = "fiches"
    SESSIONS = "seances"
    ACCESS = "acces"
    SETTINGS = "reglages"


_SUBJECTS: Final[dict[Subject, tuple[str, ...]]] = {
    Subject.SEATS: (
        "inscription",
        "inscription_saison",
        "desinscription",
        "avancee",
        "place_prise",
        "place_laissee",
        "demande_acceptee",
        "demande_refusee",
        "appel_fait",
        "dispositif_quitte",
        "pas_moi",
    ),
    Subject.PEOPLE: ("fiche_creee", "fiche_corrigee", "fusion", "effacement", "import", "mot_traite"),
    Subject.SESSIONS: (
        "seance_creee",
        "seance_ouverte",
        "seance_deplacee",
        "seance_annulee",
        "seance_retablie",
        "seance_close",
        "seance_rouverte",
        "presences_notees",
        "presence_corrigee",
        "presence_par_code",
        "venue_sans_inscription",
        "attestation_remise",
        "releve_remis",
        "attestation_envoyee",
        "releve_envoye",
        "attestations_envoyees",
        "seance_modifiee",
        "animation_changee",
        "lien_soir_coupe",
        "lien_soir_renvoye",
        "brouillon_supprime",
    ),
    Subject.ACCESS: ("role_granted", "role_revoked", "sign_ins_closed", "login_link_made"),
    Subject.SETTINGS: (
        "dispositif_cree",
        "dispositif_modifie",
        "dispositif_archive",
        "dispositif_repris",
        "profession_modifiee",
        "reglages_modifies",
        "cpts_commencee",
        "sauvegarde_restauree",
    ),
}
#: Every kind of act that has a sentence.
KINDS: Final = frozenset(_ACTS)


@dataclass(frozen=True)
class Line:
    """One act: when, and the sentence."""

    at: datetime
    sentence: str


@dataclass(frozen=True)
class JournalPage:
    """One page of the journal, the latest act first; `total` counts the whole list."""

    lines: Sequence[Line]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages the list has: at least one."""
        return max(1, -(-self.total // PER_PAGE))


def journal(organisation_id: int, subject: Subject | None = None, *, page: int = 1) -> JournalPage:
    """Return one page of the acts of an organisation, of one subject or of all, in sentences."""
    wanted: list[ColumnElement[bool]] = [AuditEntry.organisation_id == organisation_id]
    if subject is not None:
        wanted.append(AuditEntry.kind.in_(_SUBJECTS[subject]))
    rows = select(AuditEntry).where(*wanted).order_by(AuditEntry.id.desc())
    entries = db.session.execute(rows.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).scalars().all()
    total = db.session.execute(select(func.count()).select_from(AuditEntry).where(*wanted)).scalar_one()
    names = _Names(organisation_id, entries)
    return JournalPage([Line(entry.at, names.sentence(entry)) for entry in entries], page, total)


class _Names:
    """What the ids of some entries are called today, read once."""

    def __init__(self, organisation_id: int, entries: Sequence[AuditEntry]) -> None:
        people = {id_ for entry in entries for id_ in (entry.actor_id, entry.person_id) if id_ is not None}
        persons = select(Person).where(Person.organisation_id == organisation_id, Person.id.in_(people))
        self._persons = {one.id: one.full_name for one in db.session.execute(persons).scalars()}
        sessions = (
            select(GroupSession)
            .where(
                GroupSession.organisation_id == organisation_id,
                GroupSession.id.in_({one.group_session_id for one in entries if one.group_session_id is not None}),
            )
            .options(joinedload(GroupSession.programme))
        )
        self._sessions = {one.id: one for one in db.session.execute(sessions).scalars()}
        programmes = select(Programme.id, Programme.name).where(Programme.organisation_id == organisation_id)
        self._programmes = {row.id: row.name for row in db.session.execute(programmes)}
        self._professions = profession_labels(organisation_id)

    def sentence(self, entry: AuditEntry) -> str:
        """Say one act; a kind that this version does not know is shown as it is stored."""
        named, nameless = _ACTS.get(entry.kind, (entry.kind, entry.kind))
        values = _Values(self._values(entry))
        if entry.actor_id is None:
            return typo(nameless.format_map(values))
        author = self._person(entry.actor_id)
        return typo(f"{author[:1].upper()}{author[1:]} {named.format_map(values)}")

    def _person(self, person_id: int | None) -> str:
        return self._persons.get(person_id or 0, ERASED)

    def _session(self, session_id: int | None) -> str:
        one = self._sessions.get(session_id or 0)
        return f"{one.programme.session_title}, {short_day(one.starts_at)} {one.season}" if one else _GONE

    def _reason(self, session_id: int | None) -> str:
        one = self._sessions.get(session_id or 0)
        return one.cancel_reason if one and one.cancel_reason else "motif effacé depuis"

    def _values(self, entry: AuditEntry) -> dict[str, Any]:
        told = dict(entry.values)
        roles = {role.value: words for role, words in SPACE.items()}
        return {
            **told,
            "personne": self._person(entry.person_id),
            "seance": self._session(entry.group_session_id),
            "raison": self._reason(entry.group_session_id),
            "pourquoi": _reopened(told.get("motif")),
            "espace": roles.get(str(told.get("role")), ""),
            "dispositif": self._programmes.get(told.get("dispositif", 0), "un dispositif supprimé"),
            "profession": self._professions.get(str(told.get("profession")), ""),
        }


def _reopened(reason: Any) -> str:
    """Return why a session was opened again, in words; nothing when it was not told."""
    words = REOPENINGS[Reopening(reason)] if reason in set(Reopening) else ""
    return f" ({words[:1].lower()}{words[1:]})" if words else ""


class _Values(dict[str, Any]):
    """What a sentence needs; what an old entry did not keep leaves a blank."""

    def __missing__(self, key: str) -> str:
        return "…"
