"""The row a page is about, in the organisation of the request; 404 for anybody else's."""

from uuid import UUID

from flask import abort, g

from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import by_public_id as person_by_public_id
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registrations import queries as registrations
from cpts_sessions.registrations.models import Registration


def group_session_or_404(public_id: UUID) -> GroupSession:
    """Return a session, in preparation too."""
    return programmes.session_by_public_id(g.organisation.id, public_id) or abort(404)


def programme_or_404(public_id: UUID) -> Programme:
    """Return a programme, put away too."""
    return programmes.programme_by_public_id(g.organisation.id, public_id) or abort(404)


def registration_or_404(public_id: UUID) -> Registration:
    """Return one person's registration to one session."""
    return registrations.by_public_id(g.organisation.id, public_id) or abort(404)


def person_or_404(public_id: UUID) -> Person:
    """Return somebody the CPTS knows, whose data were not erased."""
    person = person_by_public_id(g.organisation.id, public_id)
    if person is None or person.erased_at:
        abort(404)
    return person
