"""Typing into any place of a packet as spreadsheet programs do, quick enough for many examples."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from fsdesk.domain.cells import cell_name

if TYPE_CHECKING:
    from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OF_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET = re.compile(r'<sheet [^>]*?name="([^"]+)"[^>]*/>')


class Typed:
    """The parts of a packet's workbook, to be typed into and written to a file."""

    def __init__(self, file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            self._parts = {name: archive.read(name).decode() for name in archive.namelist()}
        titles = _SHEET.findall(self._parts["xl/workbook.xml"])
        self._places = {
            title: f"xl/worksheets/sheet{n}.xml" for n, title in enumerate(titles, start=1)
        }

    @property
    def titles(self) -> frozenset[str]:
        """Titles of the sheets."""
        return frozenset(self._places)

    def copy(self) -> Typed:
        """Return another one with the same content."""
        other = object.__new__(Typed)
        other._parts, other._places = dict(self._parts), dict(self._places)
        return other

    def cell(self, sheet: str, row: int, column: int, text: str) -> None:
        """Type a text into a cell, whatever stands there; rows and columns count from 0."""
        part = self._places[sheet]
        name = cell_name(row, column)
        typed = (
            f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        )
        xml = self._parts[part]
        found = re.search(rf'(<row r="{row + 1}"[^>]*>)(.*?)</row>', xml, re.DOTALL)
        if found is None:
            new = f'<row r="{row + 1}">{typed}</row>'
            later = [m for m in re.finditer(r'<row r="(\d+)"', xml) if int(m[1]) > row + 1]
            at = later[0].start() if later else xml.index("</sheetData>")
            self._parts[part] = xml[:at] + new + xml[at:]
            return
        cells = dict(re.findall(r'(?s)(?=<c r="([A-Z]+)\d+")(<c [^>]*?(?:/>|>.*?</c>))', found[2]))
        cells[name.rstrip("0123456789")] = typed
        ordered = "".join(cells[key] for key in sorted(cells, key=lambda k: (len(k), k)))
        self._parts[part] = xml[: found.start(2)] + ordered + xml[found.end(2) :]

    def comment(self, sheet: str, row: int, column: int, text: str) -> None:
        """Write a comment at a cell."""
        number = self._places[sheet].removeprefix("xl/worksheets/sheet").removesuffix(".xml")
        said = f'<r><t xml:space="preserve">{escape(text)}</t></r>'
        self._parts[f"xl/comments{number}.xml"] = (
            f'<comments xmlns="{_MAIN}"><authors><author>某人</author></authors><commentList>'
            f'<comment ref="{cell_name(row, column)}" authorId="0"><text>{said}</text></comment>'
            "</commentList></comments>"
        )
        self._parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = (
            f'<Relationships xmlns="{_OF_PACKAGE}"><Relationship Id="rId1"'
            f' Type="{_RELATIONS}/comments" Target="../comments{number}.xml"/></Relationships>'
        )

    def sheet(self, title: str, *, hidden: bool = False) -> None:
        """Add an empty sheet."""
        number = len(self._places) + 1
        part = f"xl/worksheets/sheet{number}.xml"
        self._places[title] = part
        self._parts[part] = f'<worksheet xmlns="{_MAIN}"><sheetData></sheetData></worksheet>'
        state = ' state="hidden"' if hidden else ""
        self._put(
            "xl/workbook.xml",
            "</sheets>",
            f'<sheet name="{escape(title)}" sheetId="{number}"{state} r:id="new{number}"/>',
        )
        self._put(
            "xl/_rels/workbook.xml.rels",
            "</Relationships>",
            f'<Relationship Id="new{number}" Type="{_RELATIONS}/worksheet"'
            f' Target="worksheets/sheet{number}.xml"/>',
        )

    def save(self, file: Path) -> None:
        """Write the workbook."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, text in self._parts.items():
                archive.writestr(name, text)
        file.write_bytes(stream.getvalue())

    def _put(self, part: str, before: str, text: str) -> None:
        self._parts[part] = self._parts[part].replace(before, text + before)
