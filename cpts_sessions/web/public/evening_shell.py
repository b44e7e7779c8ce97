"""What a device keeps of the page of an evening to open it without network: its files, under one mark.

The mark changes with the files, the templates and the facts of the session: the service worker is then another one,
and the browser fetches page and files anew, together.
"""

import hashlib
import json
from typing import Final

from flask import current_app, url_for

from cpts_sessions.core.french import typo
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.web.templating import assets

#: Everything the page asks for, but what is of the CPTS.
_FILES: Final = (
    "vendor/pico.min.css",
    "css/tokens.css",
    "css/app.css",
    "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "icons/icons.svg",
    "js/evening.js",
    "js/evening_store.js",
    "js/evening_sending.js",
    "js/check_in.js",
    "vendor/lean-qr.js",
)
_TEMPLATES: Final = ("base.html", "public/evening.html", "public/_check_in.html")


def files() -> list[str]:
    """Return the URLs of what the page needs, with the colour and the logo of the CPTS."""
    context: dict[str, str] = {}
    current_app.update_template_context(context)
    return [*(assets().url(name) for name in _FILES), context["brand_url"], context["logo_url"]]


def service_worker(group_session: GroupSession) -> str:
    """Return the script of the service worker of one evening."""
    needed = files()
    loader, environment = current_app.jinja_env.loader, current_app.jinja_env
    assert loader is not None
    sources = [loader.get_source(environment, name)[0] for name in _TEMPLATES]
    facts = [wording.session_values(group_session)[name] for name in ("titre", "quand", "lieu")]
    mark = hashlib.sha256(json.dumps([needed, sources, facts]).encode()).hexdigest()[:16]
    head = f"const MARK = {json.dumps(mark)};\nconst FILES = {json.dumps(needed)};\n"
    return head + assets().bodies["js/evening_worker.js"].decode()


def manifest() -> str:
    """Return what a telephone needs to put the page among its applications: a neutral name, the logo."""
    return json.dumps(
        {
            "name": typo("Présences"),
            "short_name": typo("Présences"),
            "lang": "fr",
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
            "icons": [{"src": url_for("public.logo"), "sizes": "any"}],
        }
    )
