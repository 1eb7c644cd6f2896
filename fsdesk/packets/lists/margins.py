"""What a workbook holds beside the values of its cells: comments, and rows that nobody sees.

The workbook was looked at before (`fsdesk.packets.safe`): its parts are sound and of bounded size.
"""

from __future__ import annotations

import posixpath
import re
import struct
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from fsdesk.domain.findings import Place
from fsdesk.packets.safe.archive import Archive
from fsdesk.packets.safe.sheet_scan import place_of
from fsdesk.packets.safe.xls_scan import sheet_records
from fsdesk.packets.safe.xlsx_scan import elements, sheet_titles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ZIP = b"PK"
_ROW = re.compile(rb"<(?:\w+:)?row\s([^<>]*)>")
_NUMBER = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([0-9]+)")
_UNSEEN = re.compile(rb"(?:^|\s)(?:hidden\s*=\s*[\"'](?:1|true)|zeroHeight\s*=)")
_MOST_REPEATED = 10_000
_ROW_RECORD, _NOTE_RECORD, _ROW_HIDDEN = 0x0208, 0x001C, 0x20


@dataclass(slots=True)
class Margins:
    """Comments of a sheet by row and column, and its hidden rows; all counted from 0."""

    comments: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    hidden_rows: set[int] = field(default_factory=set[int])


def read_margins(data: bytes, file: str) -> Mapping[str, Margins]:
    """Return what stands beside the cells of each sheet, by its title."""
    if not data.startswith(_ZIP):
        return _of_xls(data)
    archive = Archive(data, Place(file))
    if "content.xml" in archive.names:
        return _OdsMargins(archive.read("content.xml")).sheets
    return {
        title: _of_sheet(archive, part)
        for part, title in sheet_titles(archive, Place(file)).items()
    }


def _of_sheet(archive: Archive, part: str) -> Margins:
    margins = Margins()
    row = -1
    for match in _ROW.finditer(archive.read(part)):
        number = _NUMBER.search(match[1])
        row = int(number[1]) - 1 if number else row + 1
        if _UNSEEN.search(match[1]):
            margins.hidden_rows.add(row)
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations in archive.names:
        for relation in elements(archive, relations):
            if relation.get("Type", "").endswith("/comments"):
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
                margins.comments |= dict(_comments(archive, target.lstrip("/")))
    return margins


def _comments(archive: Archive, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    if part not in archive.names:
        return
    for element in elements(archive, part):
        if element.tag.rpartition("}")[2] == "comment":
            texts = (e.text or "" for e in element.iter() if e.tag.rpartition("}")[2] == "t")
            text = "".join(texts).strip()
            if text:
                yield place_of(element.get("ref", "")), text


class _OdsMargins:
    def __init__(self, content: bytes) -> None:
        self.sheets: dict[str, Margins] = defaultdict(Margins)
        self._sheet = Margins()
        self._row = self._column = self._rows = self._columns = 0
        self._text: list[str] | None = None
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(content, True)  # noqa: FBT003 - the parser's own switch

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self._sheet = self.sheets[attributes.get("table:name", "")]
            self._row = 0
        elif tag == "table:table-row":
            self._rows = int(attributes.get("table:number-rows-repeated", "1"))
            self._column = 0
            if attributes.get("table:visibility") in ("collapse", "filter"):
                last = self._row + min(self._rows, _MOST_REPEATED)
                self._sheet.hidden_rows |= set(range(self._row, last))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._columns = int(attributes.get("table:number-columns-repeated", "1"))
        elif tag == "office:annotation":
            self._text = []

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        if tag == "office:annotation" and self._text is not None:
            text = "".join(self._text).strip()
            if text:
                self._sheet.comments[self._row, self._column] = text
            self._text = None
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._column += self._columns
        elif tag == "table:table-row":
            self._row += self._rows


def _of_xls(data: bytes) -> Mapping[str, Margins]:
    """Old workbooks keep the text of a comment far from its cell: only its cell is known here."""
    sheets: dict[str, Margins] = {}
    for title, records in sheet_records(data):
        margins = sheets[title] = Margins()
        for kind, record in records:
            if kind == _NOTE_RECORD and len(record) > 4:  # noqa: PLR2004 - row and column
                margins.comments[struct.unpack_from("<HH", record)] = "（内容见原表）"
            elif kind == _ROW_RECORD and record[12:13] and record[12] & _ROW_HIDDEN:
                margins.hidden_rows.add(struct.unpack_from("<H", record)[0])
    return sheets
