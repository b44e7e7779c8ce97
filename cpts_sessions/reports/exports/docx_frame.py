"""An empty report for word processors: its styles, page, running head and foot, properties; no trace of a template."""

from collections.abc import Mapping
from datetime import UTC
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.rel import Relationships
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Emu
from docx.text.paragraph import Paragraph

from cpts_sessions.core.clock import now
from cpts_sessions.core.paths import beside
from cpts_sessions.documents.picture import as_png
from cpts_sessions.reports.exports.told import Told
from cpts_sessions.reports.exports.xml_text import LONGEST_PROPERTY, xml_text

#: What the template of python-docx brings and that no report needs: a preview, the name of a machine, old styles.
_UNWANTED = ("customXml", "extended-properties", "stylesWithEffects", "thumbnail")
_LOGO_HEIGHT, _LOGO_WIDTH = Cm(1.1), Cm(5)
_LOGO_PIXELS = 180


def empty_report(told: Told, head: Mapping[str, Any]) -> WordDocument:
    """Return a document without any text, in French, that carries the name, the logo and the colours of the CPTS."""
    document = Document()
    for relationships in (document.part.package.rels, document.part.rels):
        _drop_unwanted(relationships)
    _replace(document.styles.element, "styles", head)
    _replace(document.part.numbering_part.element, "numbering", head)
    _replace(document.settings.element, "settings", head)
    _set_properties(document, told)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2)
    section.header_distance = section.footer_distance = Cm(1)
    _write_head(section.header.paragraphs[0], told, head)
    _write_foot(section.footer.paragraphs[0], told)
    return document


def field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Add what the word processor computes: the number of a page, of a table. `shown`: until it does."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), instruction)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    element.append(run)
    paragraph._p.append(element)


def _replace(element: BaseOxmlElement, name: str, head: Mapping[str, Any]) -> None:
    """Put our own XML in place of what the template of python-docx brings."""
    source = (beside("templates") / "documents" / "report_docx" / f"{name}.xml").read_text(encoding="utf-8")
    for word in ("accent", "soft"):
        source = source.replace(word.upper(), head[word].lstrip("#").upper())
    for child in list(element):
        element.remove(child)
    element.extend(list(parse_xml(source.encode())))


def _drop_unwanted(relationships: Relationships) -> None:
    for key, one in list(relationships.items()):
        if one.reltype.rpartition("/")[2] in _UNWANTED:
            del relationships[key]


def _set_properties(document: WordDocument, told: Told) -> None:
    properties, made_at = document.core_properties, now().astimezone(UTC).replace(tzinfo=None)
    properties.title = xml_text(told.title)
    properties.subject = told.for_whom
    properties.author = properties.last_modified_by = xml_text(told.organisation)[:LONGEST_PROPERTY]
    properties.language = "fr-FR"
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = made_at
    properties.revision = 1


def _write_head(paragraph: Paragraph, told: Told, head: Mapping[str, Any]) -> None:
    picture = BytesIO(as_png(head["logo"], head["logo_kind"], _LOGO_PIXELS))
    shape = paragraph.add_run().add_picture(picture, height=_LOGO_HEIGHT)
    if shape.width > _LOGO_WIDTH:
        shape.height, shape.width = Emu(round(shape.height * _LOGO_WIDTH / shape.width)), _LOGO_WIDTH
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")
    described = shape._inline.docPr
    described.set("name", "Logo")
    described.set("descr", xml_text(f"Logo de la {told.organisation}"))
    paragraph.add_run(xml_text(f"\t{told.organisation}"))


def _write_foot(paragraph: Paragraph, told: Told) -> None:
    paragraph.add_run(xml_text(f"{told.title} · {told.for_whom}\tpage\u00a0"))
    field(paragraph, "PAGE", "1")
    paragraph.add_run(" sur\u00a0")
    field(paragraph, "NUMPAGES", "1")
