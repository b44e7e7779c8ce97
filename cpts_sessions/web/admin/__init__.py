"""Pages of the administrators."""

from flask import Blueprint

from cpts_sessions.web.guards import Audience, guard

blueprint = guard(Blueprint("admin", __name__, url_prefix="/admin"), Audience.ADMINISTRATOR)
