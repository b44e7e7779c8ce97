"""The HTML of the e-mails: one column, no picture, styles written inside each element.

Inlining styles is slow, so it is done once per kind of message, colours and set of empty variables; what changes
from one person to the next is only pasted, escaped, into the finished page.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from html import escape
from string import Template as Stencil

import css_inline

from cpts_sessions.mail.template import (
    FOLDER,
    Line,
    Link,
    Paragraph,
    Piece,
    Template,
    is_address,
    is_link,
    kept,
    sole_variable,
    variables_in,
)

LISTS = frozenset({"dates", "dates_attente", "autres_dates"})
QUOTED = frozenset({"raison", "mot_de_la_coordination"})
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_EACH = re.compile(r"<!--each:(\w+)-->(.*?)<!--/each-->", re.DOTALL)
_LABEL = re.compile(r"^\w+\s:(?=\s)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_OPENED = re.compile(r"https?://[^\s<]*[^\s<.,;:!?)]")  # an address typed in a text, once escaped


@dataclass(frozen=True)
class Palette:
    """The four colours, as `#rrggbb`, that follow the brand of a CPTS; those of the house by default.

    `accent` must be readable on white paper and `dark_accent` on dark paper: links and the button wear them.
    """

    accent: str = "#11645b"
    soft: str = "#e2f4f1"
    dark_accent: str = "#8bd5c9"
    dark_soft: str = "#21302e"


@dataclass(frozen=True)
class _Stretch:
    """A stretch of finished page: `parts` holds HTML at even places, names of variables at odd ones.

    It is written once for each item of the list variable `each`, or once when there is none.
    """

    each: str
    parts: tuple[str, ...]


def render(template: Template, foot: Paragraph, palette: Palette, values: Mapping[str, str]) -> str:
    """Return the whole page. `values` also holds `subject`, `preview` and `public_url`."""
    used = template.variables | variables_in(foot)
    empty = frozenset(name for name in used if not values[name])
    plain = frozenset(name for name in used - empty if is_link(name) and not is_address(values[name]))
    escaped = {name: _value(name, value) for name, value in values.items()}
    written = []
    for stretch in _page(template, foot, palette, empty, plain):
        for item in _items(escaped[stretch.each]) if stretch.each else [""]:
            parts = list(stretch.parts)
            parts[1::2] = [item if name == "item" else escaped[name] for name in parts[1::2]]
            written += parts
    return "".join(written)


def _value(name: str, value: str) -> str:
    if name == "aide":
        return _BOLD.sub(r"<strong>\1</strong>", escape(value))
    if name == "message_libre":
        typed = _OPENED.sub(r'<a href="\g<0>">\g<0></a>', escape(value))
        return _BOLD.sub(r"<strong>\1</strong>", typed).replace("\n", "<br>")
    return escape(value) if name in LISTS else escape(value).replace("\n", "<br>")


def _items(value: str) -> list[str]:
    return [line.strip().removeprefix("- ") for line in value.splitlines() if line.strip()]


@lru_cache(maxsize=1024)
def _page(
    template: Template, foot: Paragraph, palette: Palette, empty: frozenset[str], plain: frozenset[str]
) -> tuple[_Stretch, ...]:
    """Write, inline and cut one page. `plain` are the variables of links that hold no address: they open nothing."""
    body = [_paragraph(template, lines, plain) for lines in kept(template.paragraphs, empty)]
    body[0] = body[0].replace("<p>", "<h1>", 1).replace("</p>", "</h1>", 1)
    button = template.button
    if button and button.variable not in variables_in(*template.paragraphs) | empty:
        body.insert(-1, _button(button, plain))
    fine = [_paragraph(template, lines, plain) for lines in kept([(line,) for line in foot], empty)]
    style = Stencil((FOLDER / "_mail.css").read_text(encoding="utf-8")).substitute(asdict(palette))
    frame = (FOLDER / "_frame.html").read_text(encoding="utf-8")
    whole = Stencil(frame).substitute(style=style, body="\n".join(body), foot="\n".join(fine))
    inlined = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(whole)
    cut = _EACH.split(inlined)  # html, list, html of one item, html, list, …
    stretches = [_Stretch("", tuple(_SLOT.split(cut[0])))]
    for each, one, after in zip(cut[1::3], cut[2::3], cut[3::3], strict=True):
        stretches += [_Stretch(each, tuple(_SLOT.split(one))), _Stretch("", tuple(_SLOT.split(after)))]
    return tuple(stretches)


def _paragraph(template: Template, lines: Paragraph, plain: frozenset[str]) -> str:
    """One paragraph: a box when it begins with the title of a session, a quotation when it gives someone's words."""
    if sole_variable(lines[0]) == "titre":
        return _box(template, lines, plain)
    blocks: list[str] = []
    run: list[str] = []
    for line in lines:
        variable = sole_variable(line)
        block = ""
        if template.button and variable == template.button.variable:
            block = _button(template.button, plain)
        elif variable in LISTS:
            block = _list(template, variable, plain)
        if not block:
            run.append(_line(template, line, plain))
            continue
        blocks += [*_closed(run), block]
        run = []
    blocks += _closed(run)
    return f'<div class="quote">{"".join(blocks)}</div>' if variables_in(lines) & QUOTED else "\n".join(blocks)


def _closed(run: list[str]) -> list[str]:
    return [f"<p>{'<br>'.join(run)}</p>"] if run else []


def _box(template: Template, lines: Paragraph, plain: frozenset[str]) -> str:
    title, *rest = (_line(template, line, plain) for line in lines)
    labelled = [_LABEL.sub(r'<span class="label">\g<0></span>', line, count=1) for line in rest]
    return f'<div class="when"><p class="big">{title}</p>{"".join(_closed(labelled))}</div>'


def _list(template: Template, variable: str, plain: frozenset[str]) -> str:
    item = "{{item}}"
    if variable == "dates" and template.item and template.item.variable not in plain:
        item = f'<span class="date">{item}</span> {_link(template.item, plain, "whole")}'
    return f"<ul><!--each:{variable}--><li>{item}</li><!--/each--></ul>"


def _button(link: Link, plain: frozenset[str]) -> str:
    return f'<p class="act">{_link(link, plain, "button")}</p>'


def _line(template: Template, line: Line, plain: frozenset[str]) -> str:
    return "".join(_piece(template, piece, plain) for piece in line)


def _piece(template: Template, piece: Piece, plain: frozenset[str]) -> str:
    if not piece.variable:
        written = escape(piece.words)
    elif is_link(piece.variable) and (piece.variable, piece.variable in plain) != ("visio", True):
        written = _link(template.link_for(piece.variable), plain)
    else:
        written = _AROUND.get(piece.variable, "{}").format(f"{{{{{piece.variable}}}}}")
    written = f"<strong>{written}</strong>" if piece.bold else written
    return f"<s>{written}</s>" if piece.struck else written


_AROUND = {"code": '<span class="code">{}</span>', "contact": '<a href="mailto:{0}">{0}</a>'}


def _link(link: Link, plain: frozenset[str], kind: str = "") -> str:
    words = "".join(escape(piece.words) for piece in link.words)
    shape = f' class="{kind}"' if kind else ""
    if link.variable in plain:
        return f"<span{shape}>{words}</span> ({{{{{link.variable}}}}})"
    return f'<a{shape} href="{{{{{link.variable}}}}}">{words}</a>'
