"""The text of a page of the report, read: its few marks of Markdown, and its fields said in place; pure.

The same marks as in a presentation (bold, italics, lists, links, line ends), and headings. What a field says is never
read as Markdown, and no HTML is: every document draws these blocks its own way.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import Audience, Page
from cpts_sessions.reports.annual.marks import with_public_sentences

_MARKS = ("emphasis", "escape", "heading", "link", "list", "newline")
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
_HOLE = "\ue000"  # stands between two runs while their words are read as one sentence
_ENDED = re.compile(r"(?:^|[.!?…]\s|\n)$")

Kind = Literal["heading", "paragraph", "bullets", "numbers"]


@dataclass(frozen=True)
class Run:
    """Words of one look. `text` may hold line ends; `field_key`: the field that says them, `link`: where they lead."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    field_key: str = ""


@dataclass(frozen=True)
class Block:
    """One block, typographic. Headings and paragraphs have `runs`, lists have `items`.

    `level` of a heading: 1 or 2, never 2 before a 1. `start`: the first number of a numbered list.
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    items: tuple[tuple[Run, ...], ...] = ()
    level: int = 0
    start: int = 1

    @property
    def text(self) -> str:
        """Its words alone, a line per item."""
        return "\n".join("".join(run.text for run in one) for one in (self.items or (self.runs,)))


def blocks(page: Page, audience: Audience) -> list[Block]:
    """Return the text of a page as this audience reads it; a key that is no field of the page stays as typed.

    A sentence copied whole by hand is said as its field is: what is published has the form that may be.
    """
    said = {one.key: one.said_to(audience) for one in page.fields}
    text = page.text.markdown
    return read(with_public_sentences(page, text) if audience is Audience.PUBLIC else text, said)


def read(text: str, said: dict[str, str]) -> list[Block]:
    """Return the blocks of a text, in which `{key}` becomes what `said` has under this key.

    The outermost headings of the text are of level 1, all others of level 2. Lists inside lists are told one after
    another.
    """
    found = [block for block in _blocks(_reader().parse(text.replace(_HOLE, "")), said) if block.text.strip()]
    outermost = min((block.level for block in found if block.kind == "heading"), default=1)
    levelled, has_first = [], False
    for block in found:
        if block.kind == "heading":
            levelled.append(replace(block, level=1 if block.level == outermost or not has_first else 2))
            has_first = True
        else:
            levelled.append(block)
    return levelled


def quoted(text: str) -> list[str]:
    """Return the keys that a text quotes, known or not, each once, in their order; after a backslash it is words."""
    tokens = (child for token in _reader().parse(text) for child in token.children or ())
    return list(dict.fromkeys(token.content for token in tokens if token.type == "field"))


def unknown(page: Page, text: str | None = None) -> list[str]:
    """Return the keys that the text of a page quotes and that are no field of it."""
    return [key for key in quoted(page.text.markdown if text is None else text) if page.field(key) is None]


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"html": False, "breaks": True}).enable(list(_MARKS))
    reader.inline.ruler.before("text", "field", _field)
    reader.validateLink = _is_address  # type: ignore[method-assign]
    return reader


def _field(state: StateInline, silent: bool) -> bool:
    match = _FIELD.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("field", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _is_address(url: str) -> bool:
    return _ADDRESS.match(url) is not None


def _blocks(tokens: Sequence[Token], said: dict[str, str]) -> Iterator[Block]:
    """Walk the tokens of a text; the words of a list gather in one block until its outermost list closes."""
    kind: Kind = "paragraph"
    level, depth, start = 0, 0, 1
    items: list[list[Run]] = []
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open" if not depth:
                kind = "bullets" if token.type.startswith("bullet") else "numbers"
                depth, items, start = 1, [], int(token.attrs.get("start", 1))
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
                if not depth:
                    yield Block(kind, items=tuple(_typographic(one) for one in items if one), start=start)
            case "list_item_open":
                items.append([])
            case "heading_open":
                level = int(token.tag[1:])
            case "inline" if depth:
                items[-1] += [*([Run("\n")] if items[-1] else []), *_runs(token.children or (), said)]
            case "inline":
                runs = _typographic(list(_runs(token.children or (), said)))
                yield Block("heading" if level else "paragraph", runs, level=level)
                level = 0


def _runs(tokens: Sequence[Token], said: dict[str, str]) -> Iterator[Run]:
    bold, italic, link = 0, 0, ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                link = str(token.attrs["href"])
            case "link_close":
                link = ""
            case "softbreak" | "hardbreak":
                yield Run("\n", bool(bold), bool(italic), link)
            case "field" if token.content in said:
                yield Run(said[token.content], bool(bold), bool(italic), link, token.content)
            case "field":
                yield Run(f"{{{token.content}}}", bool(bold), bool(italic), link)
            case _ if token.content:
                yield Run(token.content, bool(bold), bool(italic), link)


def _typographic(runs: list[Run]) -> tuple[Run, ...]:
    """The same runs read as one sentence: French spaces, and a capital for a field that begins a sentence."""
    told, before = [], ""
    for run in runs:
        text = run.text.replace(_HOLE, "")
        if run.field_key and _ENDED.search(before):
            text = text[:1].upper() + text[1:]
        before = (before + text)[-2:]
        told.append(text)
    words = french.held(_HOLE.join(told)).split(_HOLE)
    return tuple(replace(run, text=text) for run, text in zip(runs, words, strict=True))
