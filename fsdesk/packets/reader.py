"""Reading a packet: by headers and codes, wherever rows and columns were moved to."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import Finding, InputRejectedError, Place, error, reject, warning
from fsdesk.domain.merge import Revision, hand_edit
from fsdesk.domain.packet import Packet, canonical_content, content_digest
from fsdesk.domain.records import Record, RecordKey, empty_content
from fsdesk.domain.text import fold
from fsdesk.packets.bundle import open_bundle
from fsdesk.packets.cells import Cell, CellError, read_cell, read_text
from fsdesk.packets.guard import MOST_BYTES, scan, scan_data
from fsdesk.packets.layout import (
    CODE,
    HEADER_WITHIN,
    META_SHEET,
    PLAN_SHEET,
    SHEETS,
    Sheet,
    cell_name,
)
from fsdesk.packets.meta import Meta, read_handed_down, read_meta

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.domain.handed_down import HandedDown
    from fsdesk.packets.guard import Scan
    from fsdesk.packets.layout import Column

_UNIT_COLUMN = "计量单位"
_SHEET_NAMES = {META_SHEET, PLAN_SHEET, *(sheet.title for sheet in SHEETS)}


def read_packet(path: Path) -> Packet:
    """Read a packet's file.

    Raises:
        InputRejectedError: With every reason why it can't be read, each with sheet and cell.
    """
    scanned = _scan(path)
    book = _open(scanned, path.name)
    # First what it is: a later version may have other sheets, and then says so.
    _check_sheets({META_SHEET} - set(book), path.name)
    meta = read_meta(book[META_SHEET], path.name)
    _check_sheets({sheet.title for sheet in SHEETS} - set(book), path.name)
    reading = _Reading(path.name, meta, scanned.bad_cells)
    for sheet in SHEETS:
        reading.read_sheet(sheet, book[sheet.title])
    if reading.errors:
        raise InputRejectedError(*reading.errors)
    noted = meta.noted
    altered = {key for key, row in meta.rows.items() if reading.rows.get(key) != row}
    digest = meta.digest_with(reading.rows) if altered else noted
    return Packet(
        header=meta.header,
        records=tuple(reading.records[key] for key in meta.rows if key in reading.records),
        handed_down=_handed_down(book, meta, path.name),
        files=meta.files,
        seal=meta.seal,
        noted=noted,
        digest=digest,
        modified_at=scanned.modified_at if altered else None,
        altered=frozenset(altered),
        findings=tuple(reading.warnings),
        places=reading.places,
    )


def _scan(path: Path) -> Scan:
    """Look at a workbook, alone or in a .zip with its evidence files."""
    if path.suffix.lower() != ".zip":
        return scan(path)
    return scan_data(open_bundle(path, MOST_BYTES), path.name)


def _handed_down(book: dict[str, list[list[Any]]], meta: Meta, file: str) -> HandedDown | None:
    if not meta.handed_down:
        return None
    _check_sheets({PLAN_SHEET} - set(book), file)
    return read_handed_down(book[PLAN_SHEET], meta, file)


def _check_sheets(missing: set[str], file: str) -> None:
    if missing:
        raise reject(
            f"缺少工作表：{'、'.join(sorted(missing))}",
            "这不是本程序生成的文件，或工作表被删除、改名；请使用原始的下发包填写",
            Place(file),
        )


def _open(scanned: Scan, file: str) -> dict[str, list[list[Any]]]:
    """Read the sheets that belong to a packet, and no others."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(scanned.data))
        return {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
            if name in _SHEET_NAMES
        }
    except (CalamineError, OSError, ValueError, OverflowError) as problem:
        raise reject("文件读不出来，可能已损坏", "请向发件单位重新索要", Place(file)) from problem
    except BaseException as problem:
        # The reader is not written in Python: what breaks in it is no Exception.
        if type(problem).__name__ != "PanicException":
            raise
        raise reject("文件读不出来，可能已损坏", "请向发件单位重新索要", Place(file)) from problem


