"""The secret address of one person's feed: given, changed, recognised."""

from uuid import uuid4

from sqlalchemy import select

from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people import queries as people
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.models import PersonalFeed

FILE_NAME = "agenda.ics"  # the same for everybody: it tells nothing


def feed_of(person_id: int) -> PersonalFeed | None:
    """Return the feed of this person; None until she asks for an address."""
    return db.session.execute(select(PersonalFeed).where(PersonalFeed.person_id == person_id)).scalar_one_or_none()


def feed_by_token(organisation_id: int, token: str) -> PersonalFeed | None:
    """Return the feed that an address opens; None when it opens nothing, or no longer."""
    statement = select(PersonalFeed).where(
        PersonalFeed.link_hash == links.digest(token), PersonalFeed.organisation_id == organisation_id
    )
    return db.session.execute(statement).scalar_one_or_none()


def address(public_url: str, feed: PersonalFeed) -> str:
    """Return the address to paste into an agenda."""
    return f"{links.url(public_url, Purpose.FEED, feed.public_id)}/{FILE_NAME}"


def renew(person: Person) -> bool:
    """Give this person an address; the one she had opens nothing any more.

    Returns:
        Whether she had one.
    """
    with transaction():
        people.lock(person.id)
        feed = feed_of(person.id)
        key = uuid4()
        link_hash = links.digest_for(Purpose.FEED, key)
        if feed is None:
            made = PersonalFeed(
                public_id=key, organisation_id=person.organisation_id, person_id=person.id, link_hash=link_hash
            )
            db.session.add(made)
            return False
        feed.public_id, feed.link_hash, feed.created_at = key, link_hash, now()
        return True
