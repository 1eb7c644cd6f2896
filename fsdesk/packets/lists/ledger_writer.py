"""Writing a ledger as a workbook: an empty form, or its rows; both can be imported again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation

from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.ledger import NO, YES, ColumnType, LedgerValue
from fsdesk.domain.names import sheet_name
from fsdesk.domain.text import tidy
from fsdesk.domain.typed import read_text
from fsdesk.files import written
from fsdesk.packets.limits import escaped
from fsdesk.packets.lists.headers import UNIT
from fsdesk.packets.lists.opening import STAMP_SHEET
from fsdesk.packets.styles import packet_styles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.ledger.ledger import Ledger, LedgerColumn, LedgerEntry
    from fsdesk.packets.lists.headers import Header
    from fsdesk.packets.lists.opening import ListSheet

# A sheet has 1,048,576 rows.
MOST_ENTRIES = 1_000_000
_FORM_ROWS = 5000
_DANGEROUS = ("=", "+", "-", "@")
_STYLES = {ColumnType.NUMBER: "fs_number", ColumnType.DATE: "fs_date"}
_WIDTHS = {
    ColumnType.TEXT: 22,
    ColumnType.NUMBER: 12,
    ColumnType.DATE: 13,
    ColumnType.CHOICE: 14,
    ColumnType.FLAG: 10,
}
# Longer lists of choices do not fit into a check; the reader still knows them.
_LONGEST_LIST = 255
HELP = "说明"
# Days are written as text, which every program shows alike and the reader takes.
_PLAIN = (int, float)


def write_ledger(
    path: Path,
    ledger: Ledger,
    entries: Iterable[tuple[LedgerEntry, str]] = (),
    *,
    columns: Sequence[LedgerColumn] = (),
    with_units: bool = False,
) -> int:
    """Write a ledger's rows, or an empty form when there are none.

    Args:
        path: The workbook; an older one is replaced.
        ledger: The ledger.
        entries: Rows, each with the name of its unit.
        columns: Which columns, in order; all when empty.
        with_units: Whether there is a column for the unit.

    Returns:
        How many rows were written.

    Raises:
        InputRejectedError: When the file can't be written or there are too many rows.
    """
    book = Workbook(write_only=True)
    for style in packet_styles():
        book.add_named_style(style)
    shown = tuple(columns) or ledger.columns
    sheet: Any = book.create_sheet(sheet_name(ledger.title, (HELP, STAMP_SHEET)))
    count = _write_rows(sheet, shown, entries, with_units=with_units)
    _add_checks(sheet, shown, max(count, _FORM_ROWS) + 1, offset=int(with_units))
    _write_help(book, ledger, shown)
    stamp: Any = book.create_sheet(STAMP_SHEET)
    stamp.append([ledger.code, ledger.title])
    stamp.sheet_state = "veryHidden"
    book.properties.creator = "食药安工作台"
    with written(path) as part:
        book.save(part)
    return count


REASON = "不合格原因"


def write_rejected(
    path: Path, sheet: ListSheet, header: Header, reasons: Mapping[int, Sequence[str]]
) -> int:
    """Write the rows of a list that could not be taken, with their reasons behind them.

    Args:
        path: The workbook; an older one is replaced.
        sheet: The list.
        header: Its headers.
        reasons: By number of the row, from 1.

    Returns:
        How many rows were written.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    book = Workbook(write_only=True)
    for style in packet_styles():
        book.add_named_style(style)
    out: Any = book.create_sheet("未导入的行")
    # Reasons of an earlier round are not told again.
    cells = [cell for cell in header.cells if cell.text != REASON]
    for number in range(1, len(cells) + 2):
        width = _WIDTHS[ColumnType.TEXT] if number <= len(cells) else 60
        out.column_dimensions[get_column_letter(number)].width = width
    out.freeze_panes = "A2"
    out.append([_cell(out, text, "fs_header") for text in (*(c.text for c in cells), REASON)])
    for number, why in sorted(reasons.items()):
        row = sheet.rows[number - 1]
        values = [row[c.place] if c.place < len(row) else None for c in cells]
        plain = [v if isinstance(v, _PLAIN) else read_text(v) or None for v in values]
        out.append([_cell(out, value, "fs_entry") for value in (*plain, "；".join(why))])
    book.properties.creator = "食药安工作台"
    with written(path) as part:
        book.save(part)
    return len(reasons)


