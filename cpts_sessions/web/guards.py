"""Who may use which page: each blueprint declares its audience, and what is not declared is refused."""

from enum import StrEnum

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from cpts_sessions.accounts.queries import Roles

_AUDIENCES = "cpts_audiences"
_ON_ANY_HOST = "cpts_on_any_host"


class Audience(StrEnum):
    """For whom a blueprint is."""

    PUBLIC = "public"  # anyone, personal links included
    SIGNED_IN = "signed_in"
    ANIMATOR = "animator"  # animators, and the coordination, which may act in their place
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


def guard(blueprint: Blueprint, audience: Audience, *, on_any_host: bool = False) -> Blueprint:
    """Declare for whom every page of a blueprint is. Give the blueprint back.

    Who is not signed in is sent to sign in; who is, without the role, finds nothing (404). Which session or
    person a page may show within its organisation is for the view's query.

    Args:
        on_any_host: also answer when the Host is no organisation's, or the database is down: for probes.
    """

    def declare(state: BlueprintSetupState) -> None:
        state.app.extensions.setdefault(_AUDIENCES, {})[state.name] = audience
        if on_any_host:
            state.app.extensions.setdefault(_ON_ANY_HOST, set()).add(state.name)

    blueprint.record(declare)
    return blueprint


def install(app: Flask) -> None:
    """Check every request before its view; before anything that reads its form."""
    app.extensions.setdefault(_AUDIENCES, {})
    app.extensions.setdefault(_ON_ANY_HOST, set())
    app.before_request(_check)


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """Return the declared audience of an endpoint; None when nobody declared it."""
    declared: dict[str, Audience] = app.extensions[_AUDIENCES]
    return declared.get(endpoint.rpartition(".")[0])


def safe_path(path: str | None) -> str | None:
    """Return the path if it can only lead within this site, else None."""
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return None
    return path if path.isprintable() else None


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: the router answers
    audience = audience_of(current_app, request.endpoint)
    if request.blueprint not in current_app.extensions[_ON_ANY_HOST]:
        _ = g.site  # 404 or 503 without organisation
    if audience is Audience.PUBLIC:
        return None
    if audience is None:
        abort(404)
    if g.signed_in is None:
        return _to_sign_in()
    if not _is_in(g.roles, audience):
        abort(404)
    return None


def _is_in(roles: Roles, audience: Audience) -> bool:
    return {
        Audience.SIGNED_IN: True,
        Audience.ANIMATOR: roles.is_animator or roles.is_coordinator,
        Audience.COORDINATOR: roles.is_coordinator,
        Audience.ADMINISTRATOR: roles.is_administrator,
    }[audience]


def _to_sign_in() -> ResponseReturnValue:
    if "closed" in g:
        flash(g.closed, "info")
    wanted = safe_path(request.full_path.rstrip("?")) if request.method in ("GET", "HEAD") else None
    return redirect(url_for("sign_in.ask", suite=wanted), 303)
