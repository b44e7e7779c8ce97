"""Pages for anyone: the agenda, a session, its sign-up, and what a personal link opens."""

from flask import Blueprint

from cpts_sessions.web.guards import Audience, guard

blueprint = guard(Blueprint("public", __name__), Audience.PUBLIC)
