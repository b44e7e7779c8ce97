"""The strict reader through which every page opened by a test goes."""

from collections import Counter
from html.parser import HTMLParser

import html5lib


class PageFault(AssertionError):
    """A page that no reader should be given."""


def read_strictly(html: str) -> None:
    """Read a page as a demanding browser and a screen reader would.

    Raises:
        PageFault: invalid HTML, not exactly one h1, a field without its label, an id used twice,
            an inline style or script, a link or button without words, a resource of another site.
    """
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(html)
    errors = [code for _, code, _ in parser.errors]
    if errors:
        raise PageFault(f"invalid HTML: {errors[:5]}")
    elements = list(tree.iter())
    _check_structure(elements)
    _check_fields(elements)
    _check_words(elements)
    _check_policy(elements)


def _tag(element) -> str:  # type: ignore[no-untyped-def]
    return element.tag if isinstance(element.tag, str) else ""


def _check_structure(elements: list) -> None:  # type: ignore[type-arg]
    titles = [e for e in elements if _tag(e) == "h1"]
    if len(titles) != 1:
        raise PageFault(f"{len(titles)} h1 instead of one")
    html = next(e for e in elements if _tag(e) == "html")
    if html.get("lang") != "fr":
        raise PageFault("the page does not say it is in French")
    twice = [i for i, n in Counter(e.get("id") for e in elements if e.get("id")).items() if n > 1]
    if twice:
        raise PageFault(f"ids used twice: {twice}")
    ids = {e.get("id") for e in elements}
    for element in elements:
        for name in ("aria-describedby", "aria-labelledby", "for"):
            missing = [i for i in (element.get(name) or "").split() if i not in ids]
            if missing:
                raise PageFault(f"{name} points to nothing: {missing}")


def _check_fields(elements: list) -> None:  # type: ignore[type-arg]
    labelled = {e.get("for") for e in elements if _tag(e) == "label"}
    inside = {id(c) for e in elements if _tag(e) == "label" for c in e.iter()}
    for element in elements:
        if _tag(element) not in ("input", "select", "textarea"):
            continue
        if element.get("type") in ("hidden", "submit", "button"):
            continue
        named = element.get("id") in labelled or id(element) in inside
        if not (named or element.get("aria-label") or element.get("aria-labelledby")):
            raise PageFault(f"a field without label: {element.get('name')}")


def _check_words(elements: list) -> None:  # type: ignore[type-arg]
    for element in elements:
        if _tag(element) in ("a", "button"):
            words = "".join(element.itertext()).strip() or element.get("aria-label")
            pictured = any(_tag(c) in ("img", "svg") and (c.get("alt") or c.get("aria-label")) for c in element.iter())
            if not words and not pictured:
                raise PageFault(f"a {_tag(element)} without words: {element.attrib}")


def _check_policy(elements: list) -> None:  # type: ignore[type-arg]
    for element in elements:
        if element.get("style") is not None or _tag(element) == "style":
            raise PageFault("an inline style, which the CSP refuses")
        if _tag(element) == "script" and not element.get("src"):
            raise PageFault("an inline script, which the CSP refuses")
        if any(name.startswith("on") for name in element.attrib):
            raise PageFault("an inline event handler, which the CSP refuses")
        source = element.get("src") or (element.get("href") if _tag(element) == "link" else None) or ""
        if source.startswith(("http:", "https:", "//")) and element.get("rel") not in ("canonical",):
            raise PageFault(f"a request to another site: {source}")


class TextOf(HTMLParser):
    """Collects the words of a page, spaces made plain."""

    def __init__(self) -> None:
        """Start with nothing."""
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.parts.append(data)


def words(html: str) -> str:
    """Return the visible words of a page, all kinds of spaces and apostrophes made plain."""
    reader = TextOf()
    reader.feed(html)
    text = " ".join(reader.parts).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    return " ".join(text.split())
