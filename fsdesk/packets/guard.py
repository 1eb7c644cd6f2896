"""A look at a file before any reader touches it: is it a workbook, and one that is safe to read.

The fast reader ends the whole process on a single stray cell far out, and takes formulas without
a stored result for empty cells; neither reader stops a zip bomb. So the parts are scanned here.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from fsdesk.domain.findings import Place, reject
from fsdesk.packets.layout import MOST_COLUMNS, MOST_ROWS

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 20 * 2**20
MOST_EXPANDED = 200 * 2**20
MOST_ENTRIES = 2000
_CHUNK = 1 << 16
_CORE = "docProps/core.xml"
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OTHERS = {
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPEG 图片",
    b"%PDF": "PDF 文件",
    b"<htm": "网页",
    b"<?xm": "XML 文件",
    b"PK\x05\x06": "空的压缩包",
}
_TO_XLSX = "请用 WPS 或 Excel 打开后另存为 .xlsx 文件再导入"


@dataclass(slots=True)
class Scan:
    """What a look at a workbook yields.

    Attributes:
        bad_cells: By sheet and cell, why its value can't be known.
        modified_at: When a program last saved it, in UTC; None when it doesn't say.
    """

    bad_cells: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    modified_at: datetime | None = None


def scan(path: Path) -> Scan:
    """Look at a file.

    Raises:
        InputRejectedError: When it is no .xlsx workbook, is damaged, or not safe to read.
    """
    place = Place(file=path.name)
    _check_kind(path, place)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive, place)
            found = Scan(modified_at=_modified(archive))
            for title, part in _sheets(archive):
                bad = _SheetScan(archive, part, Place(path.name, title)).bad
                if bad:
                    found.bad_cells[title] = bad
            return found
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError) as problem:
        raise reject("文件不完整或已损坏", "请向发件单位重新索要", place) from problem
    except (expat.ExpatError, ET.ParseError, ValueError, OSError) as problem:
        raise reject("文件内部结构已损坏", "请向发件单位重新索要", place) from problem


def _check_kind(path: Path, place: Place) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as problem:
        raise reject("文件打不开", "请确认文件存在，并且没有被其他程序占用", place) from problem
    if size == 0:
        raise reject("文件是空的（0 字节）", "请向发件单位重新索要", place)
    if size > MOST_BYTES:
        raise reject(f"文件超过 {MOST_BYTES >> 20} MB", "请确认它是报送包", place)
    if start == _OLE:
        raise reject("文件已加密，或是旧的 .xls 格式", f"请去掉打开密码；{_TO_XLSX}", place)
    if start != _ZIP:
        what = next((name for mark, name in _OTHERS.items() if start.startswith(mark)), "")
        is_what = f"内容是{what}" if what else "内容不是 Excel 工作簿"
        raise reject(f"不是 Excel 文件（{is_what}）", _TO_XLSX, place)


def _check_archive(archive: zipfile.ZipFile, place: Place) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_EXPANDED:
        raise reject("文件展开后过大", "请确认它是报送包", place)
    if _WORKBOOK not in names:
        what = "Word 文档" if "word/document.xml" in names else "压缩包或其他文件"
        if "content.xml" in names:
            what = "ODF 文件（.ods）"
        raise reject(f"不是 .xlsx 工作簿（内容是{what}）", _TO_XLSX, place)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise reject("文件带有宏，不能接收", "请另存为不带宏的 .xlsx 文件", place)
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise reject("文件带有指向其他文件的链接", "请断开外部链接，保存后再导入", place)


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return title and part name of each worksheet."""
    for part in (_WORKBOOK, _RELATIONS):
        _refuse_doctype(archive.read(part))
    targets: dict[str, str] = {}
    for relation in ET.fromstring(archive.read(_RELATIONS)):  # noqa: S314 - no doctype is in it
        target = relation.get("Target", "")
        if relation.get("Type", "").endswith("/worksheet"):
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[relation.get("Id", "")] = name
    sheets: list[tuple[str, str]] = []
    for element in ET.fromstring(archive.read(_WORKBOOK)).iter():  # noqa: S314
        if element.tag.endswith("}sheet"):
            key = next((v for k, v in element.items() if k.endswith("}id")), "")
            if key in targets:
                sheets.append((element.get("name", ""), targets[key]))
    return sheets


def _refuse_doctype(data: bytes) -> None:
    """Run over an XML part; entities can only be declared in a doctype.

    Raises:
        ValueError: When there is one.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.Parse(data, True)  # noqa: FBT003 - the last piece


def _no_doctype(*_: object) -> None:
    raise ValueError("doctype")


def _modified(archive: zipfile.ZipFile) -> datetime | None:
    if _CORE not in archive.namelist():
        return None
    data = archive.read(_CORE)
    _refuse_doctype(data)
    for element in ET.fromstring(data).iter():  # noqa: S314 - no doctype is in it
        if element.tag.endswith("}modified") and element.text:
            moment = datetime.fromisoformat(element.text.strip())
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


class _SheetScan:
    """Runs over the cells of one sheet without keeping them."""

    def __init__(self, archive: zipfile.ZipFile, part: str, place: Place) -> None:
        self.bad: dict[str, str] = {}
        self._place = place
        self._cell, self._error = "", False
        self._formula = self._value = self._inside = False
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _no_doctype
        with archive.open(part) as stream:
            while piece := stream.read(_CHUNK):
                parser.Parse(piece)
            parser.Parse(b"", True)  # noqa: FBT003 - the last piece

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "c":
            self._cell = attributes.get("r", "")
            self._error = attributes.get("t") == "e"
            self._formula = self._value = False
            self._check_far()
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._inside = True

    def _text(self, text: str) -> None:
        # Some programs store an empty result, which is none.
        if self._inside and text.strip():
            self._value = True

    def _end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name in ("v", "is"):
            self._inside = False
        if name != "c":
            return
        if self._error:
            self.bad[self._cell] = "单元格是错误值（如 #DIV/0!）"
        elif self._formula and not self._value:
            self.bad[self._cell] = "公式没有保存计算结果"

    def _check_far(self) -> None:
        letters = self._cell.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        row = int(self._cell[len(letters) :] or 0)
        if row > MOST_ROWS or column > MOST_COLUMNS:
            raise reject(
                "工作表范围过大，很远的地方还有内容",
                "请删除表格以外的内容后保存再导入",
                Place(self._place.file, self._place.sheet, self._cell),
            )
