"""PDF from a Typst template and values: accessible (PDF/UA-1), with its fonts inside.

Values go in as data, never as markup: nothing a person typed can be read as an instruction.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import typst

from cpts_sessions.core.clock import now
from cpts_sessions.core.paths import PACKAGE, beside

TEMPLATE_NAME = re.compile(r"[a-z][a-z0-9_]*")

_NOT_DRAWN = "?"
_KEPT_CONTROLS = "\n\t"
_PROBE = b"""#set document(title: "-")
#set text(font: ("Atkinson Hyperlegible Next", "Libertinus Serif", "DejaVu Sans Mono"))
#json(bytes(sys.inputs.data)).text"""
_PICTURE_PROBE = b"""#set document(title: "-")
#let data = json(bytes(sys.inputs.data))
#image(bytes(data.picture), format: data.kind, alt: "-", height: 1cm)"""


def compile(template: str, values: Mapping[str, Any]) -> bytes:
    """The document `templates/documents/<template>.typ` makes of these values, as a PDF/UA-1 file.

    Values are what JSON knows, and bytes (pictures). Characters that no font of ours can draw are composed, else
    replaced with a question mark: a name with a smiley does not prevent a sheet from being printed. May be called
    by several threads at once; tens of milliseconds, so never inside a transaction.

    Raises:
        ValueError: the template has no such name.
        typst.TypstError: the template is wrong, does not fit the values, or is not accessible.
    """
    folder = beside("templates") / "documents"
    if not TEMPLATE_NAME.fullmatch(template) or not (folder / f"{template}.typ").is_file():
        raise ValueError(f"no such document: {template}")
    return _compiled((folder / f"{template}.typ").read_bytes(), folder, _drawable(values))


@lru_cache(maxsize=64)
def can_draw(picture: bytes, kind: str) -> bool:
    """Whether this picture (of kind `png`, `jpg`, `webp` or `svg`) can stand in a document: a broken one cannot."""
    return _passes(_PICTURE_PROBE, {"picture": picture, "kind": kind})


def _compiled(source: bytes, root: Path, values: Any) -> bytes:
    compiler = typst.Compiler(
        source,
        root=str(root),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(values, default=list)},  # bytes are no JSON: a list of numbers is
    )
    document = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(now().timestamp()))
    assert isinstance(document, bytes)
    return document


@cache
def _fonts() -> typst.Fonts:
    """Ours, and those inside Typst for the letters ours lacks; none of the machine: all print alike."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(PACKAGE / "documents" / "fonts")])


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return _drawable_text(value)
    if isinstance(value, Mapping):
        return {name: _drawable(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_drawable(inner) for inner in value]
    return value


def _drawable_text(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter if letter.isascii() and letter.isprintable() else _drawn(letter) for letter in composed)


@lru_cache(maxsize=4096)
def _drawn(letter: str) -> str:
    """The letter if a font can draw it; nothing for a mark of direction or a control; else a question mark."""
    if letter in _KEPT_CONTROLS:
        return letter
    if unicodedata.category(letter) in {"Cc", "Cf", "Cs"}:
        return ""
    # a mark is drawn on a letter, a space between two
    return letter if _passes(_PROBE, {"text": f"o{letter}o"}) else _NOT_DRAWN


def _passes(source: bytes, values: Mapping[str, Any]) -> bool:
    try:
        _compiled(source, beside("templates") / "documents", values)
    except typst.TypstError:  # PDF/UA-1 refuses a letter without a glyph
        return False
    return True
