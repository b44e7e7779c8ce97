"""Writing a message: one row in the transaction of its cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.rendering import variables_of

Link = tuple[Purpose, UUID]


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """To whom a message goes; `is_invented` marks the demonstration's persons, never handed to SMTP."""

    organisation_id: int
    person_id: int | None
    address: str
    name: str
    is_invented: bool


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document that goes with a message; made when the message leaves, by whoever knows this kind of document."""

    kind: str
    key: UUID
    name: str  # of the file, as its receiver sees it

    def named(self) -> dict[str, str]:
        """Return what the row keeps of it."""
        return {"kind": self.kind, "key": str(self.key), "name": self.name}


@dataclass(frozen=True, kw_only=True)
class About:
    """What a message is about, so that it can be found, sent again or dropped."""

    registration_id: int | None = None
    group_session_id: int | None = None
    not_before: datetime | None = None
    useless_after: datetime | None = None


def write(
    to: Addressee,
    kind: str,
    values: Mapping[str, str],
    *,
    links: Mapping[str, Link] | None = None,
    calendar: dict[str, Any] | None = None,
    attachment: Paper | None = None,
    about: About | None = None,
    is_sign_in: bool = False,
) -> OutboxMessage:
    """Add one message to the outbox, with what its text needs of `values` and `links`; nothing is rendered or sent.

    Raises:
        KeyError: a variable of the text has neither value nor link.
    """
    about = about or About()
    needed = variables_of(kind)
    opened = _opened(links or {}, needed)
    if missing := needed - values.keys() - opened.keys():
        raise KeyError(f"{kind}: {', '.join(sorted(missing))}")
    message = OutboxMessage(
        organisation_id=to.organisation_id,
        person_id=to.person_id,
        registration_id=about.registration_id,
        group_session_id=about.group_session_id,
        kind=kind,
        to_address=to.address,
        to_name=to.name,
        values={name: values[name] for name in sorted(needed & values.keys())},
        links=opened,
        calendar=calendar,
        attachment=attachment.named() if attachment else None,
        is_sign_in=is_sign_in,
        status=(MessageStatus.WITHHELD if to.is_invented else MessageStatus.QUEUED).value,
        not_before=about.not_before or now(),
        useless_after=about.useless_after,
    )
    db.session.add(message)
    return message


def _opened(links: Mapping[str, Link], needed: frozenset[str]) -> dict[str, list[str]]:
    return {name: [purpose.name, str(key)] for name, (purpose, key) in links.items() if name in needed}
