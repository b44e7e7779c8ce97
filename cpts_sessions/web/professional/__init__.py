"""One professional's own page, once she has signed in."""

from flask import Blueprint

from cpts_sessions.web.guards import Audience, guard

blueprint = guard(Blueprint("professional", __name__, url_prefix="/ma-page"), Audience.SIGNED_IN)
