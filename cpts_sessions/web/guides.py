"""The guides of docs/guide as pages: who coordinates has no folder of the server at hand."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from cpts_sessions.core.paths import beside
from cpts_sessions.web.french_loader import french_html

#: Each guide, by its file and its address, with what a link to it is called.
GUIDES: Final = {
    "coordination": "Coordination",
    "animation": "Animation",
    "participation": "Participation",
    "administration": "Administration",
}
_FILE = re.compile(r"(?:(?P<guide>\w+)\.md)?(?P<anchor>#.+)?")


def folder() -> Path:
    """Return where the guides are, in the checkout or in the wheel; their pictures are in `images`."""
    return beside("docs/guide")


def guide(name: str, url_of: Callable[[str], str], picture_url: Callable[[str], str]) -> Markup:
    """Return one of GUIDES as safe HTML: headings have anchors, links lead to the pages of the other guides.

    A link to a document that is not a guide keeps its words alone: only the guides are served.
    """
    reader = _reader()
    tokens = reader.parse((folder() / f"{name}.md").read_text(encoding="utf-8"))
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(tokens[place + 1].content))
        elif token.type == "inline":
            token.children = list(_led(token.children or [], url_of, picture_url))
    rendered: str = reader.renderer.render(tokens, reader.options, {})
    return Markup(french_html(rendered))


def anchor(heading: str) -> str:
    """Return the anchor of a heading, as the hosts of repositories make it: the links of the guides count on it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _led(tokens: Sequence[Token], url_of: Callable[[str], str], picture_url: Callable[[str], str]) -> Iterator[Token]:
    """Give the tokens of a line, their addresses being those of pages; an address that is not served is left out."""
    leads = True
    for token in tokens:
        if token.type == "image":
            token.attrSet("src", picture_url(Path(str(token.attrGet("src"))).stem))
            token.attrSet("loading", "lazy")
        elif token.type == "link_open":
            target = _FILE.fullmatch(str(token.attrGet("href")))
            leads = target is not None and (target["guide"] is None or target["guide"] in GUIDES)
            if target and leads:
                token.attrSet("href", (url_of(target["guide"]) if target["guide"] else "") + (target["anchor"] or ""))
        if leads or token.type not in ("link_open", "link_close"):
            yield token


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")
