"""The colour and the logo of a CPTS, the only parts of its pages that are its own."""

import hashlib
from datetime import timedelta
from functools import lru_cache
from urllib.parse import quote

from flask import Response, g, request, url_for
from sqlalchemy import select

from cpts_sessions.extensions import db
from cpts_sessions.organisations.brand import brand_css, logo_svg
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import Site
from cpts_sessions.web.public import blueprint

FOR_EVER = timedelta(days=365)  # under an address that changes with its content
LOGO_KEPT = timedelta(minutes=5)


@blueprint.app_context_processor
def brand() -> dict[str, str]:
    """Tell every page where its colour and its logo are."""
    site: Site | None = g.site_or_none
    if site is None:
        return {}
    mark = hashlib.sha256(f"{site.brand_color} {site.logo_type}".encode()).hexdigest()[:8]
    return {
        "brand_url": url_for("public.colour", v=mark),
        "logo_url": url_for("public.logo", v=mark),
        "tab_icon": _tab_icon(site.brand_color),
    }


@lru_cache(maxsize=100)
def _tab_icon(colour: str) -> str:
    """The ring of seats in the colour of the CPTS, inside the page: one request less."""
    return "data:image/svg+xml," + quote(logo_svg(colour).strip(), safe="/:=' ")


@blueprint.get("/marque.css")
def colour() -> Response:
    """Give the stylesheet that says the colour."""
    g.is_same_for_everyone = True
    return _kept(Response(brand_css(g.site.brand_color), mimetype="text/css"), FOR_EVER)


@blueprint.get("/logo")
def logo() -> Response:
    """Give the logo, or the ring of seats in the colour of the CPTS until it brings its own."""
    g.is_same_for_everyone = True
    statement = select(Organisation.logo, Organisation.logo_type).where(Organisation.id == g.site.id)
    picture, kind = db.session.execute(statement).one()
    if picture and kind:
        return _kept(Response(picture, mimetype=kind), LOGO_KEPT)
    return _kept(Response(logo_svg(g.site.brand_color), mimetype="image/svg+xml"), LOGO_KEPT)


def _kept(response: Response, during: timedelta) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = int(during.total_seconds())
    response.add_etag()
    response.make_conditional(request)
    return response
