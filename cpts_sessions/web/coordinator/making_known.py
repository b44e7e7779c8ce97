"""« Faire connaître »: the poster, the paragraphs of the newsletter, the agendas to follow, the block of a site."""

from typing import Any
from uuid import UUID

from flask import Response, g, render_template, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.programmes import queries as programmes
from cpts_sessions.registrations import newsletter
from cpts_sessions.registrations.poster import FILE_NAME, poster, short_address
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import programme_or_404
from cpts_sessions.web.files import pdf_file


@blueprint.get("/faire-connaitre")
def making_known() -> ResponseReturnValue:
    """Show everything that can be printed, pasted or followed."""
    base = g.site.public_url
    every = programmes.programmes_of(g.site.id)
    feeds = [
        ("Toutes les séances", f"{base}{url_for('public.feed')}"),
        *((one.name, f"{base}{url_for('public.programme_feed', public_id=one.public_id)}") for one in every),
    ]
    return render_template("coordinator/making_known.html", feeds=feeds, **shown())


def shown() -> dict[str, Any]:
    """What `_making_known.html` reads: the poster, the paragraphs, the block."""
    return {
        "programmes": programmes.programmes_of(g.site.id),
        "paragraphs": newsletter.paragraphs(g.organisation),
        "snippet": render_template("coordinator/_block_snippet.html", base=g.site.public_url).strip(),
        "address": short_address(g.organisation),
    }


@blueprint.get("/affiche.pdf")
def poster_of_all() -> Response:
    """Give the poster of every programme."""
    return pdf_file(FILE_NAME, poster(g.organisation))


@blueprint.get("/dispositifs/<uuid:public_id>/affiche.pdf")
def poster_of_programme(public_id: UUID) -> Response:
    """Give the poster of one programme."""
    return pdf_file(FILE_NAME, poster(g.organisation, programme_or_404(public_id)))
