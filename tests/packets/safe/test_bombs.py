"""Files made to take all memory: refused in words, each in bounded time and memory.

They are read in a process of their own, since a reader that runs out of memory takes the whole
process with it.
"""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random

import pytest

from fsdesk.domain.records.records import DataValue, ProgressReport
from fsdesk.packets.writer import write_packet
from tests.packets.other_forms import (
    DIMENSIONS,
    begin,
    compound,
    label,
    ods_parts,
    record,
    write_ods,
    xls_of,
)
from tests.packets.test_round_trip import PLAN, blank

MOST_MEMORY = 400  # MB
MOST_SECONDS = 10  # of the processor, however busy the machine is
MERGED = 0xE5
FAR, LARGE, TEXT = "工作表范围过大", "文件展开后过大", "文字总量过大"
DAMAGED = "损坏"
INDICATORS = "xl/worksheets/sheet3.xml"

READ_ALL = """
import json, sys, time
from pathlib import Path
from fsdesk.domain.findings import FsdeskError
from fsdesk.packets.reader import read_packet
for name in sys.argv[1:]:
    start = time.process_time()
    try:
        found = ["read", str(len(read_packet(Path(name)).filled)), ""]
    except FsdeskError as problem:
        first = problem.findings[0]
        found = [first.message, first.place.sheet, first.place.cell]
    # The highest since this program began; getrusage would count that of the program that began it.
    status = Path("/proc/self/status").read_text().split()
    memory = int(status[status.index("VmHWM:") + 1]) // 1024
    print(json.dumps([name, *found, memory, time.process_time() - start]), flush=True)
"""


def zipped(packet, change):
    """Return a packet whose parts were changed."""
    with zipfile.ZipFile(packet) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def text_of(text):
    """Return a text that may have to be made first: large ones are, when they are needed."""
    return text() if callable(text) else text


def rows(text):
    def change(parts):
        more = text_of(text) + b"</sheetData>"
        parts[INDICATORS] = parts[INDICATORS].replace(b"</sheetData>", more, 1)

    return lambda packet: zipped(packet, change)


def shared(strings, cells, attributes=b""):
    """Return a packet in which many cells share few texts."""

    def change(parts):
        parts["xl/sharedStrings.xml"] = (
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            + attributes + b">" + strings + b"</sst>"
        )  # fmt: skip
        relations = parts["xl/_rels/workbook.xml.rels"]
        parts["xl/_rels/workbook.xml.rels"] = relations.replace(
            b"</Relationships>",
            b'<Relationship Id="rIdS" Target="sharedStrings.xml" Type="http://schemas.openxmlformats'
            b'.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
        )
        many = b"".join(
            b'<row r="%d">' % r
            + b"".join(b'<c r="%s%d" t="s"><v>0</v></c>' % (c, r) for c in (b"N", b"O", b"P"))
            + b"</row>"
            for r in range(30, 30 + cells // 3)
        )
        parts[INDICATORS] = parts[INDICATORS].replace(b"</sheetData>", many + b"</sheetData>", 1)

    return lambda packet: zipped(packet, change)


LONG_TEXT = b"<si><t>" + "字".encode() * 30_000 + b"</t></si>"


def blank_rows():
    return b"".join(
        b'<row r="%d">' % r + b"".join(b'<c r="%s%d" s="1"/>' % (c, r) for c in (b"A", b"B", b"C"))
        + b"</row>"
        for r in range(20, 200_000)
    )  # fmt: skip


def many_cells():
    cells = b"".join(b'<c s="%d"/>' % (n % 7919) for n in range(4_100_000))
    return b'<row r="30">' + cells + b"</row>"


def part(name, data):
    return lambda packet: zipped(packet, lambda parts: parts.update({name: text_of(data)}))


def remark(times):
    return b"<a>" + Random(1).randbytes(10_000).hex().encode() * times


def many_sheets(packet):
    more = b"".join(
        b'<sheet name="s%d" sheetId="%d" r:id="rId%d"/>' % (n, n, n) for n in range(20, 1500)
    )
    relations = b"".join(
        b'<Relationship Id="rId%d" Target="worksheets/s%d.xml" Type="http://x/worksheet"/>' % (n, n)
        for n in range(20, 1500)
    )

    def change(parts):
        space = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        book = parts["xl/workbook.xml"].replace(b"<sheets>", b"<sheets" + space + b">")
        parts["xl/workbook.xml"] = book.replace(b"</sheets>", more + b"</sheets>")
        rels = parts["xl/_rels/workbook.xml.rels"]
        parts["xl/_rels/workbook.xml.rels"] = rels.replace(b"</Rel", relations + b"</Rel", 1)
        parts.update({f"xl/worksheets/s{n}.xml": b"<worksheet/>" for n in range(20, 1500)})

    return zipped(packet, change)


def zip_in_zip(packet):
    inner = zipped(packet, lambda parts: parts.update({"big": bytes(15 * 2**20)}))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(20):
            archive.writestr(f"{n}.xlsx", inner)
    return made.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
) + b"]><worksheet><sheetData><row><c><v>&a9;</v></c></row></sheetData></worksheet>"  # fmt: skip


