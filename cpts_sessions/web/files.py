"""Files that are given, never shown: a browser's reader and our content policy do not get on."""

from flask import Response

from cpts_sessions.reports.exports.formats import CONTENT_TYPES, Format


def pdf_file(filename: str, data: bytes) -> Response:
    """A document to keep or to print, under a neutral name."""
    return given_file(filename, data, Format.PDF)


def given_file(filename: str, data: bytes, kind: Format) -> Response:
    """A file to keep, under a name of plain letters."""
    answer = Response(data, content_type=CONTENT_TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
