"""A form as its page gives it: what a browser would send if nothing more were typed."""

from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cpts_sessions.extensions import db


def fields_of(html: str, holding: str) -> dict[str, list[str]]:
    """Return the fields, with their values, of the form that holds a field of this name."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    for form in tree.iter("form"):
        found: dict[str, list[str]] = {}
        for element in form.iter():
            _read(element, found)
        names = {element.get("name") for element in form.iter() if element.get("name")}
        if form.get("method") == "post" and holding in names:
            return found
    raise AssertionError(f"no form holds {holding}")


def _read(element: Any, found: dict[str, list[str]]) -> None:
    name, kind = element.get("name"), element.get("type")
    if not name or element.tag == "button":
        return
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        found.setdefault(name, []).extend(one.get("value") for one in chosen)
    elif element.tag == "textarea":
        found.setdefault(name, []).append((element.text or "").removeprefix("\n"))
    elif element.tag == "input" and (kind not in ("checkbox", "radio") or element.get("checked") is not None):
        found.setdefault(name, []).append(element.get("value") or "")


def send(browser: FlaskClient, path: str, *, holding: str, to: str | None = None, **changes: Any) -> TestResponse:
    """Open a page, change some fields of its form and send it (`to`, else the page itself)."""
    fields = fields_of(browser.get(path).get_data(as_text=True), holding)
    return send_fields(browser, to or path, {**fields, **changes})


def send_fields(browser: FlaskClient, path: str, fields: dict[str, Any]) -> TestResponse:
    """Send fields as a browser would; what the test reads next is what is stored then."""
    headers = {"Origin": "http://localhost", "Referer": f"http://localhost{path}"}
    response = browser.post(path, data=fields, headers=headers)
    db.session.rollback()
    return response
