"""What every answer tells browsers, caches and search engines."""

from flask import Flask, g
from flask.wrappers import Response

from cpts_sessions.organisations.queries import Site

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: For the block that the site of a CPTS shows inside its own pages, and for nothing else.
FRAMED_ANYWHERE = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # not no-referrer: over https, a form posted without Referer is refused
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ONE_YEAR_SECONDS = 31_536_000


def install(app: Flask) -> None:
    """Add the headers to every answer of the application."""
    app.after_request(add)


def of_personal_file(site: Site) -> list[tuple[str, str]]:
    """Return the headers of a file that is one person's, for whoever answers before the application does."""
    personal = [*_ALWAYS.items(), ("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex")]
    if site.is_https:
        personal.append(("Strict-Transport-Security", f"max-age={_ONE_YEAR_SECONDS}"))
    return personal


def add(response: Response) -> Response:
    """Add what the answer does not say itself.

    What is not the same for everyone is never kept by a cache nor listed by a search engine, unless
    its view chose its own Cache-Control.
    """
    if response.location and 300 <= response.status_code < 400:
        response.set_data(b"")  # Werkzeug's page is in English, and browsers never show it
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    site: Site | None = g.site_or_none
    if site and site.is_https:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_ONE_YEAR_SECONDS}")
    if not g.is_same_for_everyone:
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("X-Robots-Tag", "noindex")
    return response
