"""The agenda inside the site of the CPTS: a page for a frame, the only one that other sites may frame. No cookie."""

from flask import Response, g, make_response, render_template

from cpts_sessions.registrations import agenda
from cpts_sessions.web import headers
from cpts_sessions.web.assets import STATIC
from cpts_sessions.web.public import blueprint

MOST_DATES = 5
_SCRIPT = STATIC / "js" / "embedded.js"
_KEPT = "public, max-age=300"


@blueprint.get("/bloc")
def block() -> Response:
    """Show the next dates one can sign up to; every link leaves the frame."""
    g.is_same_for_everyone = True
    sessions = agenda.next_with_sign_ups(g.site.id, MOST_DATES)
    answer = make_response(render_template("public/block.html", sessions=sessions))
    answer.headers["Content-Security-Policy"] = headers.FRAMED_ANYWHERE
    answer.headers["Cache-Control"] = _KEPT
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.get("/bloc.js")
def block_script() -> Response:
    """Give the script that sets the height of the frame, under an address that never changes."""
    g.is_same_for_everyone = True
    answer = Response(_SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = _KEPT
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
