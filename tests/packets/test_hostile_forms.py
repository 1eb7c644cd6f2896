"""Files that are no packet, harmed, encrypted, with macros or links: each refused in its words."""

from __future__ import annotations

import struct
import zipfile

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.packets.reader import read_packet
from fsdesk.packets.safe.guard import scan
from tests.packets.odd import SAME, expect, in_part, in_parts, make
from tests.packets.other_forms import (
    begin,
    compound,
    label,
    ods_cell,
    ods_parts,
    record,
    sheets_of,
    write_ods,
    xls_of,
    xls_stream,
)

VALUES = "指标"
DAMAGED, MACROS, LINKS, ENCRYPTED = "损坏", "带有宏", "指向其他文件的链接", "打开密码"
BOOK, RELATIONS, PART = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet3.xml"
FILE_PASS, SUP_BOOK, FORMULA, STRING, BOOL_ERR, MERGED = 0x2F, 0x1AE, 0x06, 0x207, 0x205, 0xE5


def content(data):
    return lambda file: file.write_bytes(data)


def add(name, data=b"x"):
    return in_parts(lambda parts: parts.update({name: data}))


def drop(name):
    return in_parts(lambda parts: parts.pop(name))


def move_book(parts):
    for name in (BOOK, RELATIONS):
        parts[name.replace("xl/", "yl/")] = parts[name]
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"xl/workbook.xml", b"yl/workbook.xml")


def hide_sheet(parts):
    parts["xl/worksheets/sheet3"] = parts[PART].replace(
        b"</sheetData>", b'<row r="900000"><c r="A900000"><v>1</v></c></row></sheetData>'
    )
    parts[RELATIONS] = parts[RELATIONS].replace(b"sheet3.xml", b"sheet3")


