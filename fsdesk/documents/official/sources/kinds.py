"""What kind of file a document is, by its content; its name may lie."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from io import BytesIO

from fsdesk.domain.findings import Place, reject

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_OTHERS = (
    (b"{\\rtf", "RTF 文档", "请用 WPS 或 Word 打开后另存为 .docx"),
    (b"\x89PNG", "图片", "请提供文字版，图片中的文字读不出来"),
    (b"\xff\xd8\xff", "图片", "请提供文字版，图片中的文字读不出来"),
    (b"GIF8", "图片", "请提供文字版，图片中的文字读不出来"),
    (b"BM", "图片", "请提供文字版，图片中的文字读不出来"),
    (b"II*\0", "图片", "请提供文字版，图片中的文字读不出来"),
    (b"Rar!", "压缩包", "请先解压，再选择其中的文件"),
    (b"7z\xbc\xaf", "压缩包", "请先解压，再选择其中的文件"),
    (b"\x1f\x8b", "压缩包", "请先解压，再选择其中的文件"),
    (b"MZ", "程序文件", "请选择 .docx、.pdf、.ofd、.html、.txt 或 .xlsx 文件"),
    (b"\x7fELF", "程序文件", "请选择 .docx、.pdf、.ofd、.html、.txt 或 .xlsx 文件"),
)
# Some writers put something before a PDF file's mark.
_PDF_BEGINS = 1024
_XML = (b"<!doctype", b"<?xml")
# How far into a file the words stand that tell what it is.
_TOLD_WITHIN = 4096
_ARCHIVED = re.compile(rb"^(?:[\w-]+:.*\r?\n(?:[ \t].*\r?\n)*)*?mime-version:", re.IGNORECASE)
_SAVE_AS = "请用 WPS 或 Word 打开后另存为 .docx 文件再试"


class FileKind(StrEnum):
    """Kinds of files that can be read."""

    TEXT = "text"
    WORD = "word"
    SHEET = "sheet"
    PDF = "pdf"
    OFD = "ofd"
    WEB = "web"
    WEB_ARCHIVE = "web archive"


def kind_of(data: bytes, name: str) -> FileKind:
    """Return what kind of document a file is; other kinds are refused with what to do."""
    place = Place(file=name)
    if not data.strip():
        raise reject("文件是空的", "请选择有内容的文件", place)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise reject("文件已加密，设有打开密码", "请去掉打开密码，保存后再试", place)
        if _WORD_STREAM in data or place.file.lower().endswith((".doc", ".wps")):
            raise reject("这是旧版 Word 文件（.doc 或 .wps），不能直接读取", _SAVE_AS, place)
        return FileKind.SHEET
    if data.startswith((_ZIP, b"PK\x05\x06")):
        return _archive(data, place)
    if b"%PDF-" in data[:_PDF_BEGINS]:
        return FileKind.PDF
    begin = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:9]
    for mark, what, remedy in _OTHERS:
        if begin.startswith(mark):
            raise reject(f"这是{what}，读不出其中的任务", remedy, place)
    return _of_text(data, place)


def _of_text(data: bytes, place: Place) -> FileKind:
    """Return what kind of text a file is: plain, or a web page as browsers save them."""
    told = data.replace(b"\0", b"")[:_TOLD_WITHIN].lower()  # UTF-16 has a zero beside each letter
    told = told.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _ARCHIVED.match(told):
        return FileKind.WEB_ARCHIVE
    if told.startswith((b"<html", b"<!--", b"<head", b"<body", b"<table", b"<div", b"<p")):
        return FileKind.WEB
    if not told.startswith(_XML):
        return FileKind.TEXT
    if b"<html" in told:
        return FileKind.WEB
    raise reject("这是 XML 文件，读不出其中的任务", "请复制其中的文字粘贴进来", place)


def _archive(data: bytes, place: Place) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as problem:
        raise reject("文件不完整或已损坏", "请重新取得文件后再试", place) from problem
    if "ofd.xml" in names:
        return FileKind.OFD
    if "word/document.xml" in names:
        return FileKind.WORD
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return FileKind.SHEET
    if "content.xml" in names:
        if b"opendocument.text" in data[:200]:  # the type stands at the file's beginning
            raise reject("这是 .odt 文档，不能直接读取", _SAVE_AS, place)
        return FileKind.SHEET
    raise reject("这是压缩包，不是工作要点", "请先解压，再选择其中的文件", place)
