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
from msgspec import Struct

from fsdesk.reports.word.official_parts import IMPRINT_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as WordDocument
    from docx.table import Table

# Rules in eighths of a point: at the ends, and between.
_THICK, _THIN = "8", "6"
# Height of the type area, and what is left for the paragraph after the table, in points.
_TYPE_HEIGHT, _AFTER = 225 / 25.4 * 72, 4.0


class ImprintPlace(Struct, frozen=True):
    """Where an imprint stands by the program's own layout.

    Attributes:
        added: How many pages come before it, so that its page is an even one.
        lines: How many lines each of its rows takes.
    """

    added: int
    lines: tuple[int, ...]


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
        for cell, share in zip(row.cells, (IMPRINT_SHARE, 1 - IMPRINT_SHARE), strict=True):
            cell.width = Pt(width * share)
        if not parted:
            row.cells[0].merge(row.cells[1])
    for column, share in zip(table.columns, (IMPRINT_SHARE, 1 - IMPRINT_SHARE), strict=True):
        column.width = Pt(width * share)
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


def on_an_even_page(data: bytes, place: ImprintPlace) -> bytes:
    """Return a Word file whose imprint is as high as its lines and ends an even page.

    Where it takes pages of its own it begins a section; where one of them is blank, the imprint's
    bears no number, as the standard asks. The file is the same where nothing is to be changed.
    """
    document = Document(BytesIO(data))
    found = [table for table in document.tables if is_imprint(table)]
    higher = bool(found) and _raise(found[-1], place.lines)
    if not found or not (place.added or higher):
        return data
    if place.added:
        _begin_even_page(document, found[-1], place.added)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _raise(imprint: Table, lines: Sequence[int]) -> bool:
    """Make rows of several lines as high, and the table begin higher; tell whether any is."""
    if max(lines, default=1) == 1 or len(lines) != len(imprint.rows):
        return False
    floats = imprint._tblPr.find(qn("w:tblpPr"))  # noqa: SLF001
    for row, count in zip(imprint.rows, lines, strict=True):
        pitch = Length(row.height or 0)
        row.height = Length(pitch * count)
        if floats is not None:
            top = int(floats.get(qn("w:tblpY")) or 0)
            floats.set(qn("w:tblpY"), str(top - round(pitch.twips * (count - 1))))
    return True


def _begin_even_page(document: WordDocument, imprint: Table, added: int) -> None:
    last = document.sections[-1]._sectPr  # noqa: SLF001
    ended = OxmlElement("w:p")
    properties = OxmlElement("w:pPr")
    properties.append(deepcopy(last))
    ended.append(properties)
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
