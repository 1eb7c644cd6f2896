"""Writing a table as a spreadsheet that prints as well as the PDF does."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from fsdesk.domain.names import sheet_name
from fsdesk.domain.output.pages import Align, Paper, PaperSize
from fsdesk.files import save_bytes
from fsdesk.reports.paper.column_widths import column_widths
from fsdesk.reports.paper.line_breaking import break_lines

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

    from fsdesk.reports.paper.table import Cell, Table

FONT = "宋体"
BODY_SIZE = 10
TITLE_SIZE = 16
# Height of a line of body text, in points, with room for the wider fonts of other programs.
LINE_HEIGHT = 14.0
MAX_ROW_HEIGHT = 409.0  # the limit of the file format
MAX_TEXT = 32_767  # characters in a cell, the same
MM_PER_INCH = 25.4
FOOTER_MM = 8.0
# All columns together are as wide as their weights, times this, in characters of the standard font:
# half a Chinese one. A cell leaves so many of them free.
WIDTH_PER_WEIGHT = 1.25
CHARACTERS_PER_EM = 2.0
FREE_CHARACTERS = 1.5
# What stays in view beside the rest may take this share of the width.
KEY_SHARE = 0.5
REPEATED = "#8a94a0"
TEXT_FORMAT = "@"
_HORIZONTAL = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}
_PAPER_CODES = {PaperSize.A4: 9, PaperSize.A3: 8}
_EDGE = Side(style="thin", color="FF55606E")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


def write_xlsx(path: Path, table: Table, paper: Paper | None = None) -> None:
    """Write a table as a workbook; see `xlsx_bytes`. An older file is replaced.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    save_bytes(path, xlsx_bytes(table, paper))


