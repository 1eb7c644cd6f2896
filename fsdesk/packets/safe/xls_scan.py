"""A look at the records of an .xls workbook (BIFF8). Source of their form: MS-XLS."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Place, reject
from fsdesk.packets.layout import MOST_CELLS
from fsdesk.packets.safe.compound import CompoundFile
from fsdesk.packets.safe.scanned import (
    ERROR_VALUE,
    NO_RESULT,
    SURELY_PACKET,
    Budget,
    CellNote,
    SheetFindings,
    too_far,
)
from fsdesk.packets.safe.shared_texts import text_lengths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.packets.safe.scanned import Scan


class _Type(IntEnum):
    FORMULA = 0x0006
    END = 0x000A
    NAME = 0x0018
    NOTE = 0x001C
    SINCE_1904 = 0x0022
    FILE_PASS = 0x002F
    CONTINUE = 0x003C
    OBJECT = 0x005D
    BOUND_SHEET = 0x0085
    MULTIPLE_NUMBERS = 0x00BD
    RICH_STRING = 0x00D6
    MERGED = 0x00E5
    SHARED_TEXTS = 0x00FC
    SHARED_TEXT = 0x00FD
    SUP_BOOK = 0x01AE
    OBJECT_TEXT = 0x01B6
    DIMENSIONS = 0x0200
    NUMBER = 0x0203
    LABEL = 0x0204
    BOOLEAN_OR_ERROR = 0x0205
    STRING = 0x0207
    ARRAY = 0x0221
    TABLE = 0x0236
    SMALL_NUMBER = 0x027E
    SHARED_FORMULA = 0x04BC
    BEGIN = 0x0809


_CELLS = {
    _Type.FORMULA, _Type.RICH_STRING, _Type.SHARED_TEXT, _Type.NUMBER, _Type.LABEL,
    _Type.BOOLEAN_OR_ERROR, _Type.SMALL_NUMBER, _Type.MULTIPLE_NUMBERS,
}  # fmt: skip
# What may stand between a formula and the text that it yields.
_BETWEEN = {_Type.SHARED_FORMULA, _Type.ARRAY, _Type.TABLE, _Type.CONTINUE}
_BIFF8 = 0x0600
_MACRO_SHEETS = (1, 6)
_INTERNAL, _ADD_IN = 0x0401, 0x3A01
_MACRO_STORAGES = {"_vba_project_cur", "_vba_project", "vba", "macros"}
_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
# The reader keeps every sheet twice, and the texts of formulas beside.
_MOST_CELLS = MOST_CELLS // 4
_MOST_SHEETS = 200
# Formulas are spelled out by the reader, many times as long as they are stored.
_MOST_FORMULA_BYTES = 2 * 2**20
_MERGED_AREA = 8
_NOTE_HEAD, _TEXT_HEAD = 10, 12
_OBJECT_HEAD = 8  # bytes until the object's number is read
_SUMMARY, _LAST_SAVED = "\x05SummaryInformation", 13
_FIRST_MOMENT = datetime(1601, 1, 1, tzinfo=UTC)
_TO_XLSX = "请用 WPS 或 Excel 打开后另存为 .xlsx 文件再导入"

# Type, and the record's bytes.
_Record = tuple[int, bytes]


def scan_xls(scan: Scan, file: str) -> None:
    """Look through the records of every sheet.

    InputRejectedError when it is not safe to read. ValueError when it is damaged; also
    struct.error, IndexError and KeyError.
    """
    place = Place(file)
    compound = CompoundFile(scan.data)
    if _MACRO_STORAGES & {name.casefold() for name in compound.names}:
        raise reject("文件带有宏，不能接收", "请另存为不带宏的 .xlsx 文件", place)
    if not set(_STREAMS) & set(compound.names):
        raise reject("不是 Excel 文件（内容是其他文档）", _TO_XLSX, place)
    book = compound.stream(*_STREAMS)
    room = Budget(file, _MOST_CELLS)
    known = _Globals(book, place)
    scan.since_1904 = known.since_1904
    for start, title in known.sheets:
        found = SheetFindings(title, room)
        _XlsSheetScan(found, room, known.lengths).run(_records(book, start))
        found.close()
        scan.take(found)
    scan.modified_at = _modified(compound)


def sheet_records(data: bytes) -> Iterator[tuple[str, Iterator[_Record]]]:
    """Yield each sheet's title and records, of a workbook that was looked through."""
    book = CompoundFile(data).stream(*_STREAMS)
    for start, title in _Globals(book, Place()).sheets:
        yield title, _records(book, start)


