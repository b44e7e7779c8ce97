"""A table for word processors: a header row that comes back on every page, a caption, numbers on the right."""

from html import escape

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import Grid
from cpts_sessions.reports.exports.columns import are_numbers, is_short, shares, written, written_total
from cpts_sessions.reports.exports.docx_frame import field
from cpts_sessions.reports.exports.xml_text import xml_text

_WIDTH_TWIPS = 9638  # 17 cm


def add_table(document: WordDocument, grid: Grid, number: int) -> None:
    """Add a table under its caption, and what must be known of it after."""
    caption = document.add_paragraph("Tableau\u00a0", style="Caption")
    field(caption, "SEQ Tableau \\* ARABIC", str(number))
    caption.add_run(xml_text(french.typo(f". {grid.title}")))
    body = document.element.body
    body.insert(body.index(caption._p) + 1, parse_xml(_table(grid)))
    if grid.about:
        document.add_paragraph(xml_text(french.held(grid.about)), style="Remarque")


def _table(grid: Grid) -> str:
    widths = [round(_WIDTH_TWIPS * share) for share in shares(grid)]
    on_the_right = are_numbers(grid)
    rows = [[written(cell) for cell in row] for row in grid.rows]
    if grid.total:
        rows.append(written_total(grid))
    keep = is_short(grid)
    lines = [
        _row(list(grid.columns), widths, on_the_right, keep=True, header=True),
        *(_row(row, widths, on_the_right, keep=keep and row is not rows[-1]) for row in rows),
    ]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    look = f'w:firstRow="1" w:lastRow="{int(bool(grid.total))}" w:firstColumn="0" w:lastColumn="0"'
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableauDuRapport"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{"0060" if grid.total else "0020"}" {look} w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{_escaped(french.typo(grid.title))}"/>'
        f'<w:tblDescription w:val="{_escaped(grid.about or french.typo(grid.title))}"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def _row(
    cells: list[str], widths: list[int], on_the_right: tuple[bool, ...], *, keep: bool, header: bool = False
) -> str:
    return (
        f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>"
        + "".join(
            _cell(text, width, right, keep) for text, width, right in zip(cells, widths, on_the_right, strict=True)
        )
        + "</w:tr>"
    )


def _cell(text: str, width: int, right: bool, keep: bool) -> str:
    right_side = '<w:jc w:val="right"/>' if right else ""
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{_escaped(line)}</w:t>' for line in text.splitlines())
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="TexteDeTableau"/>'
        f"{'<w:keepNext/>' if keep else ''}{right_side}</w:pPr>"
        f"<w:r>{words}</w:r></w:p></w:tc>"
    )


def _escaped(text: str) -> str:
    return escape(xml_text(text))
