"""A CPTS starts: its row, its professions, its programmes, its first coordinator; the demonstration goes away."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, select

import config
from cpts_sessions.accounts import services as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.accounts.services import WayIn
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import identity_key, typo
from cpts_sessions.core.public_version import PublicVersion, highest
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation.master_key import key_fingerprint
from cpts_sessions.organisations import queries
from cpts_sessions.organisations.models import FirstSteps, Installation, Organisation
from cpts_sessions.organisations.rules import check_site_address
from cpts_sessions.people.import_rules import clean_email
from cpts_sessions.people.professions import add_professions
from cpts_sessions.programmes import rules as programme_rules
from cpts_sessions.programmes.services import add_default_programmes

SLUG_LENGTH = 60
#: Where the first coordinator of a new CPTS goes.
FIRST_STEPS = "/coordination/premiers-pas"
_ADDRESS_TAKEN = (
    "Une autre CPTS répond déjà à {url}. Chaque CPTS a sa propre adresse : précisez --public-url https://…, "
    "un nom de site qui n’appartient qu’à elle."
)


@dataclass(frozen=True, kw_only=True)
class Founded:
    """A CPTS that has just started, and the links that let its first coordinator in."""

    organisation: Organisation
    ways_in: list[WayIn]
    replaced_demonstration: bool


def found(
    name: str,
    email: str,
    *,
    coordinator: str | None = None,
    public_url: str | None = None,
    mail_address: str | None = None,
) -> Founded:
    """Start a real CPTS; the demonstration is removed in the same transaction.

    Its first coordinator also administers it.

    Args:
        coordinator: « Prénom Nom »; read from the e-mail address when None.
        public_url: where its pages answer; PUBLIC_URL when None.
        mail_address: the sender of its e-mails; CPTS_MAIL_ADDRESS when None.

    Raises:
        RuleBroken: an address cannot be used, the name or the public address is another CPTS's, or it has no name.
    """
    organisation = _new(name, public_url, mail_address)
    address = _checked_email(email)
    with transaction():
        installation = lock_installation()
        seen = highest()
        replaced = remove_demonstration()
        _check_apart(organisation)
        add_organisation(organisation, installation, version=seen + 1)
        person = accounts.grant(
            organisation, address, RoleName.COORDINATOR, name=coordinator or _name_from(address, organisation)
        )
        accounts.give(person, RoleName.ADMINISTRATOR)
        audit.record(organisation.id, "cpts_commencee", person_id=person.id)
    queries.forget_sites()
    return Founded(
        organisation=organisation,
        ways_in=[one for one in accounts.links_for(organisation, address) if one.person.id == person.id],
        replaced_demonstration=replaced,
    )


def lock_installation() -> Installation:
    """Return the one row of this installation, locked until the transaction ends, made the first time."""
    statement = select(Installation).where(Installation.id == 1).with_for_update()
    installation = db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if installation is None:
        installation = Installation()
        db.session.add(installation)
        db.session.flush()
    return installation


def remove_demonstration() -> bool:
    """Delete the demonstration and all that hangs on it; call inside a transaction.

    Returns:
        Whether there was one.
    """
    statement = delete(Organisation).where(Organisation.is_demonstration).returning(Organisation.id)
    removed = db.session.execute(statement.execution_options(synchronize_session=False)).all()
    for one in list(db.session):  # a new row may get the number of one that is gone (SQLite)
        if not isinstance(one, Installation):
            db.session.expunge(one)
    return bool(removed)


def add_organisation(organisation: Organisation, installation: Installation, *, version: int = 1) -> None:
    """Store a CPTS with what every CPTS starts from: professions, GAPP and cercles de paroles, its first steps.

    Args:
        version: of its public pages; above those of a CPTS whose number in the database it may get.
    """
    organisation.slug = organisation.slug or free_slug(organisation.name)
    db.session.add(organisation)
    db.session.flush()
    db.session.add(PublicVersion(organisation_id=organisation.id, version=version))
    if not organisation.is_demonstration:
        db.session.add(FirstSteps(organisation_id=organisation.id))
    add_professions(organisation.id)
    add_default_programmes(organisation)
    installation.first_organisation_at = installation.first_organisation_at or now()
    installation.key_fingerprint = installation.key_fingerprint or key_fingerprint()


def free_slug(name: str) -> str:
    """Return the short name of a CPTS for the command line: « val-d-ambre » for « CPTS du Val d’Ambre »."""
    slug = programme_rules.slug_of(name)
    for start in ("cpts-du-", "cpts-de-la-", "cpts-des-", "cpts-de-l-", "cpts-de-", "cpts-d-", "cpts-"):
        if slug.startswith(start) and slug != start:
            slug = slug.removeprefix(start)
            break
    slug = slug[:SLUG_LENGTH].strip("-") or "cpts"
    known = {organisation.slug for organisation in queries.every()}
    return next(
        candidate
        for candidate in (slug, *(f"{slug}-{number}" for number in range(2, len(known) + 3)))
        if candidate not in known
    )


def authority(url: str) -> tuple[str, int | None]:
    """Return host and port: what tells the sites of two CPTS apart."""
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _new(name: str, public_url: str | None, mail_address: str | None) -> Organisation:
    settings: config.Settings = current_app.config["SETTINGS"]
    return Organisation(
        name=_checked_name(name),
        slug="",
        public_url=check_site_address(public_url or settings.public_url),
        mail_address=_checked_email(mail_address or settings.mail_address),
    )


def _check_apart(organisation: Organisation) -> None:
    for other in queries.every():
        if identity_key(other.name) == identity_key(organisation.name):
            raise RuleBroken(typo(f"Une CPTS s’appelle déjà « {other.name} ». Rien n’a changé."))
        if authority(other.public_url) == authority(organisation.public_url):
            raise RuleBroken(typo(_ADDRESS_TAKEN.format(url=other.public_url)))


def _checked_name(name: str) -> str:
    clean = " ".join(name.split())
    if not identity_key(clean):
        raise RuleBroken(typo("Donnez le nom de votre CPTS, par exemple « CPTS du Val d’Ambre »."))
    return clean


def _checked_email(given: str) -> str:
    try:
        return clean_email(given)
    except ValueError:
        raise RuleBroken(typo(f"« {given} » n’est pas une adresse e-mail complète.")) from None


def _name_from(email: str, organisation: Organisation) -> str:
    """Return « Eva Martin » for eva.martin@…, else « Coordination » and the name of the CPTS: to be corrected later."""
    parts = email.partition("@")[0].replace("_", ".").split(".")
    if len(parts) == 2 and all(len(part) > 1 and part.replace("-", "").isalpha() for part in parts):
        return " ".join(part.title() for part in parts)
    return f"Coordination {organisation.name}"
