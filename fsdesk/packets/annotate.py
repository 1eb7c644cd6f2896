"""Sending a refused workbook back: the same file with a comment on each cell that is to be mended.

The copy is read like any packet once its cells are mended: the added sheet and the comments are
no content.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet.hyperlink import Hyperlink

from fsdesk.domain.findings import Finding, InputRejectedError, Severity, reject
from fsdesk.domain.text import tidy
from fsdesk.packets.filling import save_book
from fsdesk.packets.layout import (
    META_SHEET,
    MOST_COLUMNS,
    MOST_ROWS,
    PLAN_SHEET,
    SEALED_SHEET,
    SHEETS,
)
from fsdesk.packets.limits import escaped
from fsdesk.packets.reader import scan_packet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from fsdesk.packets.safe.guard import Scan

OVERVIEW = "检查结果"
_AUTHOR = "食药安工作台"
_TITLES = (("级别", 8), ("工作表", 12), ("单元格", 10), ("问题", 60), ("怎么改", 60))
_ADVICE = "请按下表改正后保存，再交回；改好的单元格上的批注不必删除，本表也不必删除。"
_HEADER_ROW = 3
_MARKS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C", Severity.NOTICE: "FFDDEBF7"}
_ORDER = list(Severity)
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MOST_ROWS_LISTED = 2000
_COMMENT_WIDTH, _COMMENT_LINE, _COMMENT_CHARACTERS = 320, 18, 22  # points, points, per line
_LONGEST_TITLE = 31
# Opened whole, a workbook takes fifty times its size in memory.
_MOST_WHOLE = 8 * 2**20
_DANGEROUS = ("=", "+", "-", "@")


def annotatable(source: Path) -> bool:
    """Tell whether a workbook is safe to open: one that is not goes back without comments."""
    try:
        scan_packet(source)
    except InputRejectedError:
        return False
    return True


def annotate(source: Path, findings: Sequence[Finding], target: Path) -> None:
    """Write a copy of a workbook with a comment on each named cell and a list in front.

    An .xlsx workbook keeps what openpyxl keeps, also its hidden sheets; .xls and .ods become
    .xlsx by their values.

    `source`: the workbook that was refused; it is only read.
    `target`: where the copy goes; the ending should be .xlsx.
    InputRejectedError when the workbook is not safe to open, or the copy can't be written.
    """
    if target.resolve() == source.resolve():
        raise reject("批注副本不能覆盖原文件", "请换一个文件名或文件夹")
    book = _open(scan_packet(source))
    ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.level))
    _forget_earlier(book)
    for (title, cell), found in _by_cell(ordered).items():
        if title in book.sheetnames:
            _comment(book[title], cell, found)
    _write_overview(book, ordered)
    save_book(book, target)


def _by_cell(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    cells: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        match = _CELL.fullmatch(finding.place.cell)
        if match and int(match[2]) <= MOST_ROWS and len(cells) < _MOST_ROWS_LISTED:
            cells.setdefault((finding.place.sheet, finding.place.cell), []).append(finding)
    return cells


def _open(scanned: Scan) -> Workbook:
    if not scanned.data.startswith(b"PK") or _is_large(scanned.data):
        return _values_of(scanned)
    try:
        return load_workbook(BytesIO(scanned.data))
    except (KeyError, ValueError, TypeError, OSError, IndexError, AttributeError):
        # An .ods workbook, or an .xlsx that only less exact programs open.
        return _values_of(scanned)


def _is_large(data: bytes) -> bool:
    """Tell whether a zip file is too large to be opened with everything that is in it."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return sum(entry.file_size for entry in archive.infolist()) > _MOST_WHOLE


def _values_of(scanned: Scan) -> Workbook:
    """Make a workbook of nothing but the values of another."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    original = CalamineWorkbook.from_filelike(BytesIO(scanned.data))
    book = Workbook()
    book.remove(book.worksheets[0])
    for about in original.sheets_metadata:
        if INVALID_TITLE_REGEX.search(about.name) or len(about.name) > _LONGEST_TITLE:
            continue  # another program's sheet, whose name this form can't hold
        sheet = book.create_sheet(about.name)
        if about.name in (META_SHEET, PLAN_SHEET, SEALED_SHEET):
            sheet.sheet_state = "veryHidden"
        elif about.visible is not SheetVisibleEnum.Visible:
            sheet.sheet_state = "hidden"
        rows = original.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row[:MOST_COLUMNS], start=1):
                if value != "":
                    _put(sheet, number, column, value)
        known = next((part for part in SHEETS if part.title == sheet.title), None)
        for number, each in enumerate(known.columns if known else (), start=1):
            sheet.column_dimensions[get_column_letter(number)].width = each.width
    return book


def _put(sheet: Worksheet, row: int, column: int, value: Any) -> None:  # noqa: ANN401
    """Write a cell; a text that begins like a formula stays text for every program."""
    cell: Any = sheet.cell(row, column)
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = escaped(tidy(value))
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(_DANGEROUS)


def _forget_earlier(book: Workbook) -> None:
    """Take away what an earlier check wrote; what was mended is not marked any more."""
    if OVERVIEW not in book.sheetnames:
        return
    book.remove(book[OVERVIEW])
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == _AUTHOR:
                    cell.comment = None
                    cell.style = cell.style  # as it was before it was marked


def _comment(sheet: Worksheet, name: str, findings: Sequence[Finding]) -> None:
    cell: Any = sheet[name]
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if name in area)
        cell = sheet.cell(area.min_row, area.min_col)
    words = "\n".join(_words(finding) for finding in findings)
    if cell.comment is not None:
        words = f"{cell.comment.text}\n{words}"
    lines = sum(1 + len(line) // _COMMENT_CHARACTERS for line in words.split("\n"))
    height = (lines + 1) * _COMMENT_LINE
    cell.comment = Comment(words, _AUTHOR, height=height, width=_COMMENT_WIDTH)
    cell.fill = PatternFill("solid", fgColor=_MARKS[findings[0].level])


def _words(finding: Finding) -> str:
    return f"【{finding.level.value}】{finding.message}。{finding.remedy}".rstrip("。") + "。"


def _write_overview(book: Workbook, findings: Sequence[Finding]) -> None:
    sheet = book.create_sheet(OVERVIEW, 0)
    _put(sheet, 1, 1, OVERVIEW)
    sheet.cell(1, 1).font = Font(size=14, bold=True)
    _put(sheet, 2, 1, _ADVICE)
    for column, (title, width) in enumerate(_TITLES, start=1):
        _put(sheet, _HEADER_ROW, column, title)
        sheet.cell(_HEADER_ROW, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, finding in enumerate(findings[:_MOST_ROWS_LISTED], start=_HEADER_ROW + 1):
        _write_line(sheet, row, finding, known=finding.place.sheet in book.sheetnames)
    sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, 1).coordinate
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    book.active = 0
    for other in book.worksheets:
        # Two selected sheets would be typed into together.
        other.sheet_view.tabSelected = other is sheet


def _write_line(sheet: Worksheet, row: int, finding: Finding, *, known: bool) -> None:
    place = finding.place
    texts = (finding.level.value, place.sheet, place.cell, finding.message, finding.remedy)
    for column, text in enumerate(texts, start=1):
        _put(sheet, row, column, text)
        sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(row, 1).fill = PatternFill("solid", fgColor=_MARKS[finding.level])
    if known and place.cell:
        title = place.sheet.replace("'", "''")
        cell: Any = sheet.cell(row, 3)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!{place.cell}")