def ods(old, new):
    """Return an .ods workbook in which one piece of the contents was changed."""

    def make(packet):
        parts = ods_parts(packet)
        assert old in parts["content.xml"]
        parts["content.xml"] = parts["content.xml"].replace(old, text_of(new), 1)
        made = io.BytesIO()
        write_ods(made, parts)
        return made.getvalue()

    return make


ROW, CELL = "<table:table-row", "<table:table-cell"
VALUE = '<table:table-cell office:value-type="float" office:value="1"'
LAST = "</table:table></office:spreadsheet>"
LONG_CELL = (
    f'{CELL} office:value-type="string"{{}}><text:p>{"字" * 30_000}</text:p></table:table-cell>'
)


def ods_rows(text):
    return ods(LAST, lambda: text_of(text) + LAST)


def xls(extra, **how):
    return lambda packet: xls_of(packet, {"指标": extra}, **how)


def spoiled_xls(at, form, *values):
    """Return an .xls workbook in whose header some numbers were changed."""

    def make(packet):
        data = bytearray(xls_of(packet))
        struct.pack_into(form, data, at, *values)
        return bytes(data)

    return make


def endless_chain(place):
    """Return an .xls workbook in which a chain of sectors leads back to its begin."""

    def make(packet):
        data = bytearray(xls_of(packet))
        directory = struct.unpack_from("<I", data, 48)[0]
        table = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
        sector = {"directory": directory, "stream": 0}[place]
        struct.pack_into("<I", data, table + sector * 4, sector)
        # The stream claims to be longer than the file.
        struct.pack_into("<Q", data, (directory + 1) * 512 + 128 + 120, 0x7FFF_FFFF)
        return bytes(data)

    return make


def many_shared_texts(packet):
    # One text in the table, and many cells that show it.
    text = "字" * 4000
    shared_texts = struct.pack("<IIHB", 1, 1, len(text), 1) + text.encode("utf-16-le")
    cells = b"".join(record(0xFD, struct.pack("<HHHI", r, 20, 0, 0)) for r in range(20, 30_000))
    return xls_of(packet, {"指标": cells}, before=record(0xFC, shared_texts))


