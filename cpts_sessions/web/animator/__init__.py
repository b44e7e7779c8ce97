"""The pages of the person who animates."""

from flask import Blueprint

from cpts_sessions.web.guards import Audience, guard

blueprint = guard(Blueprint("animator", __name__, url_prefix="/animation"), Audience.ANIMATOR)
