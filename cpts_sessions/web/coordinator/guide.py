"""The guides of each role, read where one works."""

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.web import guides
from cpts_sessions.web.coordinator import blueprint

_NAMES = ", ".join(guides.GUIDES)


@blueprint.get(f"/guide/<any({_NAMES}):guide>")
def guide(guide: str) -> ResponseReturnValue:
    """Show the guide of a role."""
    text = guides.guide(
        guide,
        lambda name: url_for(".guide", guide=name),
        lambda name: url_for(".guide_picture", picture=name),
    )
    tabs = [(url_for(".guide", guide=name), words, name == guide) for name, words in guides.GUIDES.items()]
    return render_template("coordinator/guide.html", title=guides.GUIDES[guide], text=text, guides=tabs)


@blueprint.get("/guide/images/<picture>.png")
def guide_picture(picture: str) -> Response:
    """Give a picture of the guides."""
    file = guides.folder() / "images" / f"{picture}.png"
    if not file.is_file():
        abort(404)
    return Response(file.read_bytes(), mimetype="image/png")
