"""Writing to a person the CPTS knows."""

from collections.abc import Mapping
from typing import Any

from cpts_sessions.extensions import db
from cpts_sessions.mail import outbox
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person


def write_to(
    person: Person,
    kind: str,
    values: Mapping[str, str],
    *,
    links: Mapping[str, outbox.Link] | None = None,
    calendar: dict[str, Any] | None = None,
    attachment: outbox.Paper | None = None,
    about: outbox.About | None = None,
    is_sign_in: bool = False,
) -> OutboxMessage | None:
    """Write one message to her own address; None when she has no e-mail."""
    if not person.email or person.erased_at:
        return None
    organisation = db.session.get_one(Organisation, person.organisation_id)
    to = outbox.Addressee(
        organisation_id=person.organisation_id,
        person_id=person.id,
        address=person.email,
        name=person.full_name,
        is_invented=organisation.is_demonstration,
    )
    named = {"prenom": person.first_name, "nom": person.last_name, **values}
    return outbox.write(
        to,
        kind,
        named,
        links=links,
        calendar=calendar,
        attachment=attachment,
        about=about,
        is_sign_in=is_sign_in,
    )
