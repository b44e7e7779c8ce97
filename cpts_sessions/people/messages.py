"""Writing to a person the CPTS knows."""

from collections.abc import Mapping
from typing import Any, Final

from cpts_sessions.extensions import db
from cpts_sessions.mail import outbox
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person

#: Why a message does not leave: it will, once the address is corrected or found to be good.
ADDRESS_REFUSED: Final = "adresse rejetée, à confirmer ou à corriger"


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
    """Write one message to her own address; None when she has no e-mail.

    To an address that refused a message nothing leaves before it is confirmed or corrected, but the sign-in that she
    asks for herself.
    """
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
    message = outbox.write(
        to,
        kind,
        named,
        links=links,
        calendar=calendar,
        attachment=attachment,
        about=about,
        is_sign_in=is_sign_in,
    )
    if person.bounced_at and not is_sign_in and message.status == MessageStatus.QUEUED:
        message.status, message.last_error = MessageStatus.FAILED.value, ADDRESS_REFUSED
    return message
