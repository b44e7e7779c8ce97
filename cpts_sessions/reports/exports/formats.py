"""The five kinds of files a report leaves as: how they end, what they are, what a person calls them; pure."""

from enum import StrEnum

_OFFICE = "application/vnd.openxmlformats-officedocument"


class Format(StrEnum):
    """The kind of a file, as its name ends."""

    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


CONTENT_TYPES = {
    Format.DOCX: f"{_OFFICE}.wordprocessingml.document",
    Format.PDF: "application/pdf",
    Format.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
}
#: What a person calls each of them.
NAMES = {
    Format.DOCX: "Word",
    Format.PDF: "PDF",
    Format.XLSX: "Excel",
    Format.CSV: "CSV",
    Format.JSON: "JSON",
}