def xlsx_bytes(table: Table, paper: Paper | None = None) -> bytes:
    """Return a table as a workbook with print titles, fitted to the paper's width.

    Numbers stay numbers; a text that looks like a formula stays a text. The paper is A4 landscape
    unless given.
    """
    book = Workbook()
    sheet = book.active
    if sheet is None:  # a new workbook always has a sheet; this only tells the type checker
        sheet = book.create_sheet()
    book.properties.title = table.title
    book.properties.creator = "食药安工作台"
    sheet.title = sheet_name(table.name or table.title)
    _Writer(sheet, table).write(paper or Paper())
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class _Writer:
    """Writes one table on one sheet, with one named style for each look, not one a cell."""

    def __init__(self, sheet: Worksheet, table: Table) -> None:
        self._sheet = sheet
        self._table = table
        self._widths = _widths(table)
        self._styles: dict[tuple[Align, str, str], NamedStyle] = {}
        self._row = 1

    def write(self, paper: Paper) -> None:
        for index, width in enumerate(self._widths, start=1):
            self._sheet.column_dimensions[get_column_letter(index)].width = width
        self._line(self._table.title, TITLE_SIZE, "center")
        if self._table.subtitle:
            self._line("　　".join(self._table.subtitle), BODY_SIZE, "left")
        for line in self._table.basis:
            self._line(line, BODY_SIZE, "left")
        self._header()
        last_header = self._row - 1
        self._rows()
        last = f"{get_column_letter(len(self._widths))}{max(self._row - 1, last_header)}"
        self._sheet.auto_filter.ref = f"A{last_header}:{last}"
        for note in self._table.notes:
            self._line(note, BODY_SIZE, "left")
        if self._table.footer:
            self._line("　　　　　　　　".join(self._table.footer), BODY_SIZE, "left")
        self._print_setup(paper, last_header)

    def _line(self, text: str, size: int, horizontal: str) -> None:
        """Write a line over all columns."""
        count = len(self._table.columns)
        cell = self._sheet.cell(self._row, 1)
        _put_text(cell, text)
        cell.font = Font(name=FONT, size=size)
        cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
        self._merge(self._row, 1, self._row, count)
        self._sheet.row_dimensions[self._row].height = _height(
            _lines(text, sum(self._widths) * BODY_SIZE / size), size
        )
        self._row += 1

    def _header(self) -> None:
        style = NamedStyle("表头")
        style.font = Font(name=FONT, size=BODY_SIZE, bold=True)
        style.fill = PatternFill("solid", fgColor="FFECEFF3")
        style.border = _BORDER
        style.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        levels = 2 if self._table.has_groups else 1
        top, bottom = self._row, self._row + levels - 1
        lines = 1
        for index, column in enumerate(self._table.columns, start=1):
            start = bottom if column.group else top
            for row in range(top, bottom + 1):
                self._sheet.cell(row, index).style = style
            _put_text(self._sheet.cell(start, index), column.title)
            if start < bottom:
                self._merge(start, index, bottom, index)
            lines = max(lines, _lines(column.title, self._widths[index - 1]))
        for first, count, words in self._table.header_groups:
            if words:
                _put_text(self._sheet.cell(top, first + 1), words)
                self._merge(top, first + 1, top, first + count)
        self._sheet.row_dimensions[bottom].height = _height(lines, BODY_SIZE)
        self._row = bottom + 1

    def _rows(self) -> None:
        first = self._row
        for row in self._table.rows:
            lines = 1
            if self._table.begins_page(self._row - first):
                # openpyxl's annotation leaves out what is appended.
                self._sheet.row_breaks.append(Break(self._row - 1))  # pyright: ignore[reportUnknownMemberType]
            for index, cell in enumerate(row):
                again = self._table.same_above(self._row - first, index)
                self._put(self._sheet.cell(self._row, index + 1), cell, index, again=again)
                lines = max(lines, 1 if again else _lines(cell.text, self._widths[index]))
            self._sheet.row_dimensions[self._row].height = _height(lines, BODY_SIZE)
            self._row += 1

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if (top, left) != (bottom, right):
            self._sheet.merge_cells(
                start_row=top, start_column=left, end_row=bottom, end_column=right
            )

    def _put(self, target: SheetCell | MergedCell, cell: Cell, index: int, *, again: bool) -> None:
        """Fill a cell; what stands above already is there again, paler, for filters and pages."""
        number_format = TEXT_FORMAT if cell.number is None else cell.number_format
        key = (self._table.columns[index].align, number_format, REPEATED if again else cell.colour)
        if key not in self._styles:
            self._styles[key] = self._style(key)
        target.style = self._styles[key]
        if cell.number is None:
            _put_text(target, cell.text)
        else:
            _fill(target, cell.number)

    def _style(self, key: tuple[Align, str, str]) -> NamedStyle:
        align, number_format, colour = key
        style = NamedStyle(f"表格{len(self._styles) + 1}", number_format=number_format)
        style.font = Font(name=FONT, size=BODY_SIZE, color=f"FF{colour.lstrip('#') or '000000'}")
        style.border = _BORDER
        # What is there again takes one line, cut at its end: the row is only as high as the rest.
        again = colour == REPEATED
        side = "left" if again and number_format == TEXT_FORMAT else _HORIZONTAL[align]
        style.alignment = Alignment(horizontal=side, vertical="center", wrap_text=not again)
        return style

    def _keys(self) -> int:
        """Return how many columns say what a row is about: up to its name, which is not merged."""
        merged, columns = self._table.merged_columns, self._table.columns
        names = (n for n in range(merged, len(columns)) if columns[n].align is Align.LEFT)
        count = next(names, 0) + 1
        fits = sum(self._widths[:count]) <= sum(self._widths) * KEY_SHARE
        return count if fits else 0

    def _print_setup(self, paper: Paper, last_header: int) -> None:
        sheet = self._sheet
        sheet.print_title_rows = f"1:{last_header}"
        sheet.freeze_panes = f"{get_column_letter(self._keys() + 1)}{last_header + 1}"
        sheet.page_setup.orientation = "landscape" if paper.landscape else "portrait"
        sheet.page_setup.paperSize = _PAPER_CODES[paper.size]
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        margin = paper.margin_mm / MM_PER_INCH
        for side in ("left", "right", "top", "bottom"):
            setattr(sheet.page_margins, side, margin)
        # The page number stands in the lower margin, which must hold it.
        sheet.page_margins.bottom = margin + FOOTER_MM / MM_PER_INCH
        sheet.page_margins.header = sheet.page_margins.footer = FOOTER_MM / MM_PER_INCH
        footer = HeaderFooterItem()
        footer.center.text = "第 &P 页 共 &N 页"
        sheet.HeaderFooter.oddFooter = footer


def _put_text(target: SheetCell | MergedCell, text: str) -> None:
    """Put a text in a cell so that no program takes it for a formula."""
    _fill(target, ILLEGAL_CHARACTERS_RE.sub("", text)[:MAX_TEXT])
    target.data_type = "s"
    if text[:1] in {"=", "+", "-", "@"}:
        target.quotePrefix = True


def _fill(target: SheetCell | MergedCell, value: str | float | date) -> None:
    if isinstance(target, MergedCell):
        raise TypeError("cells are merged only after they are filled")
    target.value = value


def _widths(table: Table) -> tuple[float, ...]:
    """Return the widths of the columns in characters; numbers are wider than what was meant."""
    room = sum(column.weight for column in table.columns) * WIDTH_PER_WEIGHT
    while (found := column_widths(table, room, FREE_CHARACTERS, (CHARACTERS_PER_EM,))) is None:
        room *= WIDTH_PER_WEIGHT
    return found[1]


def _lines(text: str, width: float) -> int:
    return len(break_lines(text, max(width - 1, 2), _characters))


def _characters(text: str) -> float:
    """Return the width of a text in half-width characters, as spreadsheets count columns."""
    return sum(1 if char.isascii() else 2 for char in text)


def _height(lines: int, size: int) -> float:
    return min(lines * LINE_HEIGHT * size / BODY_SIZE + 4, MAX_ROW_HEIGHT)
