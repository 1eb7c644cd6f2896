"""Where the imprint (版记) of a Word file stands: at the foot of a last page that is even.

How many pages Word makes of a file is known to Word alone. Where the imprint has no room on an even
last page by the program's own layout, it gets a section that Word begins on an even page.
"""

# python-docx has no public way to sections within a text: its XML is set directly.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.text.paragraph import Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as WordDocument
    from docx.table import Table

# Rules in eighths of a point: at the ends, and between.
_THICK, _THIN = "8", "6"
# Height of the type area, and what is left for the paragraph after the table, in points.
_TYPE_HEIGHT, _AFTER = 225 / 25.4 * 72, 4.0


def add_floating_table(
    document: WordDocument, rows: Sequence[bool], top: float, width: float, pitch: float
) -> Table:
    """Add a ruled table that floats at a height of the page; lengths are in points.

    `rows`: of each row whether it has a right part beside the left one.
    """
    table = document.add_table(rows=len(rows), cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row, parted in zip(table.rows, rows, strict=True):
        row.height, row.height_rule = Pt(pitch), WD_ROW_HEIGHT_RULE.EXACTLY
        for cell in row.cells:
            cell.width = Pt(width / 2)
        if not parted:
            row.cells[0].merge(row.cells[1])
    properties = table._tblPr  # noqa: SLF001
    place = OxmlElement("w:tblpPr")
    places = {"vertAnchor": "page", "horzAnchor": "margin", "tblpX": "1", "tblpY": _twips(top)}
    for name, value in places.items():
        place.set(qn(f"w:{name}"), value)
    # The schema fixes the order of a table's properties.
    properties.insert_element_before(
        place, "w:tblOverlap", "w:bidiVisual", "w:tblW", "w:jc", "w:tblBorders", "w:tblLayout"
    )
    rules = OxmlElement("w:tblBorders")
    for side, size in (("top", _THICK), ("bottom", _THICK), ("insideH", _THIN)):
        rule = OxmlElement(f"w:{side}")
        for name, value in {"val": "single", "sz": size, "space": "0", "color": "000000"}.items():
            rule.set(qn(f"w:{name}"), value)
        rules.append(rule)
    properties.insert_element_before(rules, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    return table


def _twips(points: float) -> str:
    return str(round(points * 20))


def is_imprint(table: Table) -> bool:
    """Tell whether a table is an imprint: it floats."""
    return table._tblPr.find(qn("w:tblpPr")) is not None  # noqa: SLF001


def on_an_even_page(data: bytes, added: int) -> bytes:
    """Return a Word file whose imprint begins an even page, where it takes pages of its own.

    `added`: how many; where one of them is blank, the imprint's bears no number, as the standard
    asks. The file is the same where none is added or it has no imprint.
    """
    document = Document(BytesIO(data))
    found = [table for table in document.tables if is_imprint(table)]
    if not added or not found:
        return data
    last = document.sections[-1]._sectPr  # noqa: SLF001
    ended = OxmlElement("w:p")
    properties = OxmlElement("w:pPr")
    properties.append(deepcopy(last))
    ended.append(properties)
    imprint = found[-1]
    imprint._tbl.addprevious(ended)  # noqa: SLF001
    # Alone on its page it needs not float, which not every program does alike.
    spacer = OxmlElement("w:p")
    imprint._tbl.addprevious(spacer)  # noqa: SLF001
    layout = Paragraph(spacer, document._body).paragraph_format  # noqa: SLF001
    layout.space_before = layout.space_after = Pt(0)
    height = sum(Length(row.height or 0).pt for row in imprint.rows)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(_TYPE_HEIGHT - height - _AFTER)
    floats = imprint._tblPr.find(qn("w:tblpPr"))  # noqa: SLF001
    imprint._tblPr.remove(floats)  # noqa: SLF001
    document.sections[-1].start_type = WD_SECTION.EVEN_PAGE
    for grid in last.findall(qn("w:docGrid")):
        last.remove(grid)  # its room is not counted in lines
    if added > 1:
        footer = document.sections[-1].even_page_footer
        footer.is_linked_to_previous = True
        footer.is_linked_to_previous = False
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
