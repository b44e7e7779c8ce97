"""A QR code as a drawing (ISO/IEC 18004)."""

from io import BytesIO

import segno


def qr_svg(text: str) -> bytes:
    """Return the QR code of a text, an address for instance, as an SVG with its quiet zone of four modules."""
    drawing = BytesIO()
    segno.make(text, micro=False, error="m").save(drawing, kind="svg", border=4, xmldecl=False, svgclass=None)
    return drawing.getvalue()
