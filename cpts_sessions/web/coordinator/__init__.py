"""Pages of the coordination."""

from flask import Blueprint

from cpts_sessions.web.guards import Audience, guard

blueprint = guard(Blueprint("coordinator", __name__, url_prefix="/coordination"), Audience.COORDINATOR)
