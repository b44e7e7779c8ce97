"""The session an address of the animators names, when she who asks may see it."""

from uuid import UUID

from flask import abort, g

from cpts_sessions.registrations import animated
from cpts_sessions.registrations.agenda import Announced


def hers_or_404(public_id: UUID) -> Announced:
    """Return one of her sessions; the coordination opens any, to act in her place."""
    if g.roles.is_coordinator:
        found = animated.any_session(g.site.id, public_id)
    else:
        found = animated.session_of(g.site.id, g.person.id, g.roles.programme_ids, public_id)
    return found or abort(404)
