"""The text of a page for word processors: headings, paragraphs, lists and links in real styles."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from cpts_sessions.reports.annual.markdown import Block, Run
from cpts_sessions.reports.exports.xml_text import xml_text

_HOST = re.compile(r"[a-z0-9.-]+(?::[0-9]+)?", re.IGNORECASE)
_NUMBERED = 1  # the abstract numbering of lists with numbers, in numbering.xml


def add_blocks(document: WordDocument, blocks: Sequence[Block], under: int) -> None:
    """Add the text of a page; `under`: the level of the heading it stands under."""
    for block in blocks:
        match block.kind:
            case "heading":
                _write(document.add_paragraph(style=f"Heading {under + block.level}"), block.runs)
            case "paragraph":
                _write(document.add_paragraph(), block.runs)
            case "bullets":
                for item in block.items:
                    _write(document.add_paragraph(style="List Bullet"), item)
            case "numbers":
                numbering = _new_numbering(document, block.start)
                for item in block.items:
                    paragraph = document.add_paragraph(style="List Number")
                    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                    properties.get_or_add_ilvl().val = 0
                    properties.get_or_add_numId().val = numbering
                    _write(paragraph, item)


def _new_numbering(document: WordDocument, start: int) -> int:
    """Begin a list of its own: numbers would else go on from the list before."""
    number = document.part.numbering_part.element.add_num(_NUMBERED)
    number.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(number.numId)


def _write(paragraph: Paragraph, runs: Sequence[Run]) -> None:
    for run in runs:
        written = paragraph.add_run(xml_text(run.text))
        written.bold = run.bold or None
        written.italic = run.italic or None
        if run.link and _is_sound(run.link):
            written.style = "Hyperlink"
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), paragraph.part.relate_to(run.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
            paragraph._p.append(link)
            link.append(written._r)


def _is_sound(link: str) -> bool:
    """A word processor refuses the whole document for one address it cannot read."""
    try:
        parts = urlsplit(link)
        at_a_host = _HOST.fullmatch(parts.netloc) is not None and parts.port != 0
    except ValueError:  # no port has this number
        return False
    return link.isascii() and link.isprintable() and (at_a_host or not parts.netloc)
