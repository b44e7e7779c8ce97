"""A QR code as a drawing (ISO/IEC 18004)."""

from io import BytesIO

import segno


def qr_svg(text: str, quiet_modules: int = 4) -> bytes:
    """Return the QR code of a text, an address for instance, as an SVG with its quiet zone.

    Args:
        quiet_modules: four by the standard; fewer only where what stands around is white too.
    """
    drawing = BytesIO()
    segno.make(text, micro=False, error="m").save(
        drawing, kind="svg", border=quiet_modules, xmldecl=False, svgclass=None
    )
    return drawing.getvalue()
