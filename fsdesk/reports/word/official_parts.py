"""Parts of official Word files: tables that repeat their header, and names of fonts to fall to."""

# python-docx has no public way to much of this: its XML is set directly.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

SIZE = 10.5
# Lines of a table, and the room around its texts, in points.
PITCH, ABOVE, BESIDE = 14.0, 2.0, 3.0
# What an imprint's left part takes of the width where a date stands beside it.
IMPRINT_SHARE = 0.6
_TEXT_FONT, _HEAD_FONT, _LATIN_FONT = "仿宋_GB2312", "黑体", "Times New Roman"
# What to take where a licensed font is missing on the PC that opens the file.
FALLBACKS = {
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "小标宋", "华文中宋", "Noto Serif SC", "宋体"),
    "仿宋_GB2312": ("仿宋", "FangSong", "华文仿宋", "Noto Serif SC"),
    "楷体_GB2312": ("楷体", "KaiTi", "华文楷体"),
    "黑体": ("SimHei", "Noto Sans SC"),
    "宋体": ("SimSun", "Noto Serif SC"),
}


def add_table(document: Document, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Table:
    """Add a ruled table whose first row is its header and is repeated on each page.

    Widths are in millimetres.
    """
    table = document.add_table(rows=len(rows), cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _set_margins(table)
    for number, texts in enumerate(rows):
        row = table.rows[number]
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - no public way to this
        properties.append(OxmlElement("w:cantSplit"))  # a row stays whole
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for place, text in enumerate(texts):
            cell = row.cells[place]
            cell.width = Mm(widths[place])
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            _write(cell, text, header=number == 0)
    for place, width in enumerate(widths):
        table.columns[place].width = Mm(width)
    return table


def _set_margins(table: Table) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(BESIDE * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # The schema fixes the order of a table's properties.
    table._tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001


def _write(cell: _Cell, text: str, *, header: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(ABOVE)
    # As high in every font, so that the pages are as many.
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH)
    off_the_grid(paragraph)
    run = paragraph.add_run(text)
    run.font.size = Pt(SIZE)
    run.font.name = _LATIN_FONT
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001
    fonts.set(qn("w:eastAsia"), _HEAD_FONT if header else _TEXT_FONT)


def off_the_grid(paragraph: Paragraph) -> None:
    """Let a paragraph's lines be as high as they are, not as the page's grid of lines."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - no public way to this
    off = OxmlElement("w:snapToGrid")
    off.set(qn("w:val"), "0")
    # The schema fixes the order of a paragraph's properties.
    properties.insert_element_before(
        off, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
    )


def without_gaps(style: ParagraphStyle) -> None:
    """Let a style set figures beside characters without the gap that Word else puts there."""
    properties = style.element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        off = OxmlElement(name)
        off.set(qn("w:val"), "0")
        # The schema fixes the order of a style's properties.
        properties.insert_element_before(
            off, "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"
        )


def name_fallbacks(document: Document) -> None:
    """Name in the file's table of fonts what stands in for each licensed one."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = parse_xml(part.blob)
    for name, others in FALLBACKS.items():
        for known in fonts.findall(qn("w:font")):
            if known.get(qn("w:name")) == name:
                fonts.remove(known)
        font = OxmlElement("w:font")
        font.set(qn("w:name"), name)
        other = OxmlElement("w:altName")
        other.set(qn("w:val"), ",".join(others))
        font.append(other)
        fonts.append(font)
    part._blob = serialize_part_xml(fonts)  # noqa: SLF001 - no public way to write a part
