"""Reading the rows of a list as entries of a ledger: typed, each fault with its row and column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Place, reject
from fsdesk.domain.ledger.ledger import NO, YES, ColumnType, LedgerColumn, LedgerValue
from fsdesk.domain.text import fold
from fsdesk.domain.typed import Cell, CellError, read_date, read_number, read_text
from fsdesk.packets.layout import cell_name
from fsdesk.packets.lists.headers import UNIT, ListHeader, find_header
from fsdesk.packets.lists.opening import STAMP_SHEET, ListSheet, open_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.ledger.ledger import Ledger

_SHOWN = 40
_BLANKS = frozenset({"/", "／", "-", "—", "——", "－", "\\", "无数据"})
_YES_WORDS = frozenset({YES, "√", "✓", "有", "y", "yes", "true", "1", "对", "已"})
_NO_WORDS = frozenset({NO, "×", "✗", "无", "n", "no", "false", "0", "错", "未", "没有"})
_TOTALS = ("合计", "总计", "小计", "共计")
_CLOSING = re.compile(r"(注|备注|说明|填表|填报|制表|审核|联系|单位负责|日期)[^:]{0,4}:|以下空白")
_BRACKET_UNIT = re.compile(r"[(（\[【]([^)）\]】]+)[)）\]】]\s*$")
_LARGE_UNITS = ("万", "千", "百", "亿")
# A number keeps 15 digits in a spreadsheet; what a longer code ended in is lost.
_MOST_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a row can't be taken; rows count from 1."""

    row: int
    column: str
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list.

    Attributes:
        number: Its number in the sheet, from 1.
        unit: What stands in the column of units; empty when there is none.
        values: By title of the ledger's column; only what is filled in.
    """

    number: int
    unit: str
    values: Mapping[str, LedgerValue]


@dataclass(slots=True)
class ListReading:
    """What a list says.

    Attributes:
        passed_over: Numbers of rows that hold no entry: totals, remarks, repeated headers.
        unknown_words: By title, the words in columns of choices that name no choice.
    """

    sheet: str
    header: ListHeader
    rows: list[ListRow] = field(default_factory=list[ListRow])
    rejected: list[Rejected] = field(default_factory=list[Rejected])
    passed_over: list[int] = field(default_factory=list[int])
    unknown_words: dict[str, set[str]] = field(default_factory=dict[str, set[str]])


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose for a form of list.

    Attributes:
        columns: Title of the ledger's column by header; empty for “leave out”.
        words: By title, the choice that each word of the list stands for.
    """

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, dict[str, str]])


def choose_sheet(path: Path, ledger: Ledger) -> ListSheet:
    """Open a list and return the sheet with most of a ledger's columns; refused without any."""
    sheets = open_list(path)
    for sheet in sheets:
        if sheet.name == STAMP_SHEET and sheet.rows and sheet.rows[0]:
            code, *rest = (read_text(cell) for cell in sheet.rows[0])
            if code != ledger.code:
                other = rest[0] if rest else code
                raise reject(
                    f"这是台账“{other}”的表，不是“{ledger.title}”的",
                    f"请导入到“{other}”，或改用“{ledger.title}”的模板",
                    Place(sheet.file),
                )
    visible = [sheet for sheet in sheets if sheet.name != STAMP_SHEET]
    return max(visible, key=lambda sheet: len(find_header(sheet, ledger).titles))


def read_rows(sheet: ListSheet, ledger: Ledger, choices: Choices | None = None) -> ListReading:
    """Read a list's rows.

    `choices`: what somebody chose for this form of list.
    InputRejectedError when a column that identifies entries is missing, or two headers name the
    same column.
    """
    choices = choices or Choices()
    header = find_header(sheet, ledger, choices.columns)
    _check_header(sheet, ledger, header)
    reading = _ListRows(sheet, ledger, choices, header)
    for number in range(header.row + 1, len(sheet.rows)):
        reading.read(number)
    return reading.result


def _check_header(sheet: ListSheet, ledger: Ledger, header: ListHeader) -> None:
    place = Place(sheet.file, sheet.name)
    for title, texts in header.doubtful.items():
        row = place if not header.cells else Place(sheet.file, sheet.name, f"A{header.row + 1}")
        raise reject(
            f"表头“{'”和“'.join(texts)}”都像是“{title}”这一列",
            "请在导入窗口中选定其中一列，或改掉另一列的表头",
            row,
        )
    missing = [title for title in ledger.key if title not in header.titles]
    if missing:
        raise reject(
            f"找不到“{'”“'.join(missing)}”这一列，程序靠它识别同一条记录",
            "请在导入窗口中选定对应的列，或在表头中补上",
            place,
        )