def mark_encrypted(file):
    data = bytearray(file.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    file.write_bytes(data)


def in_ods(change):
    """Return a change that makes an .ods workbook of a packet and spoils it."""

    def apply(file):
        parts = ods_parts(file)
        change(parts)
        write_ods(file, parts)

    return apply


def ods_row(text):
    """Return a change that puts a row behind the last sheet's others."""
    end = "</table:table></office:spreadsheet>"

    def change(parts):
        row = f"<table:table-row>{text}</table:table-row>{end}"
        parts["content.xml"] = parts["content.xml"].replace(end, row)

    return in_ods(change)


def in_xls(extra=b"", names=(), **how):
    """Return a change that makes an .xls workbook of a packet, with more records or storages."""

    def apply(file):
        if names:
            file.write_bytes(compound(xls_stream({VALUES: b""}), names))
        else:
            file.write_bytes(xls_of(file, {VALUES: extra}, **how))

    return apply


def sup_book(text):
    return record(SUP_BOOK, struct.pack("<HHB", 1, len(text), 0) + text.encode())


HOSTILE = {
    # No workbook at all.
    "nothing": (content(b""), "0 字节"),
    "a picture": (content(b"\x89PNG\r\n\x1a\n" + bytes(100)), "PNG 图片"),
    "a photo": (content(b"\xff\xd8\xff\xe0" + bytes(100)), "JPEG 图片"),
    "a document": (content(b"%PDF-1.7\n"), "PDF 文件"),
    "a page": (content(b"\r\n<HTML><body><table><tr><td>5</td></tr></table>"), "网页"),
    "a page with a mark in front": (content(b"\xef\xbb\xbf<!DOCTYPE html>"), "网页"),
    "a table as text": (content("编码,本期数\nI01-1,5\n".encode("gb18030")), "不是 Excel 工作簿"),
    "an old XML workbook": (content(b'<?xml version="1.0"?><Workbook/>'), "XML 文件"),
    "another archive": (content(b"Rar!\x1a\x07\x00"), "RAR 压缩包"),
    "an empty archive": (content(b"PK\x05\x06" + bytes(18)), "空的压缩包"),
    "a Word file": (in_parts(lambda parts: (parts.clear(), parts.update(
        {"word/document.xml": b"<x/>"}))), "Word 文档"),
    "a binary workbook": (in_parts(lambda parts: (parts.clear(), parts.update(
        {"xl/workbook.bin": b"x"}))), ".xlsb"),
    "a workbook of two forms at once": (add("content.xml", b"<x/>"), "不是 .xlsx 工作簿"),
    "a workbook of two other forms": (add("xl/workbook.bin"), "不是 .xlsx 工作簿"),
    "too large": (content(b"PK\x03\x04" + bytes(21 * 2**20)), "超过 20 MB"),
    # .xlsx
    "a macro": (add("xl/vbaProject.bin"), MACROS),
    "a macro in capitals": (add("XL/VBAPROJECT.BIN"), MACROS),
    "a macro sheet": (add("xl/macrosheets/sheet1.xml", b"<x/>"), MACROS),
    "a link": (add("xl/externalLinks/externalLink1.xml", b"<x/>"), LINKS),
    "a link in capitals": (add("xl/ExternalLinks/externalLink1.xml", b"<x/>"), LINKS),
    "an encrypted part": (mark_encrypted, "压缩内容已加密"),
    "an encrypted workbook": (
        content(compound(b"x" * 5000, ["EncryptionInfo", "EncryptedPackage"])), ENCRYPTED),
    "two parts of nearly one name": (add("XL/Worksheets/Sheet3.xml", b"<x/>"), DAMAGED),
    "a workbook elsewhere": (in_parts(move_book), DAMAGED),
    "a sheet under another name": (in_parts(hide_sheet), "范围过大"),
    "a sheet missing": (drop(PART), DAMAGED),
    "no relations": (drop(RELATIONS), DAMAGED),
    "no root": (drop("_rels/.rels"), DAMAGED),
    "entities": (in_part(BOOK, b"<workbook", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><workbook'),
                 DAMAGED),
    "two roots": (in_part(BOOK, b"</workbook>", b"</workbook><workbook/>"), DAMAGED),
    "a part in wide letters": (
        in_parts(lambda parts: parts.update({PART: parts[PART].decode().encode("utf-16")})),
        DAMAGED),
    "a part in no letters": (in_part(PART, b"<sheetData>", b"<sheetData>\xff"), DAMAGED),
    "a sheet without end": (in_part(PART, b"</sheetData>", b""), DAMAGED),
    "a cell with a strange name": (
        in_part(PART, b"</sheetData>", b'<row><c r="?"><v>1</v></c></row></sheetData>'), DAMAGED),
    "a text that is not there": (
        in_part(PART, b"</sheetData>",
                b'<row r="20"><c r="A20" t="s"><v>99</v></c></row></sheetData>'), DAMAGED),
    # .ods
    "ods: encrypted": (in_ods(lambda parts: parts.update({"META-INF/manifest.xml": (
        '<m:manifest xmlns:m="urn:x"><m:file-entry><m:encryption-data/></m:file-entry>'
        "</m:manifest>")})), ENCRYPTED),
    "ods: encrypted as a whole": (
        in_ods(lambda parts: parts.update({"encrypted-package": "x"})), ENCRYPTED),
    "ods: a macro": (in_ods(lambda parts: parts.update({"Basic/script-lc.xml": "<x/>"})), MACROS),
    "ods: a script": (in_ods(lambda parts: parts.update({"Scripts/a.py": "x"})), MACROS),
    "ods: another kind": (in_ods(lambda parts: parts.update(
        {"mimetype": "application/vnd.oasis.opendocument.text"})), "不是电子表格"),
    "ods: no kind": (in_ods(lambda parts: parts.pop("mimetype")), DAMAGED),
    "ods: no manifest": (in_ods(lambda parts: parts.pop("META-INF/manifest.xml")), DAMAGED),
    "ods: a link": (ods_row("<table:table-cell><table:cell-range-source/></table:table-cell>"),
                    LINKS),
    "ods: a sheet in a sheet": (ods_row("<table:table-cell><table:table/></table:table-cell>"),
                                DAMAGED),
    "ods: repeated no times": (
        ods_row('<table:table-cell table:number-columns-repeated="0"/>'), DAMAGED),
    "ods: repeated a strange number of times": (
        ods_row('<table:table-cell table:number-columns-repeated="many"/>'), DAMAGED),
    "ods: a strange part": (in_ods(lambda parts: parts.update({"styles.xml": "<a><b></a>"})),
                            None),
    "ods: entities in another part": (
        in_ods(lambda parts: parts.update({"styles.xml": "<!DOCTYPE a><a/>"})), DAMAGED),
    # .xls
    "xls: encrypted": (in_xls(before=record(FILE_PASS, bytes(6))), ENCRYPTED),
    "xls: a macro": (in_xls(names=["_VBA_PROJECT_CUR"]), MACROS),
    "xls: a macro sheet": (in_xls(kind=1), MACROS),
    "xls: a link": (in_xls(before=sup_book("\x01C:\\a.xls")), LINKS),
    "xls: its own sheets": (in_xls(before=record(SUP_BOOK, b"\x05\x00\x01\x04")), None),
    "xls: of 1995": (in_xls(version=0x0500), "Excel 95"),
    "xls: no packet": (in_xls(names=["x"]), "缺少工作表"),
    "xls: no workbook": (
        content(compound(b"x" * 5000).replace("Workbook".encode("utf-16-le"), bytes(16))),
        "其他文档"),
    "xls: many formulas": (
        in_xls(b"".join(record(FORMULA, struct.pack("<HHH", 30, 1, 0) + bytes(8000))
                        for _ in range(300))), "公式过多"),
    "xls: without end": (
        content(compound(begin(5) + record(0x85, struct.pack("<IBBBB", 9000, 0, 0, 1, 0) + b"a")
                         + record(0x0A))), DAMAGED),
    "xls: a strange size": (
        content(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 600), DAMAGED),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_its_words(tmp_path, name):
    change, words = HOSTILE[name]
    file = make(tmp_path)
    change(file)
    if words is None:
        expect(file, SAME)
        return
    with pytest.raises(InputRejectedError) as refused:
        read_packet(file)
    found = refused.value.findings[0]
    assert words in found.message
    assert found.remedy
    assert found.place.file == file.name


def forms(file):
    """Return a packet in each of the three forms, as bytes."""
    write_ods(file.with_suffix(".ods"), ods_parts(file))
    return file.read_bytes(), file.with_suffix(".ods").read_bytes(), xls_of(file)


def test_files_cut_short_are_refused_unless_only_what_nobody_reads_is_cut(tmp_path):
    file = make(tmp_path)
    before = read_packet(file)
    refusals = 0
    for data in forms(file):
        for part in range(64):
            file.write_bytes(data[: len(data) * part // 64])
            try:
                assert read_packet(file).digest == before.digest
            except InputRejectedError:
                refusals += 1
    assert refusals > 3 * 60


@pytest.mark.slow
def test_files_with_a_byte_changed_never_break_the_program(tmp_path):
    file = make(tmp_path)
    before = read_packet(file)
    for data in forms(file):
        for part in range(300):
            at = len(data) * part // 300
            file.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
            try:
                read = read_packet(file)
            except InputRejectedError:
                continue
            # What says something else has another digest, which no signature fits any more.
            assert read.digest != before.digest or read.filled == before.filled


def test_faults_of_cells_are_found_in_old_workbooks(tmp_path):
    file = make(tmp_path)
    where = struct.pack("<HHH", 9, 6, 0)
    text = struct.pack("<HHH", 10, 6, 0)
    extra = (
        record(FORMULA, where + b"\x02\x00\x07\x00\x00\x00\xff\xff" + bytes(8))
        + record(FORMULA, text + b"\x00\x00\x00\x00\x00\x00\xff\xff" + bytes(8))
        + record(STRING, struct.pack("<HBH", 1, 1, 0x5B57))
        + record(FORMULA, struct.pack("<HHH", 11, 6, 0) + b"\x00\x00\x00\x00\x00\x00\xff\xff"
                 + bytes(8))
        + record(FORMULA, struct.pack("<HHH", 12, 6, 0) + b"\x03\x00\x00\x00\x00\x00\xff\xff"
                 + bytes(8))
        + record(BOOL_ERR, struct.pack("<HHHBB", 13, 6, 0, 0x2A, 1))
        + record(MERGED, struct.pack("<5H", 1, 3, 4, 10, 10))
        + label(14, 6, "x")
    )  # fmt: skip
    file.write_bytes(xls_of(file, {VALUES: extra}))
    found = scan(file)
    error, none = "单元格是错误值（如 #DIV/0!）", "公式没有保存计算结果"
    assert found.bad_cells == {VALUES: {"G10": error, "G12": none, "G13": none, "G14": error}}
    assert found.merged == {VALUES: [(3, 10, 4, 10)]}


def test_faults_of_cells_are_found_in_open_workbooks(tmp_path):
    file = make(tmp_path)
    cells = (
        ods_cell(None)
        + '<table:table-cell table:formula="of:=1/0" calcext:value-type="error"/>'
        + '<table:table-cell table:formula="of:=A1"/>'
        + '<table:table-cell table:formula="of:=1" office:value-type="float" office:value="1"/>'
        + '<table:table-cell table:formula="of:=B" office:value-type="string">'
        "<text:p>#NAME?</text:p></table:table-cell>"
        + '<table:table-cell office:value-type="string" table:number-columns-repeated="2">'
        "<text:p>a<text:tab/>b</text:p></table:table-cell>"
        + '<table:table-cell office:value-type="string" table:number-columns-spanned="2" '
        'table:number-rows-spanned="3"><office:annotation><text:p>x<text:tab/></text:p>'
        "</office:annotation><text:p>a</text:p></table:table-cell><table:covered-table-cell/>"
    )
    rows = len(sheets_of(file)["_fsdesk"])
    ods_row(cells)(file)
    found = scan(file)
    error, none = "单元格是错误值（如 #DIV/0!）", "公式没有保存计算结果"
    tab = "文字中有制表符，.ods 文件里的制表符读不出来"
    names = {"B": error, "C": none, "E": error, "F": tab, "G": tab}
    assert found.bad_cells == {"_fsdesk": {f"{c}{rows + 1}": why for c, why in names.items()}}
    assert found.merged == {"_fsdesk": [(rows, 7, rows + 2, 8)]}


def test_merged_cells_are_told_of_workbooks_of_today(tmp_path):
    file = make(tmp_path)
    in_part(PART, b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="K4:K5"/>'
            b"</mergeCells>")(file)  # fmt: skip
    assert scan(file).merged == {VALUES: [(3, 10, 4, 10)]}


def test_packed_in_no_known_way_is_refused(tmp_path):
    file = make(tmp_path)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(InputRejectedError, match=DAMAGED):
        read_packet(file)
