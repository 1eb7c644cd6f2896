"""Writing a ledger as a workbook: an empty form, or its rows; both can be imported again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.ledger import NO, YES, ColumnType, LedgerValue
from fsdesk.domain.names import sheet_name
from fsdesk.domain.text import fold, tidy
from fsdesk.domain.typed import read_text
from fsdesk.packets.book import Book
from fsdesk.packets.lists.headers import UNIT
from fsdesk.packets.lists.opening import HELP_SHEET, STAMP_SHEET
from fsdesk.packets.looks import packet_looks
from fsdesk.packets.sheet_xml import InputCheck, XmlSheet, list_check, row_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.ledger.ledger import Ledger, LedgerColumn, LedgerEntry
    from fsdesk.packets.lists.headers import ListHeader
    from fsdesk.packets.lists.opening import ListSheet
    from fsdesk.packets.looks import Looks

# A sheet has 1,048,576 rows.
MOST_ENTRIES = 1_000_000
_FORM_ROWS = 5000
_STYLES = {ColumnType.NUMBER: "fs_number", ColumnType.DATE: "fs_date"}
_WIDTHS = {
    ColumnType.TEXT: 22,
    ColumnType.NUMBER: 12,
    ColumnType.DATE: 13,
    ColumnType.CHOICE: 14,
    ColumnType.FLAG: 10,
}
_UNIT_WIDTH, _REASON_WIDTH = 22, 60
# Longer lists of choices do not fit into a check; the reader still knows them.
_LONGEST_LIST = 255
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

    `path`: the workbook; an older one is replaced.
    `entries`: rows, each with the name of its unit.
    `columns`: which columns, in order; all when empty.
    `with_units`: whether there is a column for the unit.

    Returns:
        How many rows were written.

    Raises:
        InputRejectedError: When the file can't be written or there are too many rows.
    """
    looks = packet_looks()
    shown = tuple(columns) or ledger.columns
    rows = _LedgerRows(looks, shown, entries, with_units=with_units)
    stamp = row_xml(looks, 1, [(ledger.code, 0), (ledger.title, 0)])
    sheets = [
        rows.sheet(sheet_name(ledger.title, (HELP_SHEET, STAMP_SHEET))),
        _help(looks, ledger, shown),
    ]
    sheets.append(XmlSheet(STAMP_SHEET, [stamp], hidden=True))
    Book(looks, sheets, datetime.now(UTC)).save(path)
    return rows.count


REASON = "不合格原因"


class RejectedPart(Struct, frozen=True):
    """Rows of a sheet that could not be taken.

    Attributes:
        headers: The headers of the sheet, the first one first.
        reasons: By number of the row, from 1.
    """

    sheet: ListSheet
    headers: Sequence[ListHeader]
    reasons: Mapping[int, Sequence[str]]


