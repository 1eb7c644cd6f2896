"""Reading one sheet of a packet: by headers and codes, wherever rows and columns were moved to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Finding, Place, error, warning
from fsdesk.domain.records.records import RecordKey, empty_content, filled_content
from fsdesk.domain.text import fold
from fsdesk.domain.typed import Cell, CellError, Entry, read_cell, read_text
from fsdesk.packets.layout import (
    CODE,
    HEADER_WITHIN,
    PacketSheet,
    SheetColumn,
)
from fsdesk.packets.sheets.merging import merge_values

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from fsdesk.domain.records.records import Content
    from fsdesk.packets.safe.scanned import Area

_UNIT_COLUMN = "计量单位"
_SHOWN = 40
_BLANK = (None, "")


class ReadSheet(Struct):
    """What a sheet says.

    Attributes:
        contents: What stands in each row, by the record that it is for.
        places: The first cell of each row in which something stands.
        cells: The cell of each field that is filled.
        findings: What is wrong, and what to tell.
    """

    contents: dict[RecordKey, Content] = field(default_factory=dict["RecordKey", "Content"])
    places: dict[RecordKey, Place] = field(default_factory=dict["RecordKey", Place])
    cells: dict[RecordKey, Mapping[str, Place]] = field(
        default_factory=dict["RecordKey", "Mapping[str, Place]"]
    )
    findings: list[Finding] = field(default_factory=list[Finding])


class SheetSource(Struct, frozen=True):
    """A sheet as it was found in a file.

    Attributes:
        bad_cells: Why the value of a cell can't be known, by its name.
        year: Of the plan; dates without a year lie in it.
        name: Its title in the file.
    """

    file: str
    sheet: PacketSheet
    name: str
    rows: Sequence[Sequence[Cell]]
    bad_cells: Mapping[str, str]
    merged: Sequence[Area]
    year: int


def read_sheet(source: SheetSource, wanted: Iterable[RecordKey]) -> ReadSheet:
    """Read a sheet.

    `wanted`: the records for which it should have a row.

    Returns:
        What it says; a row that is missing is missing there too.
    """
    reading = _FormSheetReader(source)
    start = reading.find_headers()
    if start:
        reading.find_rows(start, {key.item: key for key in wanted})
        reading.spread_merged()
        reading.read_rows()
    return reading.result


def join_sheets(sheet: PacketSheet, parts: Sequence[ReadSheet]) -> ReadSheet:
    """Put together what several sheets say of the same rows; where they differ is an error."""
    joined, *more = parts
    titles = {column.field: column.title for column in sheet.inputs}
    for part in more:
        joined.findings += part.findings
        for key, content in part.contents.items():
            before = joined.contents.get(key, empty_content(key.kind))
            known = _filled(before, joined.cells.get(key, {}))
            joined.findings += merge_values(
                known, _filled(content, part.cells.get(key, {})), titles
            )
            cells = {field: place for field, (_, place) in known.items()}
            values = {field: value for field, (value, _) in known.items()}
            joined.contents[key] = filled_content(key.kind, values)
            joined.places[key] = next(iter(cells.values()), part.places[key])
            joined.cells[key] = cells
    return joined


def _filled(content: Content, cells: Mapping[str, Place]) -> dict[str, tuple[Any, Place]]:
    return {field: (getattr(content, field), place) for field, place in cells.items()}


class _FormSheetReader:
    def __init__(self, source: SheetSource) -> None:
        self.result = ReadSheet()
        self._source, self._sheet, self._rows = source, source.sheet, source.rows
        self._columns: dict[str, int] = {}
        self._found: dict[int, RecordKey] = {}
        # Cells that show the content of another one, since they are merged with it.
        self._stands_for: dict[tuple[int, int], tuple[int, int]] = {}

    def find_headers(self) -> int:
        """Find the row of headers and the place of each column.

        Returns:
            Number of the row below the headers; 0 when there are none.
        """
        for number, row in enumerate(self._rows[:HEADER_WITHIN]):
            titles = [fold(read_text(cell)) for cell in row]
            if fold(CODE) in titles:
                needed = (CODE, *(column.title for column in self._sheet.inputs))
                missing = [title for title in needed if titles.count(fold(title)) != 1]
                if missing:
                    words = f"缺少或重复的列：{'、'.join(missing)}"
                    self._error((number, 0), words, "请恢复表头文字，每列一个")
                    return 0
                self._columns = {title: place for place, title in enumerate(titles) if title}
                return number + 1
        self._error((0, 0), f"前 {HEADER_WITHIN} 行内找不到表头“{CODE}”", "请恢复表头")
        return 0

    def find_rows(self, start: int, wanted: Mapping[str, RecordKey]) -> None:
        place = self._place_of(CODE)
        taken, folded = set[str](), dict[str, RecordKey]()
        for number in range(start, len(self._rows)):
            code = read_text(_at(self._rows[number], place))
            if not code:
                self._refuse_orphan(number)
                continue
            key = wanted.get(code)
            if key is None:  # seldom
                folded = folded or {fold(item): key for item, key in wanted.items()}
                key = folded.get(fold(code))
            if key is None:
                words = f"编码“{code}”不在本单位的{self._sheet.title}表中"
                self._error((number, place), words, "请恢复原来的编码，或删除这一行")
            elif key.item in taken:
                self._error((number, place), f"编码“{code}”出现了两次", "请删除重复的行")
            else:
                taken.add(key.item)
                self._found[number] = key

    def _refuse_orphan(self, number: int) -> None:
        """A row without a code is passed over unless something is typed in it."""
        row = self._rows[number]
        for column in self._sheet.inputs:
            where = (number, self._place_of(column.title))
            bad = self._source.bad_cells and cell_name(*where) in self._source.bad_cells
            if bad or read_text(_at(row, where[1])):
                self._error(where, "这一行填了内容，但没有编码", "请把内容填到有编码的行")
                return

    def spread_merged(self) -> None:
        """Give the content of merged cells to each row; a number can't be given to several."""
        inputs = {self._place_of(column.title): column for column in self._sheet.inputs}
        for top, left, bottom, right in self._source.merged:
            rows = [number for number in self._found if top <= number <= bottom]
            value = _at(self._rows[top], left) if top < len(self._rows) else None
            if len(rows) <= 1 or left not in inputs or value is None:
                continue
            name = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            if inputs[left].entry is Entry.NUMBER:
                words = f"合并单元格 {name} 里的数看不出属于哪一行"
                self._error((top, left), words, "请取消合并，逐行填写")
                continue
            self._warn(
                (top, left),
                f"合并单元格 {name} 的内容按每一行都填写处理",
                "如果不是这个意思，请取消合并，逐行填写",
            )
            self._stands_for |= {(number, left): (top, left) for number in rows}

    def read_rows(self) -> None:
        columns = [(column, self._place_of(column.title)) for column in self._sheet.inputs]
        places = {column.field: place for column, place in columns}
        unit_place = self._columns.get(fold(_UNIT_COLUMN), -1)
        as_it_stands = not self._stands_for and not self._source.bad_cells
        for number, key in self._found.items():
            row = self._rows[number]
            values: dict[str, Any] = {}
            for column, place in columns:
                if as_it_stands:
                    value = row[place] if place < len(row) else None
                    if value in _BLANK:
                        continue
                    if column.entry is Entry.TEXT:  # most; each can be read
                        if text := read_text(value):
                            values[column.field] = text
                        continue
                # The parts of a ratio are counts, whatever the ratio is measured in.
                unit = read_text(_at(row, unit_place)) if column.field == "value" else ""
                value = self._cell(column, (number, place), unit)
                if value is not None and value != "":
                    values[column.field] = value
            content = filled_content(key.kind, values) if values else empty_content(key.kind)
            self.result.contents[key] = content
            # People are pointed at the first cell in which something stands.
            first = places[next(iter(values))] if values else columns[0][1]
            self.result.places[key] = self._at_cell((number, first))
            if values:
                self.result.cells[key] = _RowCells(self._at_cell, number, places, values)

    def _cell(self, column: SheetColumn, where: tuple[int, int], unit: str) -> object:
        """Read one cell; what can't be read is told."""
        row, place = self._stands_for.get(where, where) if self._stands_for else where
        bad = self._source.bad_cells.get(cell_name(row, place)) if self._source.bad_cells else None
        if bad:
            self._error(where, bad, f"请改成数值或文字。{column.rule}")
            return None
        value = _at(self._rows[row], place)
        if value is None:
            return None
        try:
            return read_cell(column.entry, value, unit, self._source.year)
        except CellError as problem:
            shown = read_text(value)[:_SHOWN]
            self._error(where, f"“{column.title}”填的是“{shown}”，{problem}", column.rule)
            return None

    def _place_of(self, title: str) -> int:
        return self._columns[fold(title)]

    def _error(self, where: tuple[int, int], message: str, remedy: str) -> None:
        self.result.findings.append(error(message, remedy, self._at_cell(where)))

    def _warn(self, where: tuple[int, int], message: str, remedy: str) -> None:
        self.result.findings.append(warning(message, remedy, self._at_cell(where)))

    def _at_cell(self, where: tuple[int, int]) -> Place:
        return Place(self._source.file, self._source.name, cell_name(*where))


class _RowCells(Mapping[str, Place]):
    """The places of a row's filled fields, each made when it is asked for, which is seldom."""

    __slots__ = ("_at_cell", "_filled", "_places", "_row")

    def __init__(
        self,
        at_cell: Callable[[tuple[int, int]], Place],
        row: int,
        places: Mapping[str, int],
        filled: Collection[str],
    ) -> None:
        self._at_cell, self._row, self._places, self._filled = at_cell, row, places, filled

    def __getitem__(self, field: str) -> Place:
        if field not in self._filled:
            raise KeyError(field)
        return self._at_cell((self._row, self._places[field]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._filled)

    def __len__(self) -> int:
        return len(self._filled)


def _at(row: Sequence[Cell], column: int) -> Cell:
    """Return a cell of a row that may be shorter; empty text and missing cells are None."""
    if not 0 <= column < len(row):
        return None
    value = row[column]
    return None if value == "" else value
