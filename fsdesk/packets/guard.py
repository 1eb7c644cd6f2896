"""A look at a file before any reader touches it: is it a workbook, and one that is safe to read.

The fast reader ends the whole process on a single stray cell far out, and takes formulas without
a stored result for empty cells; neither reader stops a zip bomb. So the parts are scanned here.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from fsdesk.domain.findings import Place, reject
from fsdesk.packets.sheet_scan import SheetScan, no_doctype

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 20 * 2**20
MOST_EXPANDED = 200 * 2**20
MOST_ENTRIES = 2000
# Deflate reaches 1032 : 1 at most; real sheets full of styled blanks stay below 200 : 1.
_MOST_RATIO = 400
_RATIO_MATTERS = 16 * 2**20
_CHUNK = 1 << 16
_CORE = "docProps/core.xml"
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ENCRYPTED_ENTRY = 1
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE_WORKBOOK = "Workbook".encode("utf-16-le")
_OTHERS = {
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPEG 图片",
    b"%PDF": "PDF 文件",
    b"<htm": "网页",
    b"<?xm": "XML 文件",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"PK\x05\x06": "空的压缩包",
}
_TO_XLSX = "请用 WPS 或 Excel 打开后另存为 .xlsx 文件再导入"
_ASK_AGAIN = "请向发件单位重新索要"


@dataclass(slots=True)
class Scan:
    """What a look at a workbook yields.

    Attributes:
        data: The file's bytes, read once, so that what is read is what was looked at.
        bad_cells: By sheet and cell, why its value can't be known.
        modified_at: When a program last saved it, in UTC; None when it doesn't say.
    """

    data: bytes
    bad_cells: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    modified_at: datetime | None = None


def scan(path: Path) -> Scan:
    """Look at a file.

    Raises:
        InputRejectedError: When it is no .xlsx workbook, is damaged, or not safe to read.
    """
    place = Place(file=path.name)
    data = _read(path, place)
    _check_kind(data, place)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive, place)
            return _scan_parts(archive, data, place)
    except (
        zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError,
    ) as problem:  # fmt: skip
        raise reject("文件不完整或已损坏", _ASK_AGAIN, place) from problem
    except (expat.ExpatError, ET.ParseError, ValueError, OSError) as problem:
        raise reject("文件内部结构已损坏", _ASK_AGAIN, place) from problem


def _read(path: Path, place: Place) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as problem:
        raise reject("文件打不开", "请确认文件存在，并且没有被其他程序占用", place) from problem
    if len(data) > MOST_BYTES:
        raise reject(f"文件超过 {MOST_BYTES >> 20} MB", "请确认它是报送包", place)
    return data


def _check_kind(data: bytes, place: Place) -> None:
    if not data:
        raise reject("文件是空的（0 字节）", _ASK_AGAIN, place)
    if data.startswith(_OLE):
        raise _refuse_ole(data, place)
    if not data.startswith(_ZIP):
        what = next((name for mark, name in _OTHERS.items() if data.startswith(mark)), "")
        is_what = f"内容是{what}" if what else "内容不是 Excel 工作簿"
        raise reject(f"不是 Excel 文件（{is_what}）", _TO_XLSX, place)


def _refuse_ole(data: bytes, place: Place) -> Exception:
    if _OLE_ENCRYPTED in data:
        return reject("文件已加密，设有打开密码", "请去掉打开密码，保存后再导入", place)
    if _OLE_WORKBOOK in data:
        return reject("文件是旧的 .xls 格式", _TO_XLSX, place)
    return reject("文件已加密，或是旧的 .xls 格式", f"请去掉打开密码；{_TO_XLSX}", place)


def _check_archive(archive: zipfile.ZipFile, place: Place) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_EXPANDED:
        raise reject("文件展开后过大", "请确认它是报送包", place)
    if any(_bomb(entry) for entry in entries):
        raise reject("文件展开后过大，压缩比例异常", "请确认它是报送包", place)
    if len(names) != len(entries):
        raise zipfile.BadZipFile("two entries of one name")
    if any(entry.flag_bits & _ENCRYPTED_ENTRY for entry in entries):
        raise reject("压缩内容已加密", "请去掉密码，保存后再导入", place)
    _check_names(names, place)


def _bomb(entry: zipfile.ZipInfo) -> bool:
    large = entry.file_size > _RATIO_MATTERS
    return large and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1)


def _check_names(names: set[str], place: Place) -> None:
    if _WORKBOOK not in names:
        what = "Word 文档" if "word/document.xml" in names else "压缩包或其他文件"
        if "content.xml" in names:
            what = "ODF 文件（.ods）"
        raise reject(f"不是 .xlsx 工作簿（内容是{what}）", _TO_XLSX, place)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise reject("文件带有宏，不能接收", "请另存为不带宏的 .xlsx 文件", place)
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise reject("文件带有指向其他文件的链接", "请断开外部链接，保存后再导入", place)


def _scan_parts(archive: zipfile.ZipFile, data: bytes, place: Place) -> Scan:
    """Run over every part: a lie about its size, an entity or a broken end is found here."""
    _run_over(archive, _WORKBOOK)
    _run_over(archive, _RELATIONS)
    titles = _sheets(archive)
    found = Scan(data)
    for name in archive.namelist():
        if name.startswith("xl/worksheets/") or name in titles:
            title = titles.get(name, "")
            bad = _scan_sheet(archive, name, Place(place.file, title))
            if bad:
                found.bad_cells[title] = bad
        elif name.lower().endswith((".xml", ".rels")):
            _run_over(archive, name)
    found.modified_at = _modified(archive)
    return found


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the title of each worksheet by the name of its part."""
    parts: dict[str, str] = {}
    for relation in ET.fromstring(archive.read(_RELATIONS)):  # noqa: S314 - no doctype is in it
        if relation.get("Type", "").endswith("/worksheet"):
            target = posixpath.join("/xl", relation.get("Target", ""))
            parts[relation.get("Id", "")] = posixpath.normpath(target).lstrip("/")
    titles: dict[str, str] = {}
    for element in ET.fromstring(archive.read(_WORKBOOK)).iter():  # noqa: S314
        if element.tag.endswith("}sheet"):
            key = next((v for k, v in element.items() if k.endswith("}id")), "")
            if key in parts:
                titles[parts[key]] = element.get("name", "")
    if not set(titles) <= set(archive.namelist()):
        raise zipfile.BadZipFile("a sheet is missing")
    return titles


def _run_over(archive: zipfile.ZipFile, name: str) -> None:
    """Parse an XML part for nothing but faults; entities can only be declared in a doctype.

    Raises:
        ValueError: When there is a doctype.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = no_doctype
    _feed(archive, name, parser)


def _scan_sheet(archive: zipfile.ZipFile, name: str, place: Place) -> dict[str, str]:
    sheet = SheetScan(place)
    if name.lower().endswith(".xml"):
        _feed(archive, name, sheet.parser)
    return sheet.bad


def _feed(archive: zipfile.ZipFile, name: str, parser: expat.XMLParserType) -> None:
    with archive.open(name) as stream:
        while piece := stream.read(_CHUNK):
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 - the last piece


def _modified(archive: zipfile.ZipFile) -> datetime | None:
    if _CORE not in archive.namelist():
        return None
    for element in ET.fromstring(archive.read(_CORE)).iter():  # noqa: S314 - no doctype is in it
        if element.tag.endswith("}modified") and element.text:
            return _moment(element.text.strip())
    return None


def _moment(text: str) -> datetime | None:
    """Read a moment as programs write it; a strange one is only a moment that is not known."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