def write_rejected(path: Path, parts: Sequence[RejectedPart]) -> int:
    """Write the rows of a list that could not be taken, with their reasons behind them.

    `path`: the workbook; an older one is replaced.

    Returns:
        How many rows were written.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    looks = packet_looks()
    sheets: list[XmlSheet] = []
    for part in parts:
        name = part.sheet.name if len(parts) > 1 else "未导入的行"
        sheets.append(_rejected_sheet(looks, name, part))
    Book(looks, sheets or [XmlSheet("未导入的行")], datetime.now(UTC)).save(path)
    return sum(len(part.reasons) for part in parts)


def _rejected_sheet(looks: Looks, name: str, part: RejectedPart) -> XmlSheet:
    # Reasons of an earlier round are not told again.
    titles = [cell.text for cell in part.headers[0].cells if cell.text != REASON]
    rows = [row_xml(looks, 1, ((title, looks["fs_header"]) for title in (*titles, REASON)))]
    entry = looks["fs_entry"]
    for number, why in sorted(part.reasons.items()):
        # Below other headers a row is written by those.
        header = max((h for h in part.headers if h.row < number), key=lambda h: h.row)
        places = {cell.title or fold(cell.text): cell.place for cell in header.cells}
        wanted = (
            places.get(cell.title or fold(cell.text), -1)
            for cell in part.headers[0].cells
            if cell.text != REASON
        )
        row = part.sheet.rows[number - 1]
        values = [row[place] if 0 <= place < len(row) else None for place in wanted]
        plain = [v if isinstance(v, _PLAIN) else read_text(v) or None for v in values]
        line = ((value, entry) for value in (*plain, "；".join(why)))
        rows.append(row_xml(looks, len(rows) + 1, line))
    widths = [*([_WIDTHS[ColumnType.TEXT]] * len(titles)), _REASON_WIDTH]
    return XmlSheet(name, rows, widths=widths, frozen=(1, 0))


class _LedgerRows:
    """The rows of a ledger, written while they come, however many there are."""

    def __init__(
        self,
        looks: Looks,
        columns: Sequence[LedgerColumn],
        entries: Iterable[tuple[LedgerEntry, str]],
        *,
        with_units: bool,
    ) -> None:
        self.count = 0
        self._looks, self._columns, self._entries = looks, columns, entries
        self._units = [(UNIT, _UNIT_WIDTH)] if with_units else []

    def sheet(self, title: str) -> XmlSheet:
        """Return the sheet; what depends on the number of rows is added after the last one."""
        widths = [*(width for _, width in self._units), *(_WIDTHS[c.type] for c in self._columns)]
        sheet = XmlSheet(title, widths=widths, frozen=(1, 1))
        sheet.rows = self._written(sheet)
        return sheet

    def _written(self, sheet: XmlSheet) -> Iterator[str]:
        looks, with_units = self._looks, bool(self._units)
        headers = [*(title for title, _ in self._units), *(c.title for c in self._columns)]
        yield row_xml(looks, 1, ((header, looks["fs_header"]) for header in headers))
        plans = [(c.title, looks[_STYLES.get(c.type, "fs_entry")]) for c in self._columns]
        entry_look = looks["fs_entry"]
        for entry, unit in self._entries:
            self.count += 1
            if self.count > MOST_ENTRIES:
                raise reject(
                    "行数太多，一个工作表放不下", f"请先筛选，每次导出不超过 {MOST_ENTRIES} 行"
                )
            values = entry.values
            cells = [(_shown(values.get(title)), look) for title, look in plans]
            if with_units:
                cells.insert(0, (unit, entry_look))
            yield row_xml(looks, self.count + 1, cells)
        sheet.filter_area = f"A1:{cell_name(self.count, len(headers) - 1)}"
        last = max(self.count, _FORM_ROWS)
        for place, column in enumerate(self._columns, start=len(self._units)):
            check = _check(column)
            if check is not None:
                sheet.checks.append((check, f"{cell_name(1, place)}:{cell_name(last, place)}"))


def _shown(value: LedgerValue) -> LedgerValue | int:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return tidy(value) if isinstance(value, str) else value


def _check(column: LedgerColumn) -> InputCheck | None:
    prompt, error = (column.title[:30], rule(column)[:250]), rule(column)[:220]
    words = column.choices if column.type is ColumnType.CHOICE else (YES, NO)
    if column.type in (ColumnType.CHOICE, ColumnType.FLAG):
        listed = ",".join(words)
        if len(listed) > _LONGEST_LIST or '"' in listed:
            return None
        return list_check(words, error, prompt)
    if column.type is ColumnType.NUMBER:
        return InputCheck("decimal", ("0",), error, prompt, warns=True)
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


def _help(looks: Looks, ledger: Ledger, columns: Sequence[LedgerColumn]) -> XmlSheet:
    lines = [("列", "填写要求", "必填")]
    lines += [(c.title, rule(c), "必填" if c.title in ledger.key else "") for c in columns]
    styles = ["fs_header", *["fs_text"] * len(columns)]
    advice = (
        "每行一条记录，从第 2 行起填写；可以增加行，不要改表头。",
        f"程序靠“{'、'.join(ledger.key)}”识别同一条记录：再次导入时更新原有记录，不会重复。",
        "再次导入时，空白单元格不会清除已有内容。",
    )
    styled = [*zip(lines, styles, strict=True), *(((text,), "fs_plain") for text in advice)]
    rows = [
        row_xml(looks, number, ((text, looks[style]) for text in line))
        for number, (line, style) in enumerate(styled, start=1)
    ]
    return XmlSheet(HELP_SHEET, rows, widths=(22, 60, 14))
