"""What the page of an evening says by itself, without the server: its sentences, kept with it on the device.

`.0`, `.1` and `.n` end the forms of a sentence that counts; what stands in braces is filled in by static/js/evening.js.
"""

from typing import Final

from cpts_sessions.core.french import typo

_WORDS: Final = {
    "present": "présence",
    "absent": "absence",
    "excused": "absence excusée",
    "unannounced": " · sans inscription",
    "count.0": "Aucune présence relevée",
    "count.1": "1 présence relevée sur {total}",
    "count.n": "{n} présences relevées sur {total}",
    "missing.1": "1 personne n’est pas relevée. Elle sera comptée absente.",
    "missing.n": "{n} personnes ne sont pas relevées. Elles seront comptées absentes.",
    "ready": "Prête hors ligne. Liste du {list}.",
    "offline.0": "Hors ligne. Rien à envoyer.",
    "offline.1": "Hors ligne : 1 changement à envoyer",
    "offline.n": "Hors ligne : {n} changements à envoyer",
    "sending.1": "Envoi d’un changement…",
    "sending.n": "Envoi de {n} changements…",
    "sent": "Tout est envoyé.",
    "refused.1": "1 changement refusé par le serveur : {why}. Il reste affiché ici, rien n’est perdu.",
    "refused.n": "{n} changements refusés par le serveur : {why}. Ils restent affichés ici, rien n’est perdu.",
    "settled": "C’est réglé, retirer",
    "disagreement": (
        "{name} : {here} sur cet appareil à {hereAt}, {there} sur un autre à {thereAt}. "
        "Le plus récent est retenu : {kept}."
    ),
    "change": "Changer",
    "right": "C’est juste",
    "added": "Ajout fait : la présence de {name} est relevée.",
    "already": "{name} est déjà sur la liste : sa présence est relevée.",
    "full": (
        "Toutes les places sont prises, et cette personne est ajoutée quand même : "
        "une venue sans inscription n’est jamais refusée."
    ),
    "profession": "La profession est nécessaire : c’est elle que compte le rapport.",
    "label.mark": "{name} : {mark}, {hour}",
    "label.walk_in": "{name}, {profession}, sans inscription, {hour}",
    "label.tally": "Sans nom, {profession} : {step}, {hour}",
    "label.close": "Clôture de la séance, {hour}",
    "label.nobody": "Personne n’est venu, {hour}",
    "closed.0": "Séance close. Aucune présence. Merci pour ce temps.",
    "closed.1": "Séance close. 1 présence. Merci pour ce temps.",
    "closed.n": "Séance close. {n} présences. Merci pour ce temps.",
    "wiped": "La liste est effacée de cet appareil.",
    "title": "Présences",
    "unsent": "Ce qui n’est pas enregistré",
    "wipe": "Effacer de cet appareil",
}


def words() -> dict[str, str]:
    """Return every sentence of the page, by name."""
    return {name: typo(text).replace("{n} ", "{n}\u00a0") for name, text in _WORDS.items()}
