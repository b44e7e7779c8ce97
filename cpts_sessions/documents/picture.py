"""A picture of any kind as PNG: what word processors read."""

import json
from functools import lru_cache

import typst

_HEIGHT_POINTS = 36
_PAGE = f"""#set page(width: auto, height: auto, margin: 0pt, fill: none)
#let data = json(bytes(sys.inputs.data))
#image(bytes(data.picture), format: data.kind, height: {_HEIGHT_POINTS}pt)""".encode()


@lru_cache(maxsize=16)
def as_png(picture: bytes, kind: str, height_pixels: int) -> bytes:
    """Draw a picture (of kind `png`, `jpg`, `webp` or `svg`) as PNG, so many pixels high, on nothing.

    Raises:
        typst.TypstError: it cannot be drawn (see `pdf.can_draw`).
    """
    compiler = typst.Compiler(
        _PAGE,
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"data": json.dumps({"picture": list(picture), "kind": kind})},
    )
    drawn = compiler.compile(format="png", ppi=72 * height_pixels / _HEIGHT_POINTS)
    assert isinstance(drawn, bytes)
    return drawn
