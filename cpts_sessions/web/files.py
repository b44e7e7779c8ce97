"""Files that are given, never shown: a browser's reader and our content policy do not get on."""

from flask import Response


def pdf_file(filename: str, data: bytes) -> Response:
    """A document to keep or to print, under a neutral name."""
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
