"""Which rows and columns of a workbook's sheets nobody sees.

The workbook was looked at before (`fsdesk.packets.safe`): its parts are sound and of bounded size.
"""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from typing import TYPE_CHECKING
from xml.parsers import expat

from msgspec import Struct, field

from fsdesk.domain.findings import Place
from fsdesk.packets.layout import MOST_COLUMNS
from fsdesk.packets.safe.archive import Archive
from fsdesk.packets.safe.xls_scan import sheet_records
from fsdesk.packets.safe.xlsx_scan import sheet_titles

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

_ZIP = b"PK"
_ROW = re.compile(rb"<(?:\w+:)?row\s([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^<>]*)>")
_NUMBER = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([0-9]+)")
_SPAN = re.compile(rb"(?:^|\s)(min|max)\s*=\s*[\"']([0-9]+)")
_UNSEEN = re.compile(rb"(?:^|\s)(?:hidden\s*=\s*[\"'](?:1|true)|zeroHeight\s*=)")
_MOST_REPEATED = 10_000
_ROW_RECORD, _ROW_HIDDEN = 0x0208, 0x20
_COLUMN_RECORD, _COLUMN_HEAD = 0x007D, 10
_UNSEEN_ODS = ("collapse", "filter")


class Margins(Struct):
    """Hidden rows and columns of a sheet, filtered out ones too; counted from 0."""

    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])

    def hide_columns(self, first: int, last: int) -> None:
        """Say that columns are hidden; formats reach to the edge of a sheet."""
        self.hidden_columns |= set(range(first, min(last + 1, MOST_COLUMNS)))


def read_margins(
    data: bytes, file: str, wanted: Container[str] | None = None
) -> Mapping[str, Margins]:
    """Return the hidden rows and columns of each sheet, by its title.

    `wanted`: titles of sheets, where not all have to be looked at.
    """
    if not data.startswith(_ZIP):
        return _of_xls(data)
    archive = Archive(data, Place(file))
    if "content.xml" in archive.names:
        return _OdsMargins(archive.read("content.xml")).sheets
    titles = sheet_titles(archive, Place(file))
    return {
        title: _of_sheet(archive.read(part))
        for part, title in titles.items()
        if wanted is None or title in wanted
    }


def _of_sheet(part: bytes) -> Margins:
    margins = Margins()
    for match in _COLUMN.finditer(part):
        span = {name: int(number) for name, number in _SPAN.findall(match[1])}
        if _UNSEEN.search(match[1]) and b"min" in span and b"max" in span:
            margins.hide_columns(span[b"min"] - 1, span[b"max"] - 1)
    row = -1
    for match in _ROW.finditer(part):
        number = _NUMBER.search(match[1])
        row = int(number[1]) - 1 if number else row + 1
        if _UNSEEN.search(match[1]):
            margins.hidden_rows.add(row)
    return margins


class _OdsMargins:
    def __init__(self, content: bytes) -> None:
        self.sheets: dict[str, Margins] = defaultdict(Margins)
        self._sheet = Margins()
        self._row = self._column = self._rows = 0
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(content, True)  # noqa: FBT003 - the parser's own switch

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        unseen = attributes.get("table:visibility") in _UNSEEN_ODS
        if tag == "table:table":
            self._sheet = self.sheets[attributes.get("table:name", "")]
            self._row = self._column = 0
        elif tag == "table:table-column":
            count = int(attributes.get("table:number-columns-repeated", "1"))
            if unseen:
                self._sheet.hide_columns(self._column, self._column + count - 1)
            self._column += count
        elif tag == "table:table-row":
            self._rows = int(attributes.get("table:number-rows-repeated", "1"))
            if unseen:
                last = self._row + min(self._rows, _MOST_REPEATED)
                self._sheet.hidden_rows |= set(range(self._row, last))

    def _end(self, tag: str) -> None:
        if tag == "table:table-row":
            self._row += self._rows


def _of_xls(data: bytes) -> Mapping[str, Margins]:
    sheets: dict[str, Margins] = {}
    for title, records in sheet_records(data):
        margins = sheets[title] = Margins()
        for kind, record in records:
            if kind == _ROW_RECORD and record[12:13] and record[12] & _ROW_HIDDEN:
                margins.hidden_rows.add(struct.unpack_from("<H", record)[0])
            elif kind == _COLUMN_RECORD and len(record) >= _COLUMN_HEAD and record[8] & 1:
                margins.hide_columns(*struct.unpack_from("<HH", record))
    return sheets
