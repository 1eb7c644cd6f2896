"""The quick look at a sheet never passes what the slow look would stop or note."""

from __future__ import annotations

import contextlib
import zipfile
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.packets.layout import MOST_CELLS
from fsdesk.packets.safe.plain_xml import is_plain, is_plain_sheet, without_blanks
from fsdesk.packets.safe.scanned import Budget, SheetFindings
from fsdesk.packets.safe.sheet_scan import scan_sheet
from tests.packets.odd import make

HEAD = b'<worksheet xmlns="x"><dimension ref="A1"/><sheetData>'
TAIL = b"</sheetData><pageMargins/></worksheet>"
PIECES = st.lists(
    st.sampled_from(
        [
            b'<row r="1">', b"<row>", b"</row>", b'<row r="9" spans="1:2" ht="5"/>',
            b'<c r="A1">', b'<c r="B9999" s="1" t="s">', b'<c r="HZ1" t="e">', b'<c r="IA1">',
            b'<c r="A10000">', b"<c>", b'<c r="C3"/>', b'<c r="D4" t="n"/>', b"</c>",
            b"<v>1</v>", b"<v/>", b"<v></v>", b"<f>1</f>", b"<f/>", b"<is><t>a</t></is>",
            b'<c r="A1" t="inlineStr"><is><t>a</t></is></c>', b'<c r="A2"><v>5</v></c>',
            b'<c r="A3" t="s"><v>0</v></c>', b'<c r="A4" t="str"><f>A1</f><v></v></c>',
            b'<mergeCell ref="A1:B2"/>', b"<!-- x -->", b"<x:c/>", b" ", b"</sheetData>",
            b"<sheetData>", b"<extLst/>", b"&amp;", b"\xff",
        ]
    ),
    max_size=12,
).map(b"".join)  # fmt: skip


def slow(part):
    found = SheetFindings("x", Budget("x", MOST_CELLS))
    scan_sheet(part, found)
    return found.bad, found.merged


@given(PIECES, PIECES)
def test_what_passes_quickly_passes_slowly(inside, behind):
    part = HEAD + inside + TAIL + behind
    if is_plain_sheet(part):
        with contextlib.suppress(expat.ExpatError):  # the reader itself refuses what is no XML
            assert slow(part) == ({}, [])


@given(PIECES)
def test_blanks_left_out_change_nothing_of_what_is_found(inside):
    part = HEAD + inside + TAIL
    with contextlib.suppress(expat.ExpatError, ValueError):
        assert slow(part) == slow(without_blanks(part))


def test_blanks_are_left_out_unless_others_have_their_place_from_them():
    blanks = b'<row r="1"><c r="A1" s="1"/><c r="B1" /><c r="C1"><f/></c></row>'
    assert without_blanks(blanks) == b'<row r="1"><c r="C1"><f/></c></row>'
    for unnamed in (b"<c/>", b"<c><f/></c>", b'<c s="1"/>', b"<x:c/>"):
        assert without_blanks(blanks + unnamed) == blanks + unnamed


def test_every_sheet_that_the_program_writes_passes_quickly(tmp_path):
    with zipfile.ZipFile(make(tmp_path)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith(".xml")}
    sheets = [part for name, part in parts.items() if "worksheets" in name]
    assert len(sheets) == 5
    assert all(map(is_plain_sheet, sheets))
    assert all(map(is_plain, parts.values()))


@pytest.mark.parametrize(
    "rows",
    [
        # As Excel and as LibreOffice write them.
        b'<row r="1" spans="1:12" customHeight="1" x14ac:dyDescent="0.25"><c r="L1" s="4"/></row>',
        b'<row r="1" ht="12.8" outlineLevel="0"><c r="A1" s="0" t="n"><v>1</v></c></row>',
        b'<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c></row>',
        b'<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="inlineStr"></c></row>',
    ],
)
def test_sheets_of_the_usual_programs_pass_quickly(rows):
    assert is_plain_sheet(HEAD + rows + TAIL)


@pytest.mark.parametrize(
    "part",
    [
        HEAD + b'<row><c r="A1"><f>1</f><v>1</v></c></row>' + TAIL,
        HEAD + b'<row><c r="A1" t="e"><v>#N/A</v></c></row>' + TAIL,
        HEAD + b'<row><c r="IA1"><v>1</v></c></row>' + TAIL,
        HEAD + b"<row><c><v>1</v></c></row>" + TAIL,
        HEAD + TAIL + b"<mergeCells/>",
        HEAD + TAIL + b"<!-- -->",
        HEAD + TAIL + HEAD + b'<row r="900000"/>' + TAIL,
        b"<!DOCTYPE a>" + HEAD + TAIL,
        b'<?xml version="1.0" encoding="GBK"?>' + HEAD + TAIL,
        b"<worksheet/>",
    ],
)
def test_everything_else_is_looked_at_slowly(part):
    assert not is_plain_sheet(part)


def test_wide_letters_are_refused_at_once():
    with pytest.raises(ValueError, match="UTF-8"):
        is_plain("<a/>".encode("utf-16"))