def _modified(compound: CompoundFile) -> datetime | None:
    """Return when a program last saved the workbook. Source: MS-OLEPS and MS-OSHARED."""
    try:
        told = compound.stream(_SUMMARY)
        start = struct.unpack_from("<I", told, 44)[0]
        for number in range(struct.unpack_from("<I", told, start + 4)[0]):
            what, where = struct.unpack_from("<II", told, start + 8 + number * 8)
            if what == _LAST_SAVED:
                ticks = struct.unpack_from("<Q", told, start + where + 4)[0]
                return _FIRST_MOMENT + timedelta(microseconds=ticks // 10)
    except (KeyError, ValueError, IndexError, OverflowError, struct.error):
        pass  # a strange moment is only one that is not known
    return None


def _records(book: bytes, start: int) -> Iterator[_Record]:
    """Yield the records of one part of the stream; ValueError when it ends before they do."""
    depth = 0
    while start + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, start)
        start += 4
        yield kind, book[start : start + size]
        start += size
        depth += (kind == _Type.BEGIN) - (kind == _Type.END)
        if kind == _Type.END and depth <= 0:
            return
    raise ValueError("no end")


class _Globals:
    """What the workbook says before its sheets."""

    def __init__(self, book: bytes, place: Place) -> None:
        self.sheets: list[tuple[int, str]] = []
        self.lengths: list[int] = []
        self.since_1904 = False
        self._place = place
        pieces: list[bytes] = []
        names = 0
        for kind, data in _records(book, 0):
            if kind == _Type.SHARED_TEXTS:
                pieces = [data[8:]]
            elif kind == _Type.CONTINUE and pieces:
                pieces.append(data)
            else:
                self.lengths = self.lengths or text_lengths(pieces)
                pieces = []
                names += len(data) if kind == _Type.NAME else 0
                self._look(kind, data)
        if len(self.sheets) > _MOST_SHEETS or names > _MOST_FORMULA_BYTES:
            raise reject("工作表或名称过多", SURELY_PACKET, place)

    def _look(self, kind: int, data: bytes) -> None:
        if kind == _Type.SINCE_1904:
            self.since_1904 = data[:1] == b"\x01"
        if kind == _Type.FILE_PASS:
            raise reject("文件已加密，设有打开密码", "请去掉打开密码，保存后再导入", self._place)
        if kind == _Type.BEGIN and struct.unpack_from("<H", data)[0] != _BIFF8:
            raise reject("文件是很旧的 Excel 95 格式", _TO_XLSX, self._place)
        if kind == _Type.SUP_BOOK and not _own(data):
            raise reject("文件带有指向其他文件的链接", "请断开外部链接，保存后再导入", self._place)
        if kind == _Type.BOUND_SHEET:
            start, _, what, length, wide = struct.unpack_from("<IBBBB", data)
            if what in _MACRO_SHEETS:
                raise reject("文件带有宏，不能接收", "请另存为不带宏的 .xlsx 文件", self._place)
            text = data[8 : 8 + length * (2 if wide & 1 else 1)]
            title = text.decode("utf-16-le" if wide & 1 else "latin-1")
            self.sheets.append((start, title.replace("\0", "")))


def _own(data: bytes) -> bool:
    """Tell whether a table of sheets is the workbook's own, or that of its functions."""
    return struct.unpack_from("<H", data, 2)[0] in (_INTERNAL, _ADD_IN)


