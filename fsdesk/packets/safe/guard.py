"""A look at a file before any reader touches it: is it a workbook, and one that is safe to read.

The fast reader ends the whole process on a single stray cell far out, and takes formulas without
a stored result for empty cells; neither reader stops a zip bomb. So the parts are scanned here.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Place, reject
from fsdesk.files import BROKEN_ZIP, read_bytes
from fsdesk.packets.safe.archive import BROKEN_XML, Archive
from fsdesk.packets.safe.scanned import ASK_AGAIN, SURELY_PACKET, Scan
from fsdesk.packets.safe.xlsx_scan import WORKBOOK, check_names, scan_xlsx

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 20 * 2**20
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = {
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPEG 图片",
    b"%PDF": "PDF 文件",
    b"<htm": "网页",
    b"<!do": "网页",
    b"<?xm": "XML 文件",
    b"rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"pk\x05\x06": "空的压缩包",
}
_BINARY_WORKBOOK, _CONTENT, _WORD = "xl/workbook.bin", "content.xml", "word/document.xml"
_TO_XLSX = "请用 WPS 或 Excel 打开后另存为 .xlsx 文件再导入"


def scan(path: Path) -> Scan:
    """Look at a file; InputRejectedError when it is no workbook, is damaged, or not safe."""
    place = Place(file=path.name)
    data = read_bytes(path, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise reject(f"文件超过 {MOST_BYTES >> 20} MB", SURELY_PACKET, place)
    return scan_data(data, path.name)


def scan_data(data: bytes, name: str) -> Scan:
    """Look at a file's bytes; see `scan`."""
    place = Place(file=name)
    scanned = Scan(data)
    _check_kind(data, place)
    try:
        if scanned.data.startswith(_OLE):
            from fsdesk.packets.safe.xls_scan import scan_xls  # rare, and not needed to start

            if _OLE_ENCRYPTED in scanned.data:
                raise reject("文件已加密，设有打开密码", "请去掉打开密码，保存后再导入", place)
            scan_xls(scanned, place.file)
        else:
            _scan_archive(scanned, place)
    except BROKEN_ZIP as problem:
        raise reject("文件不完整或已损坏", ASK_AGAIN, place) from problem
    except (*BROKEN_XML, struct.error) as problem:
        raise reject("文件内部结构已损坏", ASK_AGAIN, place) from problem
    return scanned


def _check_kind(data: bytes, place: Place) -> None:
    if not data:
        raise reject("文件是空的（0 字节）", ASK_AGAIN, place)
    if data.startswith((_ZIP, _OLE)):
        return
    begin = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:4]
    marks = (begin, begin.lower())
    what = next((name for mark, name in _OTHERS.items() if mark in marks or
                 begin.startswith(mark)), "")  # fmt: skip
    is_what = f"内容是{what}" if what else "内容不是 Excel 工作簿"
    raise reject(f"不是 Excel 文件（{is_what}）", _TO_XLSX, place)


def _scan_archive(scanned: Scan, place: Place) -> None:
    archive = Archive(scanned.data, place)
    forms = {WORKBOOK, _BINARY_WORKBOOK, _CONTENT} & {name.lower() for name in archive.names}
    if forms == {WORKBOOK}:
        check_names(archive, place)
        scan_xlsx(archive, scanned, place.file)
    elif forms == {_CONTENT} and _WORD not in archive.names:
        from fsdesk.packets.safe.ods_scan import scan_ods  # rare, and not needed to start

        scan_ods(archive, scanned, place.file)
    else:
        # A file of two forms at once is none: the reader might take the other one.
        names = {name.lower() for name in archive.names}
        what = "Word 文档" if _WORD in names else "压缩包或其他文件"
        if _BINARY_WORKBOOK in names:
            what = "二进制工作簿（.xlsb）"
        raise reject(f"不是 .xlsx 工作簿（内容是{what}）", _TO_XLSX, place)
