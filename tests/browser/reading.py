"""What a browser can say of a page: accessibility, width, requests to other sites."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

_AXE = Path(__file__).parent / "vendor" / "axe.min.js"

#: WCAG 2.0, 2.1 and 2.2, levels A and AA, and what axe calls best practice; named, so that the rules which are off by
#: default (the size of targets) are on.
_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Watch:
    """Everything a browser context asks for and complains about."""

    def __init__(self, context: BrowserContext) -> None:
        """Start watching; pages opened later are watched too."""
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "Content Security Policy" in text:
            self.complaints.append(text)


_watches: dict[int, Watch] = {}


def watch(context: BrowserContext) -> Watch:
    """Return the watch of this context, started by the first call."""
    if id(context) not in _watches:
        _watches[id(context)] = Watch(context)
    return _watches[id(context)]


def forget(context: BrowserContext) -> None:
    """Stop keeping what was seen of a context that is closed."""
    _watches.pop(id(context), None)


def axe(page: Page) -> list[str]:
    """Return the accessibility violations of the page once loaded, `rule: what (where)`; none is [].

    The reader is given to the page by the debugger: its Content-Security-Policy stays in force.
    """
    page.wait_for_load_state()
    debugger = page.context.new_cdp_session(page)
    try:
        if _evaluate(debugger, "typeof axe") == "undefined":  # once a page, however many looks
            _evaluate(debugger, f"{_axe_source()}; undefined")
        options = {"resultTypes": ["violations"], "runOnly": _STANDARDS, "preload": False}
        found = _evaluate(debugger, f"axe.run(document, {json.dumps(options)}).then(r => r.violations)")
    finally:
        debugger.detach()
    return [f"{v['id']}: {v['help']} ({node['target']})" for v in found for node in v["nodes"]]


def _evaluate(debugger: Any, expression: str) -> Any:
    answer = debugger.send(
        "Runtime.evaluate",
        {"expression": expression, "awaitPromise": True, "returnByValue": True, "allowUnsafeEvalBlockedByCSP": True},
    )
    if "exceptionDetails" in answer:
        raise AssertionError(answer["exceptionDetails"])
    return answer["result"].get("value")


@cache
def _axe_source() -> str:
    return _AXE.read_text(encoding="utf-8")


def no_third_party(page: Page) -> list[str]:
    """Return what the pages of this context asked of any other site than the one shown; none is []."""
    here = urlsplit(page.url).netloc
    asked = [urlsplit(url) for url in watch(page.context).requests]
    return [url.geturl() for url in asked if url.scheme not in ("data", "about", "blob") and url.netloc != here]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window: 0 when nobody has to scroll sideways."""
    page.wait_for_load_state()
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