def _write_rows(
    sheet: Any,  # noqa: ANN401 - the library's sheets for writing have no types
    columns: Sequence[LedgerColumn],
    entries: Iterable[tuple[LedgerEntry, str]],
    *,
    with_units: bool,
) -> int:
    widths = [*([22] if with_units else []), *(_WIDTHS[column.type] for column in columns)]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "B2"
    headers = [*([UNIT] if with_units else []), *(column.title for column in columns)]
    sheet.append([_cell(sheet, header, "fs_header") for header in headers])
    plans = [(c.title, _STYLES.get(c.type, "fs_entry")) for c in columns]
    count = 0
    for entry, unit in entries:
        count += 1
        if count > MOST_ENTRIES:
            raise reject(
                "行数太多，一个工作表放不下", f"请先筛选，每次导出不超过 {MOST_ENTRIES} 行"
            )
        cells = [_cell(sheet, unit, "fs_entry")] if with_units else []
        cells += [_cell(sheet, _shown(entry.values.get(title)), style) for title, style in plans]
        sheet.append(cells)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{count + 1}"
    return count


def _shown(value: LedgerValue) -> LedgerValue | int:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return tidy(value) if isinstance(value, str) else value


def _cell(sheet: Any, value: object, style: str) -> Any:  # noqa: ANN401 - no types of its own
    """Make a cell; a text that begins like a formula stays text for every program."""
    cell: Any = WriteOnlyCell(sheet)
    cell.style = style
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"
        if value.startswith(_DANGEROUS):
            cell.quotePrefix = True
    else:
        cell.value = value
    return cell


def _add_checks(
    sheet: Any,  # noqa: ANN401 - see `_write_rows`
    columns: Sequence[LedgerColumn],
    last: int,
    *,
    offset: int,
) -> None:
    for number, column in enumerate(columns, start=1 + offset):
        check = _check(column)
        if check is None:
            continue
        letter = get_column_letter(number)
        check.promptTitle, check.prompt = column.title[:30], rule(column)[:250]
        check.errorTitle, check.error = "填写有误", rule(column)[:220]
        check.showInputMessage = check.showErrorMessage = True
        check.sqref = MultiCellRange(f"{letter}2:{letter}{last}")
        sheet.data_validations.append(check)


def _check(column: LedgerColumn) -> DataValidation | None:
    words = column.choices if column.type is ColumnType.CHOICE else (YES, NO)
    if column.type in (ColumnType.CHOICE, ColumnType.FLAG):
        listed = ",".join(words)
        if len(listed) > _LONGEST_LIST or '"' in listed:
            return None
        return DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    if column.type is ColumnType.NUMBER:
        return DataValidation(
            type="decimal",
            operator="greaterThanOrEqual",
            formula1="0",
            allow_blank=True,
            errorStyle="warning",
        )
    return None


def rule(column: LedgerColumn) -> str:
    """Return what people are told about a column."""
    if column.type is ColumnType.CHOICE:
        return f"从下拉列表选择：{'、'.join(column.choices)}"
    if column.type is ColumnType.FLAG:
        return f"填“{YES}”或“{NO}”"
    if column.type is ColumnType.DATE:
        return "如 2026-03-05 或 2026年3月5日"
    return "填数字" if column.type is ColumnType.NUMBER else "填文字"


def _write_help(book: Workbook, ledger: Ledger, columns: Sequence[LedgerColumn]) -> None:
    sheet: Any = book.create_sheet(HELP)
    for letter, width in zip("ABC", (22, 60, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_cell(sheet, text, "fs_header") for text in ("列", "填写要求", "必填")])
    for column in columns:
        needed = "必填" if column.title in ledger.key else ""
        sheet.append(
            [_cell(sheet, text, "fs_text") for text in (column.title, rule(column), needed)]
        )
    for text in (
        "每行一条记录，从第 2 行起填写；可以增加行，不要改表头。",
        f"程序靠“{'、'.join(ledger.key)}”识别同一条记录：再次导入时更新原有记录，不会重复。",
        "再次导入时，空白单元格不会清除已有内容。",
    ):
        sheet.append([_cell(sheet, text, "fs_plain")])
