"""Boring rows: each function says only what matters, adds it in a transaction and returns it."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from cpts_sessions.accounts.models import Role
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.public_version import PublicVersion
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.models import EveningLink
from cpts_sessions.evening.services import link_for
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import forget_sites
from cpts_sessions.people.models import Person, Profession, identity_of
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registrations import animation, services
from cpts_sessions.registrations.models import Enrolment, Registration

_numbers = count(1)

#: Two weeks after the clock of the tests: a Monday, 20 h in Paris.
STARTS_AT = datetime(2026, 11, 16, 19, 0, tzinfo=UTC)


def make_organisation(**changes: Any) -> Organisation:
    """A CPTS with two professions."""
    n = next(_numbers)
    values: dict[str, Any] = {
        "name": "CPTS du Val d’Ambre",
        "slug": f"val-d-ambre-{n}",
        "public_url": "http://localhost",
        "mail_address": "contact@cpts.example.org",
        "town": "Ambreville",
        **changes,
    }
    with transaction():
        organisation = Organisation(**values)
        db.session.add(organisation)
        db.session.flush()
        db.session.add(PublicVersion(organisation_id=organisation.id))
        for order, (slug, label, plural) in enumerate(
            [
                ("sage-femme", "sage-femme", "sages-femmes"),
                ("medecin-generaliste", "médecin généraliste", "médecins généralistes"),
            ]
        ):
            db.session.add(
                Profession(
                    organisation_id=organisation.id,
                    slug=slug,
                    label=label,
                    label_f=label,
                    label_plural=plural,
                    report_singular_m=label,
                    report_singular_f=label,
                    report_plural_m=plural,
                    report_plural_f=plural,
                    sort_order=order,
                )
            )
    forget_sites()
    return organisation


def make_person(organisation: Organisation, **changes: Any) -> Person:
    """Somebody the CPTS knows."""
    n = next(_numbers)
    values: dict[str, Any] = {
        "organisation_id": organisation.id,
        "email": f"personne{n}@example.org",
        "first_name": "Claire",
        "last_name": f"Martin{n}",
        "profession_slug": "sage-femme",
        **changes,
    }
    values.setdefault(
        "identity",
        identity_of(values["email"], values["first_name"], values["last_name"], values["profession_slug"]),
    )
    with transaction():
        person = Person(**values)
        db.session.add(person)
    return person


def make_coordinator(organisation: Organisation, **changes: Any) -> Person:
    """Somebody who coordinates, and came in."""
    person = make_person(organisation, **{"first_name": "Eva", **changes})
    with transaction():
        db.session.add(Role(organisation_id=organisation.id, person_id=person.id, name="coordinator"))
        db.session.flush()
        person.active_at = changes.get("active_at", now())
    return person


def make_programme(organisation: Organisation, **changes: Any) -> Programme:
    """A programme open to all, like the GAPP."""
    values: dict[str, Any] = {
        "organisation_id": organisation.id,
        "slug": "gapp",
        "name": "GAPP",
        "session_title": "GAPP",
        "singular": "GAPP",
        "plural": "GAPP",
        "action": 29,
        **changes,
    }
    with transaction():
        programme = Programme(**values)
        db.session.add(programme)
    return programme


def make_circles(organisation: Organisation, **changes: Any) -> Programme:
    """A confidential programme for members, like the cercles de paroles."""
    values: dict[str, Any] = {
        "slug": "cercle-de-paroles",
        "name": "Cercles de paroles",
        "session_title": "Cercle de paroles",
        "singular": "cercle de paroles",
        "plural": "cercles de paroles",
        "action": 30,
        "audience": "members",
        "is_confidential": True,
        **changes,
    }
    return make_programme(organisation, **values)


def make_group_session(programme: Programme, **changes: Any) -> GroupSession:
    """An open session with two places."""
    values: dict[str, Any] = {
        "organisation_id": programme.organisation_id,
        "programme_id": programme.id,
        "starts_at": STARTS_AT,
        "status": "open",
        "capacity": 2,
        "place_name": "Maison de santé",
        "place_address": "1 rue des Tilleuls",
        "town": "Ambreville",
        **changes,
    }
    values.setdefault("ends_at", values["starts_at"] + timedelta(hours=2))
    with transaction():
        group_session = GroupSession(**values)
        db.session.add(group_session)
    return group_session


def make_registration(group_session: GroupSession, person: Person, status: str = "confirmed", **changes: Any) -> Any:
    """A registration written as it stands, without its messages."""
    values: dict[str, Any] = {
        "organisation_id": group_session.organisation_id,
        "group_session_id": group_session.id,
        "person_id": person.id,
        "status": status,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "civility": person.civility,
        "profession_slug": person.profession_slug,
        "link_hash": b"",
        **changes,
    }
    with transaction():
        registration = Registration(**values)
        registration.link_hash = links.digest_for(Purpose.REGISTRATION, registration.public_id)
        db.session.add(registration)
    return registration


def make_evening_link(group_session: GroupSession, person: Person) -> EveningLink:
    """The evening link of a person, to whom the session is given."""
    with transaction():
        if all(one.person_id != person.id for one in group_session.animators):
            animation.attach(group_session, person)
        return link_for(group_session.id, person.id)


def make_enrolment(programme: Programme, person: Person, season: int = 2026, **changes: Any) -> Enrolment:
    """A standing enrolment written as it stands, without its dates."""
    values: dict[str, Any] = {
        "organisation_id": programme.organisation_id,
        "person_id": person.id,
        "programme_id": programme.id,
        "season": season,
        "profession_slug": person.profession_slug,
        "civility": person.civility,
        "link_hash": b"",
        **changes,
    }
    with transaction():
        enrolment = Enrolment(**values)
        enrolment.link_hash = links.digest_for(Purpose.ENROLMENT, enrolment.public_id)
        db.session.add(enrolment)
    return enrolment


def told(**changes: Any) -> Told:
    """What somebody new says of herself in the form."""
    n = next(_numbers)
    values: dict[str, Any] = {
        "first_name": "Nadia",
        "last_name": f"Ferhat{n}",
        "email": f"nadia{n}@example.org",
        "profession_slug": "sage-femme",
        **changes,
    }
    return Told(**values)


def signed_up(group_session: GroupSession, **changes: Any) -> Registration:
    """Somebody new who signed up by the form."""
    who = told(**changes)
    services.sign_up(group_session.id, who)
    found = db.session.query(Registration).filter_by(group_session_id=group_session.id, last_name=who.last_name)
    return found.order_by(Registration.id.desc()).first()  # type: ignore[return-value]
