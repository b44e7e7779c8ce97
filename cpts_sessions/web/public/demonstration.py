"""Entering a demonstration as one of its invented persons."""

from flask import Blueprint, abort, g, redirect, request
from flask.typing import ResponseReturnValue

from cpts_sessions.accounts import services
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.web import scope
from cpts_sessions.web.devices import device_name
from cpts_sessions.web.extensions import csrf
from cpts_sessions.web.guards import Audience, guard

blueprint = guard(Blueprint("demonstration", __name__, url_prefix="/demonstration"), Audience.PUBLIC)

_ROLES: dict[str, RoleName | None] = {
    "coordination": RoleName.COORDINATOR,
    "animation": RoleName.ANIMATOR,
    "participante": None,
}


@blueprint.post("/entrer/<role>")
def enter(role: str) -> ResponseReturnValue:
    """Sign in as the invented person of a role; nothing here for a real organisation."""
    if role not in _ROLES or not g.site.is_demonstration:
        abort(404)
    try:
        token = services.enter_demonstration(g.organisation, _ROLES[role], device_name(request.user_agent.string))
    except RuleBroken:
        abort(404)
    scope.enter(token)
    return redirect(scope.landing(g.roles), 303)


# the buttons stand on pages that are the same for everyone, hence without token; all they open is invented
csrf.exempt(enter)
