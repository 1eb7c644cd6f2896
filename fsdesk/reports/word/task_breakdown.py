"""The table of tasks (任务分解表) as a Word file, landscape, its header on every page."""

# python-docx has no public way to East Asian fonts and repeated headers: its XML is set directly.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from fsdesk.domain.output.wording import numbered
from fsdesk.files import save_bytes
from fsdesk.reports.tables.plan_table import HEADERS, WIDTHS, breakdown_rows
from fsdesk.reports.word.file_form import Style, describe, put_style
from fsdesk.reports.word.official_document import BODY_FONT, TITLE_FONT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from docx.table import Table, _Row
    from docx.text.paragraph import Paragraph

    from fsdesk.domain.plan.plan import Plan

# The columns of sections and points stand as rows of their own over their tasks.
_SHOWN = (0, 3, 4, 5, 6, 7)
_SECTION, _POINT = 1, 2
_WIDTH_MM, _HEIGHT_MM, _MARGIN_MM = 297, 210, 20
_TITLE_SIZE, _BODY_SIZE = 18, 10.5


def write_plan_word(path: Path, plan: Plan, made_on: date) -> None:
    """Write a plan's table of tasks as .docx.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    document = Document()
    describe(document, plan.name, made_on)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_WIDTH_MM), Mm(_HEIGHT_MM)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    title = document.add_paragraph()
    put_style(document, title, Style.TITLE, TITLE_FONT, _TITLE_SIZE)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(title, f"{plan.name}任务分解表", TITLE_FONT, _TITLE_SIZE)
    table = document.add_table(0, len(_SHOWN))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fill(table, plan)
    buffer = BytesIO()
    document.save(buffer)
    save_bytes(path, buffer.getvalue())


def _fill(table: Table, plan: Plan) -> None:
    header = _row(table, [HEADERS[at] for at in _SHOWN])
    properties = header._tr.get_or_add_trPr()  # noqa: SLF001 - no public way to repeat a row
    properties.append(OxmlElement("w:tblHeader"))
    above = ("", "")
    for task, row in zip(plan.tasks, breakdown_rows(plan), strict=True):
        section, point = plan.section_of[task.code], plan.point_of[task.code]
        if row[_SECTION] != above[0]:
            _heading(table, numbered(section.number, section.title))
        if (row[_SECTION], row[_POINT]) != above:
            _heading(table, f"{point.number}．{point.title}")
        above = (row[_SECTION], row[_POINT])
        _row(table, [row[at] for at in _SHOWN])
    weight = sum(WIDTHS[at] for at in _SHOWN)
    for column, at in zip(table.columns, _SHOWN, strict=True):
        column.width = Mm((_WIDTH_MM - 2 * _MARGIN_MM) * WIDTHS[at] / weight)


def _heading(table: Table, text: str) -> None:
    cells = _row(table, [text, *[""] * (len(_SHOWN) - 1)]).cells
    cells[0].merge(cells[-1])


def _row(table: Table, texts: Sequence[str]) -> _Row:
    row = table.add_row()
    cut = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(cut)  # noqa: SLF001 - no public way to keep a row whole
    for cell, text in zip(row.cells, texts, strict=True):
        _write(cell.paragraphs[0], text, BODY_FONT, _BODY_SIZE)
    return row


def _write(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001
