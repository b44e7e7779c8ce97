"""An invented CPTS to try everything with; it goes away when a real one starts, and none of its messages leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from flask import current_app

import config
from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts.models import RoleName, SignInLink
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation import season_2025, season_now, trainings_2025
from cpts_sessions.installation.following import find, follow_settings
from cpts_sessions.installation.founding import add_organisation, lock_installation
from cpts_sessions.organisations import queries
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person

__all__ = ["Entrance", "entrances", "find", "follow_settings", "load"]

LINK_LASTS = timedelta(minutes=60)
_ROLES = (
    ("Coordination", RoleName.COORDINATOR),
    ("Animation", RoleName.ANIMATOR),
    ("Participante", None),
)
_LEGAL = {
    "statut": "association de droit local",
    "responsable_publication": "Eva Martin",
    "dpo": "dpo@example.org",
    "hebergeur": "Hébergeur du Val d’Ambre, 2 rue du Port, Ambreville",
    "prestataire_messages": "Messagerie du Val d’Ambre",
    "transferts": "aucun",
}


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """A way into the demonstration as one of its invented persons."""

    role: str  # in French
    person: Person
    url: str


def load(*, if_never: bool = False) -> bool:
    """Load the demonstration, all or nothing.

    Args:
        if_never: do nothing when an organisation ever existed here.

    Returns:
        Whether it was loaded.

    Raises:
        RuleBroken: a CPTS stands already, real or invented.
    """
    with transaction():
        installation = lock_installation()
        if if_never and installation.first_organisation_at is not None:
            return False
        standing = queries.every()
        if standing:
            what = "La démonstration est déjà chargée." if find() else "Une CPTS est déjà en place ici."
            raise RuleBroken(f"{what} Rien n’a changé.")
        organisation = _organisation()
        add_organisation(organisation, installation)
        season_2025.load(organisation.id)
        trainings_2025.load(organisation.id)
        season_now.load(organisation.id)
    queries.forget_sites()
    return True


def entrances() -> Sequence[Entrance]:
    """Make a single-use sign-in link for one person of each role, for any browser and an hour; none without
    demonstration.
    """
    with transaction():
        organisation = find()
        if organisation is None:
            return ()
        persons = [(word, accounts.invented_person(organisation.id, role)) for word, role in _ROLES]
        return [_entrance(organisation, word, person) for word, person in persons if person is not None]


def _entrance(organisation: Organisation, word: str, person: Person) -> Entrance:
    public_id = uuid4()
    link = SignInLink(
        public_id=public_id,
        organisation_id=organisation.id,
        person_id=person.id,
        token_hash=links.digest_for(Purpose.SIGN_IN, public_id),
        is_staff=accounts.is_staff(person),
        expires_at=now() + LINK_LASTS,
    )
    db.session.add(link)
    return Entrance(role=word, person=person, url=links.url(organisation.public_url, Purpose.SIGN_IN, public_id))


def _organisation() -> Organisation:
    settings: config.Settings = current_app.config["SETTINGS"]
    return Organisation(
        name="CPTS du Val d’Ambre",
        slug="val-d-ambre",
        public_url=settings.public_url,
        mail_address=settings.mail_address,
        phone="03 88 00 00 00",
        postal_address="3 place des Tilleuls, 67999 Ambreville",
        place_name="Salle de réunion de la CPTS",
        place_address="3 place des Tilleuls",
        place_access="Entrée par la cour, premier étage avec ascenseur. Stationnement place du Marché.",
        town="Ambreville",
        brand_color="#1c6b62",
        legal=dict(_LEGAL),
        is_demonstration=True,
    )
