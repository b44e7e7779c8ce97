"""The files of a report, opened again: whatever they hold, in words."""

import io
import re
import zipfile
from html import unescape

from pypdf import PdfReader

from cpts_sessions.organisations.brand import logo_svg
from cpts_sessions.reports.annual.contents import AnnualReport, Audience
from cpts_sessions.reports.exports import csv, docx, json, pdf, xlsx
from cpts_sessions.reports.exports.formats import Format

HEAD = {
    "name": "CPTS du Val d’Ambre",
    "details": "",
    "logo": logo_svg("#11645b").encode(),
    "logo_kind": "svg",
    "accent": "#11645b",
    "soft": "#e2f4f1",
}


def made(kind: Format, report: AnnualReport, audience: Audience) -> bytes:
    """One file of a report."""
    match kind:
        case Format.DOCX:
            return docx.made(report, audience, HEAD)
        case Format.PDF:
            return pdf.made(report, audience, HEAD)
        case Format.XLSX:
            return xlsx.made(report, audience)
        case Format.CSV:
            return csv.made(report, audience)
        case Format.JSON:
            return json.made(report, audience)


def everything(kind: Format, data: bytes) -> str:
    """Every word of a file: of its pages, its cells, its properties, its parts."""
    if kind in (Format.DOCX, Format.XLSX):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = parts.namelist()
            xml = [parts.read(name).decode() for name in names if not name.startswith("word/media/")]
        bare = [re.sub(r"<[^>]+>", "", part) for part in xml]  # words that stand in several runs
        return unescape("\n".join([*names, *xml, *bare]))
    if kind is Format.PDF:
        reader = PdfReader(io.BytesIO(data))
        pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
        return "\n".join([*pages, str(reader.metadata), str(reader.outline), str(reader.xmp_metadata)])
    return data.decode("utf-8-sig")
