"""A look at the parts of an .ods workbook. Source of the form: OpenDocument 1.3, part 3."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from fsdesk.domain.findings import Place, reject
from fsdesk.packets.layout import MOST_CELLS
from fsdesk.packets.safe.archive import elements, feed, no_doctype, run_over
from fsdesk.packets.safe.scanned import (
    ERROR_VALUE,
    LOST_TAB,
    NO_RESULT,
    Budget,
    CellNote,
    SheetFindings,
)
from fsdesk.packets.safe.xlsx_scan import moment

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from fsdesk.packets.safe.archive import Archive
    from fsdesk.packets.safe.scanned import Scan

_MIME_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST, _CONTENT, _META = "META-INF/manifest.xml", "content.xml", "meta.xml"
_MACRO_FOLDERS = ("basic/", "scripts/")
# Elements by which a sheet shows what stands in other files.
_LINKS = {
    "table:table-source",
    "table:cell-range-source",
    "table:dde-link",
    "table:dde-links",
    "office:dde-source",
}
_CELLS = {"table:table-cell", "table:covered-table-cell"}
# In their presence the reader keeps a cell, even an empty text.
_KEPT = {
    "office:value",
    "office:string-value",
    "office:date-value",
    "office:time-value",
    "office:boolean-value",
    "table:formula",
}
_RESULTS = _KEPT - {"table:formula", "office:string-value"}
_ERRORS = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|(Err|错误):[0-9]+")
# The reader keeps every sheet several times over.
_MOST_CELLS = MOST_CELLS // 4
_LONGEST_TEXT = 100_000
# From when days are counted: as nearly all programs do, and as Excel for the Mac long did.
_FIRST_DAYS = ("1899-12-30", "1904-01-01")
_ABOUT_REMARK = {"dc:creator", "dc:date", "meta:date-string", "meta:creator-initials"}


def scan_ods(archive: Archive, scan: Scan, file: str) -> None:
    """Look through the contents.

    InputRejectedError when it is not safe to read. ValueError when it is damaged; also
    zipfile.BadZipFile, expat.ExpatError and KeyError.
    """
    place = Place(file)
    if archive.read("mimetype") != _MIME_TYPE:
        raise reject("不是电子表格文件", "请另存为 .xlsx 文件再导入", place)
    encrypted = any("}encrypt" in element.tag for element in _elements(archive, _MANIFEST))
    if encrypted or "encrypted-package" in archive.names:
        raise reject("文件已加密，设有打开密码", "请去掉打开密码，保存后再导入", place)
    if any(name.lower().startswith(_MACRO_FOLDERS) for name in archive.names):
        raise reject("文件带有宏，不能接收", "请另存为不带宏的 .xlsx 文件", place)
    room = Budget(file, _MOST_CELLS)
    content = archive.read(_CONTENT)
    room.spend_tags(content)
    feed(content, _OdsCells(scan, room).parser.Parse)
    for name in archive.names:
        if name.endswith((".xml", ".rdf")) and name != _CONTENT:
            run_over(archive.read(name))
    scan.modified_at = next(
        (moment(element.text) for element in _elements(archive, _META)
         if element.tag.endswith("}date") and element.text), None,
    )  # fmt: skip


def _elements(archive: Archive, name: str) -> list[ET.Element]:
    if name not in archive.names and name != _MANIFEST:
        return []
    return elements(archive, name)


class _OdsCells:
    """Looks at each cell; the reader takes the names of elements as they stand, and so does it."""

    def __init__(self, scan: Scan, room: Budget) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = no_doctype
        self._scan, self._room = scan, room
        self._found: SheetFindings | None = None
        self._row = self._column = 0
        self._row_times = self._column_times = 1
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._length = 0
        self._remark = 0  # depth
        # What is written in remarks, by the element in which it stands.
        self._remarked: dict[str, str] = {}
        self._inside = ""
        self._has_tab = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _LINKS:
            place = Place(self._room.file, self._found.title if self._found else "")
            raise reject("文件带有指向其他文件的链接", "请断开外部链接，保存后再导入", place)
        if tag == "table:table":
            if self._found is not None:
                raise ValueError("a sheet in a sheet")
            self._found = SheetFindings(attributes.get("table:name", ""), self._room)
            self._row = 0
        elif tag == "table:null-date":
            self._note_first_day(attributes.get("table:date-value", _FIRST_DAYS[0]))
        elif tag == "table:table-row":
            self._row_times = _times(attributes, "table:number-rows-repeated")
            self._column = 0
        elif tag in _CELLS:
            self._column_times = _times(attributes, "table:number-columns-repeated")
            self._cell = attributes
            self._text, self._length, self._has_tab = [], 0, False
        elif self._cell is not None:
            self._start_inside(tag, attributes)

    def _note_first_day(self, day: str) -> None:
        """Note from when the workbook counts its days."""
        if day not in _FIRST_DAYS:
            words = f"日期从 {day} 起算，写成数字的日期看不出是哪一天"
            remedy = "请把选项“Calc → 计算 → 日期”改为 1899-12-30，核对日期后再保存"
            raise reject(words, remedy, Place(self._room.file))
        self._scan.since_1904 = day == _FIRST_DAYS[1]

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "office:annotation":
            self._remark += 1
            self._remarked = {}
        elif self._remark:
            self._inside = tag if tag in _ABOUT_REMARK else ""
        elif tag == "text:s":
            self._length += _times(attributes, "text:c")
        elif tag == "text:tab":
            self._has_tab = True

    def _characters(self, text: str) -> None:
        if self._cell is None:
            return
        if self._remark:
            before = self._remarked.get(self._inside, "")
            self._remarked[self._inside] = (before + text)[:_LONGEST_TEXT]
            return
        self._length += len(text)
        if self._length <= _LONGEST_TEXT:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        if tag == "office:annotation":
            self._close_remark()
        elif self._remark and tag == "text:p":
            self._remarked[""] = self._remarked.get("", "") + "\n"
        elif self._remark and tag in _ABOUT_REMARK:
            self._inside = ""
        elif tag in _CELLS:
            self._close_cell()
        elif tag == "table:table-row":
            self._row += self._row_times
        elif tag == "table:table" and self._found is not None:
            self._found.close()
            self._scan.take(self._found)
            self._found = None

    def _close_remark(self) -> None:
        self._remark = max(self._remark - 1, 0)
        if self._found is not None and self._remarked:
            note = CellNote(self._remarked.get("dc:creator", ""), self._remarked.get("", ""))
            self._found.remark(self._row, self._column, note)
        self._remarked = {}

    def _close_cell(self) -> None:
        cell, found = self._cell, self._found
        self._cell = None
        self._remark = 0
        if cell is None or found is None:
            return
        times, rows = self._column_times, self._row_times
        if _KEPT & cell.keys() or cell.get("office:value-type") == "string":
            found.reach(self._row + rows - 1, self._column + times - 1)
            length = self._length + len(cell.get("office:string-value", ""))
            self._room.spend_text(length * times * rows, found.title)
            self._check(found, cell)
        self._merge(found, cell)
        self._column += times

    def _check(self, found: SheetFindings, cell: dict[str, str]) -> None:
        text = "".join(self._text).strip()
        why = _why_unknown(cell, text) or (LOST_TAB if self._has_tab else "")
        if not why:
            return
        for row in range(self._row, self._row + self._row_times):
            for column in range(self._column, self._column + self._column_times):
                found.note(row, column, why)

    def _merge(self, found: SheetFindings, cell: dict[str, str]) -> None:
        rows = _times(cell, "table:number-rows-spanned")
        columns = _times(cell, "table:number-columns-spanned")
        if rows * columns > 1:
            bottom, right = self._row + rows - 1, self._column + columns - 1
            found.merge((self._row, self._column, bottom, right))


def _why_unknown(cell: dict[str, str], text: str) -> str:
    if cell.get("calcext:value-type") == "error":
        return ERROR_VALUE
    if "table:formula" not in cell:
        return ""
    if _ERRORS.fullmatch(text):
        return ERROR_VALUE
    has_result = _RESULTS & cell.keys() or text or cell.get("office:string-value", "").strip()
    return "" if has_result else NO_RESULT


def _times(attributes: dict[str, str], name: str) -> int:
    """Return how often something is repeated; ValueError when it is no number above 0."""
    times = int(attributes.get(name, "1"))
    if times < 1:
        raise ValueError(name)
    return times
