"""A look at the parts of an .xlsx workbook."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Place, reject
from fsdesk.packets.layout import MOST_CELLS
from fsdesk.packets.safe.archive import elements, run_over, stored
from fsdesk.packets.safe.plain_xml import is_plain, is_plain_sheet, read_once, without_blanks
from fsdesk.packets.safe.scanned import SURELY_PACKET, Budget, Scan, SheetFindings
from fsdesk.packets.safe.sheet_scan import scan_sheet
from fsdesk.packets.safe.xlsx_notes import notes_in

if TYPE_CHECKING:
    from fsdesk.packets.safe.archive import Archive

_CORE = "docProps/core.xml"
WORKBOOK = "xl/workbook.xml"
_ROOT_RELATIONS, _RELATIONS = "_rels/.rels", "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedstrings.xml"
_MACROS = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = ("xl/macrosheets/", "xl/dialogsheets/")
_MOST_SHEETS = 200
_UNIQUE_COUNT = re.compile(rb'uniqueCount\s*=\s*["\']\s*\+?([0-9]+)')
_SHARED_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?v(?:\s[^<>]*)?>\s*([0-9]+)\s*</")
_SINCE_1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)")
_SHARED_TYPE = re.compile(rb"=\s*[\"']s[\"']")


def check_names(archive: Archive, place: Place) -> None:
    """Refuse workbooks with macros or links to other files by the names of their parts."""
    names = [name.lower() for name in archive.names]
    if any(name.endswith(_MACROS) or name.startswith(_MACRO_FOLDERS) for name in names):
        raise reject("文件带有宏，不能接收", "请另存为不带宏的 .xlsx 文件", place)
    if any(name.startswith("xl/externallinks/") for name in names):
        raise reject("文件带有指向其他文件的链接", "请断开外部链接，保存后再导入", place)


def scan_xlsx(archive: Archive, scan: Scan, file: str) -> None:
    """Run over every part: a lie about its size, an entity or a broken end is found here.

    InputRejectedError when it is not safe to read. ValueError when it is damaged; also
    zipfile.BadZipFile, expat.ExpatError and KeyError.
    """
    titles = sheet_titles(archive, Place(file))
    room = Budget(file, MOST_CELLS)
    sharing = _Sharing(room, archive)
    parts: dict[str, bytes] = {}
    for name in archive.names:
        if name in titles or name.lower().endswith((".xml", ".rels", ".vml")):
            part = archive.read(name)
            if name in titles or b"sheetData" in part:
                plain = is_plain_sheet(part)
                if not plain:
                    scan.take(_look_at_sheet(part, titles.get(name, ""), room))
                sharing.count(name, part)
                part = read_once(part) if plain and archive.is_small else part
            else:
                run_over(part)
            if archive.is_small:
                parts[name] = part
    sharing.check()
    if archive.is_small:
        scan.readable = stored(parts)
    scan.notes = notes_in(archive, titles)
    scan.modified_at = _modified(archive)
    scan.since_1904 = _SINCE_1904.search(archive.read(WORKBOOK)) is not None


def _look_at_sheet(part: bytes, title: str, room: Budget) -> SheetFindings:
    found = SheetFindings(title, room)
    is_plain(part)  # at least in the usual encoding
    fewer = without_blanks(part)
    room.spend_tags(fewer, found.title)
    scan_sheet(fewer, found)
    found.close()
    return found


def sheet_titles(archive: Archive, place: Place) -> dict[str, str]:
    """Return the title of each worksheet by the name of its part."""
    _check_root(archive)
    parts: dict[str, str] = {}
    for relation in elements(archive, _RELATIONS):
        if relation.get("Type", "").endswith("sheet"):
            target = posixpath.join("/xl", relation.get("Target", ""))
            parts[relation.get("Id", "")] = target.lstrip("/")
    titles: dict[str, str] = {}
    for element in elements(archive, WORKBOOK):
        key = next((v for k, v in element.items() if k.rpartition("}")[2] == "id"), "")
        if element.tag.rpartition("}")[2] == "sheet" and key in parts:
            titles[parts[key]] = element.get("name", "")
    if len(titles) > _MOST_SHEETS:
        raise reject("工作表过多", SURELY_PACKET, place)
    if not set(titles) <= set(archive.names):
        raise zipfile.BadZipFile("a sheet is missing")
    return titles


def _check_root(archive: Archive) -> None:
    """See that the workbook is where it is looked for: the reader follows what stands here."""
    for relation in elements(archive, _ROOT_RELATIONS):
        is_workbook = relation.get("Type", "").endswith("/officeDocument")
        if is_workbook and relation.get("Target", "").lstrip("/") != WORKBOOK:
            raise ValueError("workbook")


class _Sharing:
    """Counts how much text the cells hold together: many may share one long text."""

    def __init__(self, room: Budget, archive: Archive) -> None:
        self._room, self._archive = room, archive
        self._sheets: list[str] = []
        self._cells = 0
        self._lengths: list[int] = []
        # The reader finds it in capitals as well.
        name = next((name for name in archive.names if name.lower() == _STRINGS), None)
        if name is not None:
            self._take_strings(archive.read(name))

    def _take_strings(self, part: bytes) -> None:
        """Take the texts that cells share.

        ValueError when more are promised than there can be; the reader makes room for them.
        """
        if any(int(promised) > len(part) for promised in _UNIQUE_COUNT.findall(part)):
            raise ValueError("uniqueCount")
        pieces = part.split(b"<si")
        # Another way to write the same, which no program uses: all count as the longest.
        usual = b":si" not in part and b"<!" not in part
        self._lengths = [len(piece) for piece in pieces[1:]] if usual else [len(part)]

    def count(self, name: str, part: bytes) -> None:
        """Count the cells of a sheet that share texts."""
        if self._lengths:
            self._cells += part.count(b'"s"') + part.count(b"'s'")
            self._sheets.append(name)

    def check(self) -> None:
        """Count the text: first as if all were the longest, and only if need be one by one."""
        longest = max(self._lengths, default=0)
        if self._cells * longest <= self._room.text:
            return
        for name in self._sheets:
            self._room.spend_text(self._exactly(self._archive.read(name), longest))

    def _exactly(self, part: bytes, longest: int) -> int:
        shared = Counter(
            match[2] for match in _SHARED_CELL.finditer(part) if _SHARED_TYPE.search(match[1])
        )
        # What is written in no usual way may be the longest text.
        cells = part.count(b'"s"') + part.count(b"'s'")
        total = max(cells - shared.total(), 0) * longest
        for digits, times in shared.items():
            index = int(digits)
            known = index < len(self._lengths)
            total += times * (self._lengths[index] if known else longest)
        return total


def _modified(archive: Archive) -> datetime | None:
    if _CORE not in archive.names:
        return None
    for element in elements(archive, _CORE):
        if element.tag.endswith("}modified") and element.text:
            return moment(element.text.strip())
    return None


def moment(text: str) -> datetime | None:
    """Read a moment as programs write it; a strange one is only a moment that is not known."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