class _ListRows:
    def __init__(
        self, sheet: ListSheet, ledger: Ledger, choices: Choices, header: ListHeader
    ) -> None:
        self.result = ListReading(sheet.name, header)
        self._sheet, self._ledger, self._words = sheet, ledger, choices.words
        self._columns = [
            (cell.place, cell.text, ledger.column(cell.title) or LedgerColumn(UNIT))
            for cell in header.cells
            if cell.title
        ]
        self._key_places = [place for place, _, c in self._columns if c.title in ledger.key]
        self._headers = {cell.place: fold(cell.text) for cell in header.cells}
        self._merged = self._merged_cells(header.row)

    def _merged_cells(self, header: int) -> dict[tuple[int, int], tuple[int, int]]:
        """Return, for cells that are merged with others, where their content stands."""
        places = {place for place, _, _ in self._columns}
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in self._sheet.merged:
            if top <= header:
                continue
            columns = [place for place in places if left <= place <= right]
            for row in range(top, min(bottom + 1, len(self._sheet.rows))):
                found |= {(row, column): (top, left) for column in columns}
        return found

    def read(self, number: int) -> None:
        row = self._sheet.rows[number]
        if all(_blank(cell) for cell in row) and not self._bad_in(number):
            return
        if self._is_aside(row):
            self.result.passed_over.append(number + 1)
            return
        values: dict[str, LedgerValue] = {}
        faults: list[Rejected] = []
        for place, text, column in self._columns:
            try:
                value = self._cell((number, place), text, column)
            except CellError as problem:
                shown = read_text(self._at(number, place))[:_SHOWN]
                faults.append(Rejected(number + 1, text, str(problem), shown))
                continue
            if value is not None and value != "":
                values[column.title] = value
        faults += self._missing_keys(number, values, {fault.column for fault in faults})
        if faults:
            self.result.rejected += faults
            return
        unit = str(values.pop(UNIT, "")) if self._ledger.column(UNIT) is None else ""
        self.result.rows.append(ListRow(number + 1, unit, values))

    def _bad_in(self, number: int) -> bool:
        bad = self._sheet.bad_cells
        return bool(bad) and any(cell_name(number, place) in bad for place, _, _ in self._columns)

    def _is_aside(self, row: Sequence[Cell]) -> bool:
        """Tell whether a row is a total, a remark, or the headers once more."""
        filled = ((place, cell) for place, cell in enumerate(row) if not _blank(cell))
        texts = {place: fold(read_text(cell)) for place, cell in filled}
        if not texts:
            return False
        if len(texts) > 1 and all(self._headers.get(at) == text for at, text in texts.items()):
            return True
        first = texts[min(texts)]
        has_key = all(texts.get(place) for place in self._key_places)
        total = first in _TOTALS if has_key else first.startswith(_TOTALS)
        return total or _CLOSING.match(first) is not None

    def _at(self, number: int, place: int) -> Cell:
        top, left = self._merged.get((number, place), (number, place))
        row = self._sheet.rows[top]
        return row[left] if left < len(row) else None

    def _cell(self, where: tuple[int, int], header: str, column: LedgerColumn) -> LedgerValue:
        at = self._merged.get(where, where)
        bad = self._sheet.bad_cells and self._sheet.bad_cells.get(cell_name(*at))
        if bad:
            raise CellError(f"{bad}，请改成数值或文字")
        value = self._at(*where)
        if _blank(value):
            return None
        if at != where and column.type is ColumnType.NUMBER:
            raise CellError("合并单元格里的数看不出属于哪一行，请取消合并，逐行填写")
        if column.type is ColumnType.CHOICE:
            return self._choice(column, read_text(value))
        return read_value(column, value, header)

    def _choice(self, column: LedgerColumn, text: str) -> str | None:
        try:
            return _choice_of(column, text, self._words.get(column.title, {}))
        except CellError:
            self.result.unknown_words.setdefault(column.title, set()).add(text)
            raise

    def _missing_keys(
        self, number: int, values: Mapping[str, LedgerValue], told: set[str]
    ) -> list[Rejected]:
        return [
            Rejected(number + 1, text, "不能为空，程序靠它识别同一条记录")
            for _, text, column in self._columns
            if column.title in self._ledger.key and column.title not in values and text not in told
        ]


def _choice_of(
    column: LedgerColumn, text: str, chosen: Mapping[str, str] | None = None
) -> str | None:
    wanted = fold(text)
    known = (*(chosen or {}).items(), *column.words, *((c, c) for c in column.choices))
    for word, choice in known:
        if fold(word) == wanted:
            return choice
    if text in _BLANKS:
        return None
    raise CellError(f"“{text[:_SHOWN]}”不在选项中，应为：{'、'.join(column.choices)}")


def read_typed(column: LedgerColumn, text: str, year: int | None = None) -> LedgerValue:
    """Read what somebody typed into a cell of the grid, or pasted there.

    `text`: what was typed; nothing, and what stands for nothing, is None.
    `year`: in which dates without a year lie.
    CellError when the column can't hold it.
    """
    plain = read_text(text)
    if not plain:
        return None
    if column.type is ColumnType.CHOICE:
        return _choice_of(column, plain)
    if column.type is ColumnType.DATE and plain not in _BLANKS:
        return read_date(plain, year)
    return read_value(column, plain)


def read_value(column: LedgerColumn, value: Cell, header: str = "") -> LedgerValue:
    """Read a cell as a column of a ledger asks.

    `column`: the column; for a choice the text must be one of them.
    `header`: its header, in whose brackets a unit may stand.
    CellError when the value is something else or ambiguous.
    """
    text = read_text(value)
    if column.type is not ColumnType.TEXT and (not text or text in _BLANKS):
        return None
    if column.type is ColumnType.NUMBER:
        found = _BRACKET_UNIT.search(header)
        unit = found.group(1) if found else ""
        if unit.startswith(_LARGE_UNITS) and not column.title.endswith(f"({unit})"):
            raise CellError(f"表头的单位是“{unit}”，与台账不同，请换算后再导入")
        return read_number(value, unit)
    if column.type is ColumnType.DATE:
        return read_date(value)
    if column.type is ColumnType.FLAG:
        word = fold(text)
        if word in _YES_WORDS:
            return True
        if word in _NO_WORDS:
            return False
        raise CellError(f"应为“{YES}”或“{NO}”")
    if column.type is ColumnType.CHOICE and text not in column.choices:
        raise CellError(f"“{text[:_SHOWN]}”不在选项中，应为：{'、'.join(column.choices)}")
    if isinstance(value, float) and abs(value) >= _MOST_EXACT:
        raise CellError("数字超过 15 位，末几位已经丢失，请把这一列改成文本格式后重新填写")
    return text


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
