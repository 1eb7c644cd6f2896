"""Ledgers in a packet: one sheet each, with the rows that are there and room for new ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Finding, Place, error, warning
from fsdesk.domain.ledger.codec import entry_to_dict
from fsdesk.domain.ledger.ledger import NO, YES, ColumnType, LedgerEntry, check_entry
from fsdesk.domain.names import sheet_name
from fsdesk.domain.packet.packet import canonical, sha256
from fsdesk.domain.records.merge import NO_EDITS, Revision, hand_edit
from fsdesk.domain.text import fold, tidy
from fsdesk.domain.typed import Cell, CellError, read_date, read_number, read_text
from fsdesk.packets.layout import (
    CODE,
    HEADER_WITHIN,
    HELP_SHEET,
    META_SHEET,
    PLAN_SHEET,
    SEALED_SHEET,
    SHEETS,
    cell_name,
)
from fsdesk.packets.sheet_xml import InputCheck, XmlSheet, list_check, row_xml
from fsdesk.packets.sheets.parts import HEADER_ROW, head
from fsdesk.packets.sheets.replies import REPLY_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.ledger.ledger import Ledger, LedgerColumn, LedgerValue
    from fsdesk.packets.looks import Looks

_ROOM = 2000  # rows below the last one in which drop-downs work
_WIDTHS = {ColumnType.NUMBER: 10, ColumnType.DATE: 12, ColumnType.FLAG: 8, ColumnType.CHOICE: 12}
_TEXT_WIDTH, _CODE_WIDTH = 22, 8
_STYLES = {ColumnType.NUMBER: "fs_number", ColumnType.DATE: "fs_date"}
_LONGEST_LIST = 250
_SHOWN = 40
_LINES_ON_PAPER = 20  # that are printed even where nothing is typed yet
_DIGITS = 15  # that spreadsheet programs keep of a number


def holdable_entry(entry: LedgerEntry) -> LedgerEntry:
    """Return a row as a workbook can hold it, so that it comes back the same."""
    values = {
        title: _holdable(value) for title, value in entry.values.items() if value not in (None, "")
    }
    return replace(entry, values=values)


def _holdable(value: LedgerValue) -> LedgerValue:
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    return value


def entry_digest(entry: LedgerEntry) -> str:
    """Return the SHA-256 of what stands in a row."""
    plain = entry_to_dict(entry)
    return sha256(canonical([plain["unit"], plain["values"], plain["gone"]]))


def sheet_names(ledgers: Iterable[Ledger]) -> dict[str, str]:
    """Return the names of the sheets of a packet's ledgers, by their codes.

    A ledger may be called what another sheet of the packet is called.
    """
    hidden = (META_SHEET, PLAN_SHEET, SEALED_SHEET)
    taken = [HELP_SHEET, *hidden, REPLY_SHEET, *(sheet.title for sheet in SHEETS)]
    names: dict[str, str] = {}
    for ledger in ledgers:
        names[ledger.code] = sheet_name(ledger.title, (*taken, *names.values()))
    return names


def ledger_sheet(
    looks: Looks, name: str, ledger: Ledger, entries: Iterable[LedgerEntry], words: str
) -> XmlSheet:
    """Return the sheet of a ledger.

    `name`: of the sheet, as of `sheet_names`.
    `entries`: its rows; removed ones are left out.
    `words`: whose it is and how it is filled, for people.
    """
    columns = ledger.columns
    titles = (CODE, *(column.title for column in columns))
    styles = [looks[_STYLES.get(column.type, "fs_entry")] for column in columns]
    rows = head(looks, ledger.title, words, titles, beside=len(columns))
    code = looks["fs_code"]
    for entry in entries:
        if not entry.gone:
            typed = (_typed(entry.values.get(column.title)) for column in columns)
            cells = ((entry.id, code), *zip(typed, styles, strict=True))
            rows.append(row_xml(looks, len(rows) + 1, cells))
    printed = max(len(rows), HEADER_ROW + _LINES_ON_PAPER)
    return XmlSheet(
        name,
        rows,
        cell_name(len(rows) - 1, len(columns)),
        [_CODE_WIDTH, *(_WIDTHS.get(column.type, _TEXT_WIDTH) for column in columns)],
        # The cells that are not there yet can be typed into as well.
        column_looks=dict(enumerate(styles, start=1)),
        frozen=(HEADER_ROW, 2),
        checks=list(_lists(ledger, len(rows) + _ROOM)),
        print_area=cell_name(printed - 1, len(columns)),
        header_row=HEADER_ROW,
        protected=True,
        rows_wanted=True,
    )


def _typed(value: LedgerValue) -> str | float | date | None:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _lists(ledger: Ledger, last: int) -> Iterable[tuple[InputCheck, str]]:
    for place, column in enumerate(ledger.columns, start=1):
        words = (YES, NO) if column.type is ColumnType.FLAG else column.choices
        listed = ",".join(words)
        if not words or len(listed) > _LONGEST_LIST or any("," in word for word in words):
            continue
        area = f"{cell_name(HEADER_ROW, place)}:{cell_name(last - 1, place)}"
        yield list_check(words, f"请选择：{'、'.join(words)}"), area


Line = tuple[str, str, str, str]


@dataclass
class ReadLedger:
    """What the sheet of a ledger says.

    Attributes:
        entries: Rows with what stands in them and the revision that they have now.
        lines: For each of them code of the ledger, id, revision and digest.
        findings: What is wrong, and what to tell.
    """

    entries: list[LedgerEntry] = field(default_factory=list[LedgerEntry])
    lines: list[Line] = field(default_factory=list[Line])
    findings: list[Finding] = field(default_factory=list[Finding])


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """The sheet of a ledger as it was found in a file.

    Attributes:
        ledger: Its declaration, from the packet itself.
        bad_cells: Why the value of a cell can't be known, by its name.
        notes: For each row that was written, by its id, the row as it was based: revision and
            digest.
        removed: The rows that were removed and have no line.
        year: Of the plan; dates without a year lie in it.
    """

    file: str
    sheet: str
    ledger: Ledger
    rows: Sequence[Sequence[Cell]]
    bad_cells: Mapping[str, str]
    notes: Mapping[str, tuple[str, str]]
    removed: Sequence[LedgerEntry]
    unit: str
    packet: str
    year: int


def read_ledger_sheet(source: LedgerSource) -> ReadLedger:
    """Read the sheet of a ledger; rows without a code are new ones."""
    return _LedgerSheetReader(source).read()


class _LedgerSheetReader:
    def __init__(self, source: LedgerSource) -> None:
        self._source, self._ledger = source, source.ledger
        self._result = ReadLedger()
        self._places: dict[str, int] = {}

    def read(self) -> ReadLedger:
        start = self._find_headers()
        seen: set[str] = set()
        for number in range(start, len(self._source.rows)) if start else ():
            self._read_row(number, seen)
        removed = {entry.id for entry in self._source.removed}
        for entry in self._source.removed:
            self._keep(entry, entry_digest(entry))
        for id_ in self._source.notes if start else ():
            if id_ not in seen and id_ not in removed:
                self._result.findings.append(
                    warning(
                        f"缺少编码为“{id_}”的记录，按没有改动处理",
                        "需要删除的记录请在本程序中删除",
                        Place(self._source.file, self._source.sheet),
                    )
                )
        return self._result

    def _find_headers(self) -> int:
        for number, row in enumerate(self._source.rows[:HEADER_WITHIN]):
            titles = [fold(read_text(cell)) for cell in row]
            if fold(CODE) in titles:
                wanted = (CODE, *(column.title for column in self._ledger.columns))
                missing = [title for title in wanted if titles.count(fold(title)) != 1]
                if missing:
                    words = f"缺少或重复的列：{'、'.join(missing)}"
                    self._error((number, 0), words, "请恢复表头文字，每列一个")
                    return 0
                self._places = {title: titles.index(fold(title)) for title in wanted}
                return number + 1
        self._error((0, 0), f"前 {HEADER_WITHIN} 行内找不到表头“{CODE}”", "请恢复表头")
        return 0

    def _read_row(self, number: int, seen: set[str]) -> None:
        row = self._source.rows[number]
        code = read_text(_at(row, self._places[CODE]))
        values: dict[str, LedgerValue] = {}
        fine = True
        for column in self._ledger.columns:
            where = (number, self._places[column.title])
            try:
                value = self._value(column, where, _at(row, where[1]))
            except CellError as problem:
                self._error(where, str(problem), f"请按“{column.title}”列的要求填写")
                fine = False
                continue
            if value not in (None, ""):
                values[column.title] = value
        if code and code not in self._source.notes:
            self._error((number, self._places[CODE]), f"编码“{code}”不在本表中", "新增记录不填编码")
        elif code and code in seen:
            words = f"编码“{code}”出现了两次"
            self._error((number, self._places[CODE]), words, "新增记录请清空编码")
        elif fine and (values or code):
            seen.add(code)
            self._take(number, code, values)

    def _value(self, column: LedgerColumn, where: tuple[int, int], cell: Cell) -> LedgerValue:
        bad = self._source.bad_cells and self._source.bad_cells.get(cell_name(*where))
        if bad:
            raise CellError(str(bad))
        if cell is None:
            return None
        try:
            return read_ledger_cell(column, cell, self._source.year)
        except CellError as problem:
            shown = read_text(cell)[:_SHOWN]
            raise CellError(f"“{column.title}”填的是“{shown}”，{problem}") from problem

    def _take(self, number: int, code: str, values: dict[str, LedgerValue]) -> None:
        source = self._source
        noted, before = source.notes.get(code, ("", ""))
        entry = LedgerEntry(code, self._ledger.code, source.unit, values)
        digest = entry_digest(entry)
        revision = Revision.parse(noted) if noted else NO_EDITS
        if digest != before:
            revision = hand_edit(revision, source.packet, f"{self._ledger.code}/{code}", digest)
        entry = replace(entry, revision=revision)
        place = Place(source.file, source.sheet, cell_name(number, 1))
        self._result.findings += [f.at(place) for f in check_entry(self._ledger, entry)]
        self._keep(entry, digest)

    def _keep(self, entry: LedgerEntry, digest: str) -> None:
        self._result.entries.append(entry)
        self._result.lines.append((entry.ledger, entry.id, str(entry.revision), digest))

    def _error(self, where: tuple[int, int], message: str, remedy: str) -> None:
        place = Place(self._source.file, self._source.sheet, cell_name(*where))
        self._result.findings.append(error(message, remedy, place))


def read_ledger_cell(column: LedgerColumn, cell: Cell, year: int) -> LedgerValue:
    """Read a cell as a ledger's column holds it; CellError when it is something else."""
    if column.type is ColumnType.NUMBER:
        return read_number(cell)
    if column.type is ColumnType.DATE:
        return read_date(cell, year)
    text = read_text(cell)
    if column.type is ColumnType.FLAG:
        if not text:
            return None
        if text in (YES, NO, "√"):
            return text != NO
        raise CellError(f"应为“{YES}”或“{NO}”")
    if column.type is ColumnType.CHOICE and text and text not in column.choices:
        words = {fold(word): choice for word, choice in column.words}
        words |= {fold(choice): choice for choice in column.choices}
        if fold(text) not in words:
            raise CellError(f"应为：{'、'.join(column.choices)}")
        return words[fold(text)]
    return text


def _at(row: Sequence[Cell], column: int) -> Cell:
    if not 0 <= column < len(row):
        return None
    value = row[column]
    return None if value == "" else value