class _Reading:
    """Collects records and findings over the sheets of one packet."""

    def __init__(self, file: str, meta: Meta, bad_cells: dict[str, dict[str, str]]) -> None:
        self.file, self.meta, self.bad_cells = file, meta, bad_cells
        self.records: dict[RecordKey, Record] = {}
        self.places: dict[RecordKey, Place] = {}
        self.rows: dict[RecordKey, tuple[str, str]] = {}
        self._revisions: dict[str, Revision] = {}
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []

    def read_sheet(self, sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> None:
        """Read one sheet: find its headers, then each row by its code."""
        start, columns = self._headers(sheet, rows)
        if columns is None:
            return
        wanted = {fold(key.item): key for key in self.meta.rows if key.kind is sheet.kind}
        for number in range(start, len(rows)):
            self._read_row(sheet, columns, number, (rows[number], wanted))
        for key in wanted.values():
            if key not in self.records:
                self._miss(sheet, key)

    def _miss(self, sheet: Sheet, key: RecordKey) -> None:
        """A row was deleted; what stood there stays as it is, also where the packet goes."""
        revision, digest = self.meta.rows[key]
        blank = Record(key, empty_content(key.kind), self._revision(revision))
        if content_digest(blank) == digest:
            self.records[key], self.rows[key] = blank, (revision, digest)
            return
        self.warnings.append(
            warning(
                f"缺少编码为“{key.item}”的行，按没有改动处理",
                "如需清空请保留该行，只删除填写的内容",
                Place(self.file, sheet.title),
            )
        )

    def _headers(
        self, sheet: Sheet, rows: Sequence[Sequence[Cell]]
    ) -> tuple[int, dict[str, int] | None]:
        """Find the row of headers and the place of each column."""
        for number, row in enumerate(rows[:HEADER_WITHIN]):
            titles = [fold(read_text(cell)) for cell in row]
            if fold(CODE) in titles:
                needed = (CODE, *(column.title for column in sheet.inputs))
                missing = [title for title in needed if titles.count(fold(title)) != 1]
                if missing:
                    self._error(
                        sheet,
                        number,
                        0,
                        f"缺少或重复的列：{'、'.join(missing)}",
                        "请恢复表头文字，每列一个",
                    )
                    return 0, None
                self._tell_unknown(sheet, number, row)
                return number + 1, {t: i for i, t in enumerate(titles) if t}
        self._error(sheet, 0, 0, f"前 {HEADER_WITHIN} 行内找不到表头“{CODE}”", "请恢复表头")
        return 0, None

    def _tell_unknown(self, sheet: Sheet, number: int, row: Sequence[Cell]) -> None:
        """Say which columns somebody added: what stands in them goes nowhere."""
        known = {fold(column.title) for column in sheet.columns}
        for column, cell in enumerate(row):
            title = read_text(cell)
            if title and fold(title) not in known:
                self.warnings.append(
                    warning(
                        f"“{title[:40]}”不是本表的列，其中的内容没有读取",
                        "如需报送请填到“备注”或“进展情况”等列",
                        Place(self.file, sheet.title, cell_name(number, column)),
                    )
                )

    def _read_row(
        self,
        sheet: Sheet,
        columns: dict[str, int],
        number: int,
        found: tuple[Sequence[Cell], dict[str, RecordKey]],
    ) -> None:
        row, wanted = found
        code = read_text(_at(row, columns[fold(CODE)]))
        if not code:
            self._refuse_orphan(sheet, columns, number, row)
            return
        key = wanted.get(fold(code))
        where = columns[fold(CODE)]
        if key is None:
            self._error(
                sheet,
                number,
                where,
                f"编码“{code}”不在本单位的{sheet.title}表中",
                "请恢复原来的编码，或删除这一行",
            )
        elif key in self.records:
            self._error(sheet, number, where, f"编码“{code}”出现了两次", "请删除重复的行")
        else:
            self._take(sheet, columns, number, (row, key))

    def _refuse_orphan(
        self, sheet: Sheet, columns: dict[str, int], number: int, row: Sequence[Cell]
    ) -> None:
        """A row without a code is passed over unless something is typed in it."""
        for column in sheet.inputs:
            where = columns[fold(column.title)]
            bad = cell_name(number, where) in self.bad_cells.get(sheet.title, {})
            if bad or read_text(_at(row, where)):
                self._error(
                    sheet, number, where, "这一行填了内容，但没有编码", "请把内容填到有编码的行"
                )
                return

    def _take(
        self,
        sheet: Sheet,
        columns: dict[str, int],
        number: int,
        found: tuple[Sequence[Cell], RecordKey],
    ) -> None:
        row, key = found
        unit = read_text(_at(row, columns.get(fold(_UNIT_COLUMN), -1)))
        bad = bool(self.bad_cells.get(sheet.title))
        values: dict[str, Any] = {}
        first = -1
        for column in sheet.inputs:
            where = columns[fold(column.title)]
            if not bad and _at(row, where) is None:
                continue
            values[column.field] = self._cell(sheet, column, (number, where), (row, unit))
            if first < 0 and values[column.field]:
                first = where
        empty = empty_content(key.kind)
        self._note(key, Record(key, replace(empty, **values) if values else empty))
        # People are pointed at the first cell in which something stands.
        first = first if first >= 0 else columns[fold(sheet.inputs[0].title)]
        self.places[key] = Place(self.file, sheet.title, cell_name(number, first))

    def _note(self, key: RecordKey, record: Record) -> None:
        """Keep what stands in a row with the revision that it has now."""
        noted, before = self.meta.rows[key]
        revision, digest = self._revision(noted), content_digest(record)
        if digest != before:
            packet = self.meta.header.packet_id
            revision = hand_edit(revision, packet, str(key), canonical_content(record))
        self.records[key] = Record(key, record.content, revision)
        self.rows[key] = (noted if digest == before else str(revision), digest)

    def _revision(self, text: str) -> Revision:
        if text not in self._revisions:
            self._revisions[text] = Revision.parse(text)
        return self._revisions[text]

    def _cell(
        self,
        sheet: Sheet,
        column: Column,
        where: tuple[int, int],
        found: tuple[Sequence[Cell], str],
    ) -> object:
        row, unit = found
        name = cell_name(*where)
        bad = self.bad_cells.get(sheet.title, {}).get(name)
        if bad:
            self._error(sheet, *where, bad, f"请改成数值或文字。{column.rule}")
            return None
        value = _at(row, where[1])
        try:
            own_unit = unit if column.field == "value" else ""  # a ratio's parts have others
            return read_cell(column.entry, value, own_unit, self.meta.header.year)
        except CellError as problem:
            shown = read_text(value)[:40]
            self._error(sheet, *where, f"“{column.title}”填的是“{shown}”，{problem}", column.rule)
            return None

    def _error(self, sheet: Sheet, row: int, column: int, message: str, remedy: str) -> None:
        place = Place(self.file, sheet.title, cell_name(row, column))
        self.errors.append(error(message, remedy, place))


def _at(row: Sequence[Cell], column: int) -> Cell:
    """Return a cell of a row that may be shorter; empty text and missing cells are None."""
    if not 0 <= column < len(row):
        return None
    value = row[column]
    return None if value == "" else value
