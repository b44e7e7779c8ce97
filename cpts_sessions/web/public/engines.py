"""What search engines are told: the agenda and the announced sessions, nothing else."""

from flask import Response, g, render_template

from cpts_sessions.registrations import agenda
from cpts_sessions.web.public import blueprint

MOST_DATES = 1_000
_KEPT = "public, max-age=3600"
_ROBOTS = """User-agent: *
Allow: /$
Allow: /seances/
Allow: /static/
Allow: /marque.css
Allow: /logo
Disallow: /seances/*/
Disallow: /
Sitemap: {base}/sitemap.xml
"""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Say what may be read; the personal links, which nothing leads to, least of all."""
    g.is_same_for_everyone = True
    return _kept(Response(_ROBOTS.format(base=g.site.public_url), content_type="text/plain; charset=utf-8"))


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Give the addresses of the agenda and of the sessions one may sign up to, and when each last changed."""
    g.is_same_for_everyone = True
    sessions = agenda.next_open(g.site.id, MOST_DATES)
    text = render_template("public/sitemap.xml", base=g.site.public_url, sessions=sessions)
    return _kept(Response(text, content_type="application/xml; charset=utf-8"))


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = _KEPT
    answer.headers["X-Robots-Tag"] = "noindex"  # the list itself is no page
    return answer
