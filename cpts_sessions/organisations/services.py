"""Changing what a CPTS says of itself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect

from cpts_sessions.core import audit
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations import queries, rules
from cpts_sessions.organisations.brand import hex_colour
from cpts_sessions.organisations.models import Organisation

#: What the coordination may change, under the names the journal gives.
_NAMES = {
    "name": "nom",
    "phone": "téléphone",
    "postal_address": "adresse postale",
    "place_name": "lieu",
    "place_address": "adresse du lieu",
    "place_access": "accès",
    "town": "commune",
    "help_line": "numéro d’aide",
    "crisis_line": "numéro de crise",
    "emergency_line": "numéro d’urgence",
    "brand_color": "couleur",
    "logo_type": "logo",
    "legal": "textes légaux",
    "registration_months": "durée des inscriptions",
    "person_months": "durée des fiches",
    "message_months": "durée des messages",
    "audit_years": "durée du journal",
    "attestation_years": "durée des attestations",
    "signatory_name": "signataire des attestations",
    "signatory_function": "fonction du signataire",
    "backup_days": "durée des sauvegardes",
    "public_url": "adresse du site",
    "mail_address": "adresse des messages",
}
_OF_THE_SERVER = "Démonstration : ces adresses sont celles des réglages du serveur. Rien n’a changé."
_TAKEN = "Une autre CPTS de cette installation a déjà l’adresse {url}."


def describe(organisation_id: int, said: Mapping[str, str], *, actor_id: int) -> bool:
    """Write its name, how to reach it, where it usually meets, whom to call in distress.

    Returns:
        Whether that changes anything.
    """
    return _change(organisation_id, said, actor_id)


def paint(organisation_id: int, colour: str, *, actor_id: int) -> bool:
    """Give it its colour; everything else on the pages derives from it.

    Returns:
        Whether that changes anything.

    Raises:
        RuleBroken: it is not a colour.
    """
    try:
        checked = hex_colour(colour)
    except ValueError as error:
        raise RuleBroken(str(error)) from error
    return _change(organisation_id, {"brand_color": checked}, actor_id)


def give_logo(organisation_id: int, data: bytes, *, actor_id: int) -> None:
    """Give it its own logo.

    Raises:
        RuleBroken: it is too heavy, or is no picture that browsers show.
    """
    _change(organisation_id, {"logo": data, "logo_type": rules.picture_type(data)}, actor_id)


def take_logo_away(organisation_id: int, *, actor_id: int) -> bool:
    """Go back to the ring of seats.

    Returns:
        Whether it had a logo.
    """
    return _change(organisation_id, {"logo": None, "logo_type": None}, actor_id)


def state_the_law(organisation_id: int, legal: Mapping[str, str], terms: Mapping[str, int], *, actor_id: int) -> bool:
    """Write what the legal pages say, and how long things are kept from tonight on.

    Returns:
        Whether that changes anything.

    Raises:
        RuleBroken: a term cannot be justified.
    """
    rules.check_terms(terms)
    told = {name: text for name, text in legal.items() if text}
    return _change(organisation_id, {"legal": told, **terms}, actor_id)


def move_house(organisation_id: int, *, public_url: str, mail_address: str, actor_id: int) -> bool:
    """Change the addresses that every link and every sender are made from; links already sent keep the old one.

    Returns:
        Whether that changes anything.

    Raises:
        RuleBroken: it is not the address of a site, it is another CPTS's, or this one is the demonstration, where
            anybody administers: its addresses are those of the settings.
    """
    url = rules.check_site_address(public_url)
    with transaction():
        if db.session.get_one(Organisation, organisation_id).is_demonstration:
            raise RuleBroken(typo(_OF_THE_SERVER))
        for other in queries.every():
            if other.id != organisation_id and queries.same_site(other.public_url, url):
                raise RuleBroken(typo(_TAKEN.format(url=url)))
        return _change(organisation_id, {"public_url": url, "mail_address": mail_address.lower()}, actor_id)


def _change(organisation_id: int, values: Mapping[str, Any], actor_id: int) -> bool:
    with transaction():
        organisation = db.session.get_one(Organisation, organisation_id)
        for name, value in values.items():
            if getattr(organisation, name) != value:
                setattr(organisation, name, value)
        changed = [name for name in values if inspect(organisation).attrs[name].history.has_changes()]
        if changed:
            told = dict.fromkeys(_NAMES["logo_type" if name == "logo" else name] for name in changed)
            audit.record(organisation_id, "reglages_modifies", actor_id=actor_id, champs=", ".join(told))
    queries.forget_sites()
    return bool(changed)
