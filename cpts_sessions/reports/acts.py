"""The acts of the journal: the sentence of each, and what it is about."""

from enum import StrEnum
from typing import Final

#: kind -> the act when somebody did it (after her name), and when nobody is named.
ACTS: Final[dict[str, tuple[str, str]]] = {
    "inscription": ("a inscrit {personne} : {seance}", "Inscription : {personne}, {seance}"),
    "inscription_saison": ("a inscrit {personne} à toute une saison", "Inscription à une saison : {personne}"),
    "desinscription": ("a libéré la place : {personne}, {seance}", "Place libérée : {personne}, {seance}"),
    "avancee": (
        "a donné une place de la liste d’attente : {personne}, {seance}",
        "Place donnée : {personne}, {seance}",
    ),
    "place_prise": ("a pris la place proposée, au nom {de_personne} : {seance}", "Place prise : {personne}, {seance}"),
    "place_laissee": (
        "a laissé la place proposée, au nom {de_personne} : {seance}",
        "Place laissée : {personne}, {seance}",
    ),
    "demande_acceptee": ("a accepté la demande : {personne}, {seance}", "Demande acceptée : {personne}, {seance}"),
    "saison_acceptee": ("a accepté la demande de toute une saison : {personne}", "Demande acceptée : {personne}"),
    "saison_refusee": ("a refusé la demande de toute une saison : {personne}", "Demande refusée : {personne}"),
    "demande_refusee": ("a refusé la demande : {personne}, {seance}", "Demande refusée : {personne}, {seance}"),
    "appel_fait": ("a appelé {personne} : {seance}", "Appel fait : {personne}, {seance}"),
    "dispositif_quitte": ("a arrêté le suivi d’un dispositif : {personne}", "Suivi arrêté : {personne}"),
    "pas_moi": ("a retiré une inscription faite par erreur", "« Ce n’est pas moi » : une inscription retirée"),
    "reponse_agenda": (
        "a noté la réponse d’agenda {de_personne} ({reponse}) : {seance}",
        "Réponse d’agenda {de_personne} ({reponse}) : {seance}",
    ),
    "courrier_traite": ("a traité un courrier {de_personne}", "Courrier traité : {personne}"),
    "adresse_rejetee": ("a noté une adresse rejetée : {personne}", "Adresse rejetée : {personne}"),
    "adresse_confirmee": ("a confirmé l’adresse {de_personne}", "Adresse confirmée : {personne}"),
    "fiche_creee": ("a ajouté {personne} au répertoire", "Fiche ajoutée : {personne}"),
    "fiche_corrigee": ("a corrigé une fiche : {personne} ({champs})", "Fiche corrigée : {personne} ({champs})"),
    "fusion": ("a réuni deux fiches : {personne}", "Deux fiches réunies : {personne}"),
    "effacement": ("a effacé des données à la demande d’une personne", "Données effacées à la demande d’une personne"),
    "import": ("a importé {lignes} ({quoi})", "Import de {lignes} ({quoi})"),
    "seance_creee": ("a créé une séance : {seance}", "Séance créée : {seance}"),
    "seance_ouverte": ("a ouvert la séance aux inscriptions : {seance}", "Séance ouverte : {seance}"),
    "seance_deplacee": (
        "a déplacé la séance : {ancien_quand} devient {quand}",
        "Séance déplacée : {ancien_quand} devient {quand}",
    ),
    "seance_annulee": ("a annulé la séance : {seance} ({raison})", "Séance annulée : {seance} ({raison})"),
    "seance_retablie": ("a rétabli la séance : {seance}", "Séance rétablie : {seance}"),
    "seance_maintenue": (
        "a maintenu la séance sous son minimum : {seance}",
        "Séance maintenue sous son minimum : {seance}",
    ),
    "message_groupe": (
        "a écrit aux personnes inscrites ({n}) : {seance}",
        "Message aux personnes inscrites ({n}) : {seance}",
    ),
    "message_saison": (
        "a écrit à ceux qui suivent toute l’année {annee} ({n}) : {dispositif}",
        "Message à ceux qui suivent toute l’année {annee} ({n}) : {dispositif}",
    ),
    "seance_close": ("a clos la séance : {seance}", "Séance close : {seance}"),
    "seance_rouverte": ("a rouvert la séance : {seance}{pourquoi}", "Séance rouverte : {seance}{pourquoi}"),
    "presences_notees": ("a noté des présences ou absences ({n}) : {seance}", "Présences notées ({n}) : {seance}"),
    "decompte_note": ("a noté un décompte sans noms ({n}) : {seance}", "Décompte sans noms noté ({n}) : {seance}"),
    "presence_corrigee": (
        "a changé une présence : {personne}, {avant} devient {apres} ({seance})",
        "Présence changée : {personne}, {avant} devient {apres} ({seance})",
    ),
    "presence_par_code": (
        "a noté sa présence par le code de la salle : {personne}, {seance}",
        "Présence notée par le code de la salle : {personne}, {seance}",
    ),
    "venue_sans_inscription": (
        "a noté la venue {de_personne}, sans inscription : {seance}",
        "Venue sans inscription : {personne}, {seance}",
    ),
    "attestation_remise": (
        "a préparé l’attestation {de_personne} pour la remettre : {seance}",
        "Attestation préparée : {personne}, {seance}",
    ),
    "releve_remis": (
        "a préparé le relevé {annee} {de_personne} pour le remettre",
        "Relevé {annee} préparé : {personne}",
    ),
    "attestation_envoyee": (
        "a envoyé l’attestation {de_personne} par e-mail : {seance}",
        "Attestation envoyée : {personne}, {seance}",
    ),
    "releve_envoye": (
        "a envoyé le relevé {annee} {de_personne} par e-mail",
        "Relevé {annee} envoyé : {personne}",
    ),
    "attestations_envoyees": (
        "a envoyé les attestations par e-mail ({n}) : {seance}",
        "Attestations envoyées ({n}) : {seance}",
    ),
    "mot_traite": ("a répondu à un mot {de_personne}", "Mot traité : {personne}"),
    "commentaire_relu": (
        "a relu un commentaire, qui peut être cité : {dispositif}, {annee}",
        "Commentaire relu : {dispositif}, {annee}",
    ),
    "commentaire_ecarte": (
        "a écarté un commentaire : {dispositif}, {annee}",
        "Commentaire écarté : {dispositif}, {annee}",
    ),
    "urne_depouillee": (
        "a dépouillé l’urne : {dispositif}, {annee}",
        "Urne dépouillée d’office : {dispositif}, {annee}",
    ),
    "urne_reportee": (
        "a clos la collecte, l’urne est reportée à l’année suivante : {dispositif}, {annee}",
        "Urne reportée à l’année suivante : {dispositif}, {annee}",
    ),
    "urne_detruite": (
        "a clos la collecte, l’urne est détruite : {dispositif}, {annee}",
        "Urne détruite sans être lue : {dispositif}, {annee}",
    ),
    "urne_renouvelee": (
        "a fait repartir une urne dont la clé était perdue : {dispositif}, {annee}",
        "Urne repartie vide, sa clé était perdue : {dispositif}, {annee}",
    ),
    "bulletins_saisis": (
        "a saisi des bulletins papier ({n}) : {dispositif}, {annee}",
        "Bulletins papier ajoutés ({n}) : {dispositif}, {annee}",
    ),
    "cartes_ajoutees": (
        "a ajouté des cartes avant/après ({n}) : {dispositif}, {annee}",
        "Cartes avant/après ajoutées ({n}) : {dispositif}, {annee}",
    ),
    "sondage_envoye": (
        "a proposé des dates à {personnes} : {dispositif}",
        "Sondage de dates envoyé à {personnes} : {dispositif}",
    ),
    "sondage_clos": (
        "a retenu des dates d’un sondage ({n}) : {dispositif}",
        "Dates d’un sondage retenues ({n}) : {dispositif}",
    ),
    "sondage_sans_suite": (
        "a clos un sondage sans retenir de date : {dispositif}",
        "Sondage clos sans date : {dispositif}",
    ),
    "registre_note": ("a noté {quoi} (registre {annee}, action {action})", "Registre {annee}, ajout : {quoi}"),
    "registre_corrige": ("a corrigé {quoi} (registre {annee}, action {action})", "Registre {annee} corrigé : {quoi}"),
    "registre_retire": ("a retiré {quoi} (registre {annee}, action {action})", "Registre {annee}, retrait : {quoi}"),
    "accompagnes_notes": (
        "a noté le nombre de professionnels accompagnés en {annee} (action 28) : {n}",
        "Professionnels accompagnés en {annee} (action 28) : {n}",
    ),
    "seance_modifiee": ("a modifié la séance : {seance}", "Séance modifiée : {seance}"),
    "animation_changee": ("a changé l’animation : {seance}", "Animation changée : {seance}"),
    "lien_soir_coupe": (
        "a coupé le lien de la soirée {de_personne} : {seance}",
        "Lien de la soirée {de_personne} coupé : {seance}",
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
    "depart_prevu": ("passe la main et garde son accès jusqu’au {jour}", "Départ prévu le {jour} : {personne}"),
    "passation_relancee": ("a renvoyé son invitation à {personne}", "Invitation renvoyée à {personne}"),
    "depart_annule": ("garde son accès, finalement", "Départ annulé : {personne}"),
    "depart_fait": ("a quitté la coordination : {personne}", "Fin de l’accès choisie par {personne}"),
    "sign_ins_closed": ("a fermé les connexions : {personne}", "Connexions fermées : {personne}"),
    "login_link_made": ("a préparé un lien de connexion : {personne}", "Lien de connexion préparé : {personne}"),
    "profession_modifiee": ("a modifié une profession : {profession}", "Profession modifiée : {profession}"),
    "reglages_modifies": ("a modifié les réglages ({champs})", "Réglages modifiés ({champs})"),
    "cpts_commencee": ("a ouvert l’application pour la CPTS", "La CPTS commence avec l’application"),
    "rapport_texte": (
        "a modifié le texte du rapport {annee} ({page})",
        "Texte du rapport {annee} modifié ({page})",
    ),
    "rapport_montants": ("a noté les montants du rapport {annee}", "Montants du rapport {annee} notés"),
    "rapport_accords": (
        "a choisi le genre de professions dans le rapport {annee}",
        "Genre de professions choisi dans le rapport {annee}",
    ),
    "rapport_fige": ("a figé le rapport {annee}", "Rapport {annee} figé"),
    "rapport_defige": ("a défigé le rapport {annee}", "Rapport {annee} défigé"),
    "sauvegarde_restauree": ("a restauré une sauvegarde", "Sauvegarde restaurée"),
}


class Subject(StrEnum):
    """What an act is about, by the word in the address of the page."""

    SEATS = "inscriptions"
    PEOPLE = "fiches"
    SESSIONS = "seances"
    ACCESS = "acces"
    SETTINGS = "reglages"
    REPORT = "rapport"


_DEPARTURES: Final = ("depart_prevu", "passation_relancee", "depart_annule", "depart_fait")

SUBJECTS: Final[dict[Subject, tuple[str, ...]]] = {
    Subject.SEATS: (
        "inscription",
        "inscription_saison",
        "desinscription",
        "avancee",
        "place_prise",
        "place_laissee",
        "demande_acceptee",
        "demande_refusee",
        "saison_acceptee",
        "saison_refusee",
        "appel_fait",
        "dispositif_quitte",
        "pas_moi",
        "reponse_agenda",
    ),
    Subject.PEOPLE: (
        "fiche_creee",
        "fiche_corrigee",
        "fusion",
        "effacement",
        "import",
        "mot_traite",
        "courrier_traite",
        "adresse_rejetee",
        "adresse_confirmee",
    ),
    Subject.SESSIONS: (
        "seance_creee",
        "seance_ouverte",
        "seance_deplacee",
        "seance_annulee",
        "seance_retablie",
        "seance_maintenue",
        "message_groupe",
        "message_saison",
        "seance_close",
        "seance_rouverte",
        "presences_notees",
        "decompte_note",
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
        "commentaire_relu",
        "commentaire_ecarte",
        "urne_depouillee",
        "urne_reportee",
        "urne_detruite",
        "urne_renouvelee",
        "bulletins_saisis",
        "sondage_envoye",
        "sondage_clos",
        "sondage_sans_suite",
        "cartes_ajoutees",
    ),
    Subject.ACCESS: ("role_granted", "role_revoked", "sign_ins_closed", "login_link_made", *_DEPARTURES),
    Subject.REPORT: (
        "registre_note",
        "registre_corrige",
        "registre_retire",
        "accompagnes_notes",
        "rapport_texte",
        "rapport_montants",
        "rapport_accords",
        "rapport_fige",
        "rapport_defige",
    ),
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
KINDS: Final = frozenset(ACTS)