def endless():
    """Return bytes that are packed just too badly to be refused for that."""
    return Random(1).randbytes(3000).hex().encode() * (40 * 2**20 // 6000)


def endless_remark(packet):
    return part("xl/comments1.xml", b"<a><!--" + endless() + b"--></a>")(packet)


def endless_attribute(packet):
    return rows(b"<row><c x='" + endless() + b"'><f/></c></row>")(packet)


def many_attributes():
    return b"<x " + b" ".join(b'a%d=""' % number for number in range(2_000_000)) + b"/>"


def many_attributes_in_a_sheet(packet):
    return rows(many_attributes())(packet)


def many_attributes_elsewhere(packet):
    return part("xl/comments1.xml", b"<!-- -->" + many_attributes())(packet)


def merged(areas):
    def change(parts):
        cells = b"</sheetData><mergeCells>" + areas + b"</mergeCells>"
        parts[INDICATORS] = parts[INDICATORS].replace(b"</sheetData>", cells)

    return lambda packet: zipped(packet, change)


def elements_in(name, end):
    """Return a packet with many elements in a part that is held as a tree."""

    def change(parts):
        assert end in parts[name]
        more = b"".join(b'<a b="%d"/>' % (n * 7919 % 1_000_003) for n in range(2_000_000))
        parts[name] = parts[name].replace(end, more + end)

    return lambda packet: zipped(packet, change)


BOMBS = {
    "xlsx stray cell": (rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
                        (FAR, "指标", "XFD1048576")),
    "xlsx stray cell without a name": (rows(b'<row r="1048576"><c><v>1</v></c></row>'),
                                       (FAR, "指标", "A1048576")),
    "xlsx stray cell behind a named one": (
        rows(b'<row r="900000"><c r="A20"/><c r="A20"><v>1</v></c><c><v>1</v></c></row>'),
        (FAR, "指标", "B900000")),
    "xlsx stray text": (rows(b'<row r="1"><c r="ZZZ1" t="str"><v>1</v></c></row>'),
                        (FAR, "指标", "ZZZ1")),
    "xlsx one text in many cells": (shared(LONG_TEXT, 24_000), (TEXT, "", "")),
    "xlsx one text in many cells oddly written": (
        shared(LONG_TEXT.replace(b"<si>", b"<si ><!-- -->"), 24_000), (TEXT, "", "")),
    "xlsx many texts promised": (
        shared(b"<si><t>a</t></si>", 3, b' uniqueCount="99999999999"'), (DAMAGED, "", "")),
    "xlsx zeros": (part("xl/media/image1.png", lambda: bytes(190 * 2**20)), (LARGE, "", "")),
    "xlsx zeros over many parts": (
        lambda packet: zipped(packet, lambda parts: parts.update(
            {f"xl/media/{n}.png": bytes(15 * 2**20) for n in range(14)})), (LARGE, "", "")),
    "xlsx one large part": (
        part("xl/comments1.xml", lambda: remark(4500)),
        (LARGE, "", "")),
    "xlsx nearly too large a part": (
        part("xl/comments1.xml", lambda: remark(4000) + b"<!-- --></a>"), ("read", "2", "")),
    "xlsx ten thousand parts": (
        lambda packet: zipped(packet, lambda parts: parts.update(
            {f"xl/worksheets/s{n}.xml": b"" for n in range(10_000)})), (LARGE, "", "")),
    "xlsx many sheets": (many_sheets, ("工作表过多", "", "")),
    "zip in zip": (zip_in_zip, ("不是 .xlsx 工作簿", "", "")),
    "xlsx laughs in a sheet": (part(INDICATORS, LAUGHS), ("结构已损坏", "", "")),
    "xlsx laughs in a remark": (part("xl/comments1.xml", LAUGHS), ("结构已损坏", "", "")),
    "xlsx laughs in a drawing": (part("xl/drawings/d.vml", LAUGHS), ("结构已损坏", "", "")),
    "xlsx one endless remark": (endless_remark, ("read", "2", "")),
    "xlsx one endless attribute": (endless_attribute, ("read", "2", "")),
    "xlsx many attributes": (many_attributes_in_a_sheet, (DAMAGED, "", "")),
    "xlsx many attributes elsewhere": (many_attributes_elsewhere, (DAMAGED, "", "")),
    "xlsx much about its author": (
        elements_in("docProps/core.xml", b"</cp:coreProperties>"), (DAMAGED, "", "")),
    "xlsx much about its sheets": (
        elements_in("xl/workbook.xml", b"</workbook>"), (DAMAGED, "", "")),
    "xlsx much below one element": (
        part("docProps/core.xml", b"<a>" * 2_000_000 + b"</a>" * 2_000_000), (DAMAGED, "", "")),
    "xlsx merged over and over": (merged(b'<mergeCell ref="A1:B9999999"/>' * 9000),
                                  ("read", "2", "")),
    "xlsx errors everywhere": (
        rows((b"<row>" + b'<c t="e"/>' * 250 + b"</row>") * 14_000),
        ("错误值或没有计算结果的公式过多", "指标", None)),
    "ods merged over and over": (
        ods_rows(f"{ROW}>" + f'{CELL} table:number-rows-spanned="9000000"/>' * 9000
                 + "</table:table-row>"), ("read", "2", "")),
    "ods errors everywhere": (
        ods_rows(f'{ROW} table:number-rows-repeated="3000">{CELL} table:formula="x" '
                 'table:number-columns-repeated="240"/></table:table-row>'),
        ("错误值或没有计算结果的公式过多", "_fsdesk", None)),
    "xls merged over and over": (
        xls(record(MERGED, struct.pack("<H", 1027) + struct.pack("<4H", 0, 65_535, 0, 5) * 1027)
            * 20), ("read", "2", "")),
    "xlsx blanks to row 200000": (rows(blank_rows), ("read", "2", "")),
    "xlsx many cells": (rows(many_cells), ("工作表内容过多", "指标", "")),
    "xlsx as far out as it may": (
        rows(b'<row r="15000"><c r="IV15000"><v>1</v></c></row>'), ("read", "2", "")),
    "ods as far out as it may": (
        ods_rows(f'{ROW} table:number-rows-repeated="3800"/>{ROW}>{CELL} '
                 f'table:number-columns-repeated="250"/>{VALUE}/></table:table-row>'),
        ("read", "2", "")),
    "xls as far out as it may": (xls(label(3800, 250, "x")), ("read", "2", "")),
    "ods many cells": (
        ods_rows(lambda: f"{ROW}>{CELL}/>" * 2_100_000), ("工作表内容过多", "", "")),
    "xlsx lying dimension": (
        lambda packet: zipped(packet, lambda parts: parts.update({INDICATORS: parts[
            INDICATORS].replace(b'<dimension ref="A1', b'<dimension ref="A1:XFD1048576" x="')})),
        ("read", "2", "")),
    "ods repeated rows": (ods_rows(f'{ROW} table:number-rows-repeated="1048576">{VALUE}/>'
                                   "</table:table-row>"), (FAR, "_fsdesk", None)),
    "ods repeated columns": (ods_rows(f'{ROW}>{VALUE} table:number-columns-repeated="16384"/>'
                                      "</table:table-row>"), (FAR, "_fsdesk", None)),
    "ods repeated blanks before a value": (
        ods_rows(f'{ROW} table:number-rows-repeated="1000000"/>{ROW}>{CELL} '
                 f'table:number-columns-repeated="16000"/>{VALUE}/></table:table-row>'),
        (FAR, "_fsdesk", None)),
    "ods many wide rows": (
        ods_rows(f'{ROW}>{CELL} table:number-columns-repeated="254"/>{VALUE}/>'
                 "</table:table-row>" * 20_000), (FAR, "_fsdesk", None)),
    "ods trailing blanks": (
        ods_rows(f'{ROW} table:number-rows-repeated="1048000">{CELL} '
                 'table:number-columns-repeated="16384"/></table:table-row>'), ("read", "2", "")),
    "ods many spaces": (
        ods_rows(f'{ROW}>{CELL} office:value-type="string"><text:p><text:s text:c="4000000000"/>'
                 "</text:p></table:table-cell></table:table-row>"), (TEXT, "_fsdesk", "")),
    "ods repeated text": (
        ods_rows(f'{ROW} table:number-rows-repeated="3000">'
                 + LONG_CELL.format(' table:number-columns-repeated="10"') + "</table:table-row>"),
        (TEXT, "_fsdesk", "")),
    "ods laughs": (ods("<office:document-content", '<!DOCTYPE a [<!ENTITY a "b">]>'
                       "<office:document-content"), ("结构已损坏", "", "")),
    "xls stray cell": (xls(label(65_535, 255, "x")), (FAR, "指标", "IV65536")),
    "xls claims to be huge": (
        xls(record(DIMENSIONS, struct.pack("<IIHHH", 0, 0xFFFF_FFF0, 0, 0xFFFF, 0))),
        (FAR, "指标", None)),
    "xls one text in many cells": (many_shared_texts, (TEXT, "指标", "")),
    "xls endless directory": (endless_chain("directory"), ("结构已损坏", "", "")),
    "xls endless stream": (endless_chain("stream"), ("结构已损坏", "", "")),
    "xls many tables": (spoiled_xls(44, "<I", 0xFFFF_FFF0), ("结构已损坏", "", "")),
    "xls many small sectors": (spoiled_xls(64, "<I", 0xFFFF), ("结构已损坏", "", "")),
    "xls endless list of tables": (spoiled_xls(68, "<I", 0), (DAMAGED, "", "")),
    "xls nothing but a begin": (lambda packet: compound(begin(5)), (DAMAGED, "", "")),
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bombs")
    packet = folder / "p.xlsx"
    filled = blank(I01_1=DataValue(5.0), T01_1=ProgressReport(text="已部署"))
    write_packet(packet, filled, PLAN)
    files = []
    for number, (make, _) in enumerate(BOMBS.values()):
        files.append(folder / f"{number}.xlsx")
        files[-1].write_bytes(make(packet))
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, *files], check=False, capture_output=True, text=True,
        cwd=Path(__file__).parents[3], timeout=110,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(files), f"the reader died at {list(BOMBS)[len(lines)]}: {done.stderr}"
    return dict(zip(BOMBS, lines, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_where_it_lies(results, name):
    _, message, sheet, cell, _, seconds = results[name]
    words, wanted_sheet, wanted_cell = BOMBS[name][1]
    assert words in message
    assert sheet == wanted_sheet
    assert wanted_cell is None or cell == wanted_cell
    assert seconds < MOST_SECONDS


@pytest.mark.slow
def test_memory_stays_bounded_over_all_bombs(results):
    memory = {name: line[4] for name, line in results.items()}
    assert max(memory.values()) < MOST_MEMORY, memory
