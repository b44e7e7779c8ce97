"""/healthz: whether the site works, for a probe. It needs no organisation and says nothing of anyone."""

from datetime import timedelta
from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from cpts_sessions.core.clock import now
from cpts_sessions.core.french import typo
from cpts_sessions.mail import queries
from cpts_sessions.web.guards import Audience, guard

LONGEST_SILENCE: Final = timedelta(seconds=60)

blueprint = guard(Blueprint("health", __name__), Audience.PUBLIC, on_any_host=True)


@blueprint.get("/healthz")
def health() -> ResponseReturnValue:
    """Answer 200 when the database answers and the worker was at work in the last minute, else 503 and why."""
    trouble = _trouble()
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return f"{typo(trouble) if trouble else 'ok'}\n", 503 if trouble else 200, headers


def _trouble() -> str:
    try:
        beat = queries.last_beat()
    except SQLAlchemyError:
        return "La base de données ne répond pas."
    if beat is None:
        return "Le travail de fond n’a pas encore démarré."
    silence = now() - beat
    if silence > LONGEST_SILENCE:
        return f"Le travail de fond ne donne plus signe de vie depuis {int(silence.total_seconds())} s."
    return ""
