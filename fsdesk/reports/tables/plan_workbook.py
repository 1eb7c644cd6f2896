"""A plan as a workbook: a sheet to read and print, and sheets that import back to the same plan."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from fsdesk.domain.findings import Place, reject
from fsdesk.domain.plan.sheets import plan_to_sheets
from fsdesk.domain.text import LONGEST_TEXT
from fsdesk.files import save_bytes
from fsdesk.reports.tables.plan_table import HEADERS, WIDTHS, breakdown_rows

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from fsdesk.domain.plan.plan import Plan

OVERVIEW = "任务分解表"
OVERVIEW_ROWS = 2  # its title and header
_FONT = "宋体"
_WIDEST = 60
_NARROWEST = 10
_PAPER_A4 = 9


def write_plan_workbook(path: Path, plan: Plan) -> None:
    """Write a plan as .xlsx.

    Raises:
        InputRejectedError: When a text is longer than a cell holds, or the file can't be written.
    """
    book = Workbook()
    book.properties.title = plan.name
    book.properties.creator = "食药安工作台"
    if book.active is not None:
        book.remove(book.active)
    _overview(book.create_sheet(OVERVIEW), plan)
    for title, rows in plan_to_sheets(plan).items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                _put(sheet.cell(number, column), value, path.name)
        _look(sheet, len(rows[0]))
    buffer = BytesIO()
    book.save(buffer)
    save_bytes(path, buffer.getvalue())


def _overview(sheet: Worksheet, plan: Plan) -> None:
    """Fill the sheet that people read; it isn't taken when the workbook is imported."""
    sheet.append([plan.name])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADERS))
    sheet["A1"].font = Font(name=_FONT, size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for number, row in enumerate([HEADERS, *breakdown_rows(plan)], start=OVERVIEW_ROWS):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            _put(cell, value, "")
            cell.font = Font(name=_FONT, size=10, bold=number == OVERVIEW_ROWS)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for column, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _PAPER_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(cell: Cell | MergedCell, value: str | float, file: str) -> None:
    """Put a value so that no program takes a text for a formula or a number."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise reject(
            f"有一段文字超过 {LONGEST_TEXT // 10_000} 万字，放不进一个单元格",
            "请在计划中缩短后再导出",
            Place(file=file),
        )
    if value == "" or isinstance(cell, MergedCell):
        return
    if isinstance(value, float) and float(f"{value:.15g}") != value:
        value = repr(value)  # a number cell doesn't hold all its digits
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = value[:1] in {"=", "+", "-", "@"}


def _look(sheet: Worksheet, columns: int) -> None:
    for column in range(1, columns + 1):
        head = sheet.cell(1, column)
        head.font = Font(name=_FONT, bold=True)
        head.fill = PatternFill("solid", fgColor="FFECEFF3")
        widest = max(
            (len(str(cell.value or "")) for (cell,) in sheet.iter_rows(
                min_col=column, max_col=column)),
            default=0,
        )  # fmt: skip
        width = min(max(widest * 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