class _XlsSheetScan:
    def __init__(self, found: SheetFindings, room: Budget, lengths: list[int]) -> None:
        self._found, self._room, self._lengths = found, room, lengths
        # The formula whose text must follow.
        self._awaited: tuple[int, int] | None = None
        self._formula_bytes = 0
        self._objects = _ObjectTexts()

    def run(self, records: Iterator[_Record]) -> None:
        for kind, data in records:
            if self._awaited and kind not in _BETWEEN:
                has_text = kind == _Type.STRING and struct.unpack_from("<H", data)[0] > 0
                if not has_text:
                    self._found.note(*self._awaited, NO_RESULT)
                self._awaited = None
            self._objects.take(kind, data)
            if kind in _CELLS:
                self._look(kind, data)
            elif kind == _Type.NOTE:
                self._remark(data)
            elif kind == _Type.DIMENSIONS:
                # The reader makes room for all that a sheet claims.
                top, bottom, left, right = struct.unpack_from("<IIHH", data)
                if max(bottom - top, 0) * max(right - left, 0) > MOST_CELLS or top > bottom:
                    raise too_far(self._room.file, self._found.title, bottom, right)
            elif kind == _Type.MERGED:
                self._merge(data)

    def _look(self, kind: int, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        last = struct.unpack_from("<H", data, len(data) - 2)[0]
        self._found.reach(row, last if kind == _Type.MULTIPLE_NUMBERS else column)
        if kind == _Type.FORMULA:
            self._look_at_formula(row, column, data)
        elif kind == _Type.SHARED_TEXT:
            index = struct.unpack_from("<I", data, 6)[0]
            if index < len(self._lengths):
                self._room.spend_text(self._lengths[index], self._found.title)
        elif kind == _Type.BOOLEAN_OR_ERROR and data[7]:
            self._found.note(row, column, ERROR_VALUE)

    def _look_at_formula(self, row: int, column: int, data: bytes) -> None:
        self._formula_bytes += len(data)
        if self._formula_bytes > _MOST_FORMULA_BYTES:
            place = Place(self._room.file, self._found.title)
            raise reject("公式过多", "请把公式转为数值，保存后再导入", place)
        if data[12:14] != b"\xff\xff":
            return
        what = data[6]
        if what == 0:
            self._awaited = (row, column)
        elif what != 1:
            self._found.note(row, column, ERROR_VALUE if what == 2 else NO_RESULT)  # noqa: PLR2004

    def _remark(self, data: bytes) -> None:
        """Take a comment, whose text stands before it."""
        if len(data) < _NOTE_HEAD:
            return  # of another kind
        row, column, _, number, length = struct.unpack_from("<5H", data)
        author = _characters(data[10:], length)
        self._found.remark(row, column, CellNote(author, self._objects.texts.get(number, "")))

    def _merge(self, data: bytes) -> None:
        count = struct.unpack_from("<H", data)[0]
        for number in range(count):
            top, bottom, left, right = struct.unpack_from("<4H", data, 2 + number * _MERGED_AREA)
            self._found.merge((top, left, bottom, right))


class _ObjectTexts:
    """The texts of a sheet's drawn objects by their numbers; those of comments are among them."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self._number, self._missing = -1, 0

    def take(self, kind: int, data: bytes) -> None:
        if kind == _Type.OBJECT and len(data) >= _OBJECT_HEAD:
            self._number, self._missing = struct.unpack_from("<H", data, 6)[0], 0
        elif kind == _Type.OBJECT_TEXT and len(data) >= _TEXT_HEAD:
            self._missing = struct.unpack_from("<H", data, 10)[0]
        elif kind == _Type.CONTINUE and self._missing and data:
            text = _characters(data, self._missing)
            self._missing -= len(text)
            self.texts[self._number] = self.texts.get(self._number, "") + text


def _characters(data: bytes, length: int) -> str:
    """Return so many characters, at most; the first byte says how wide each is."""
    wide = bool(data[:1] and data[0] & 1)
    part = data[1 : 1 + length * (1 + wide)]
    return part.decode("utf-16-le" if wide else "latin-1", "replace")
