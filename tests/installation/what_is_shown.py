"""What is counted of a demonstration."""

from sqlalchemy import select

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.programmes import rules
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.queries import seats_taken

THE_19 = (
    "19 professionnels (1 sage-femme, 3 médecins généralistes dont l'animateur, 2 kinés, 2 IDEL, 1 audioprothésiste, "
    "1 pharmacien, 3 diététiciennes, 3 orthophonistes, 2 psychologues, 1 ergothérapeute) se sont inscrits à l'activité"
)


def states():
    """How many sessions not past are in each state, or are to be closed, by their programme."""
    counted: dict[str, int] = {}
    for session in db.session.execute(select(GroupSession).order_by(GroupSession.starts_at)).scalars():
        state = rules.state(session, seats_taken(session.id), at=now())
        if state == "held":
            continue
        kind = f"{session.programme.slug}: {'discovery ' if session.is_discovery else ''}{state}"
        counted[kind] = counted.get(kind, 0) + 1
    return counted
