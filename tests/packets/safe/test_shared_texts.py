"""How long the texts are that many cells share, and the tables of files in which they lie."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.findings import InputRejectedError
from fsdesk.packets.reader import read_packet
from fsdesk.packets.safe.compound import CompoundFile
from fsdesk.packets.safe.guard import scan
from fsdesk.packets.safe.shared_texts import text_lengths
from tests.packets.odd import SAME, expect, in_part, in_parts, make
from tests.packets.other_forms import compound, xls_of

PART, RELATIONS = "xl/worksheets/sheet3.xml", "xl/_rels/workbook.xml.rels"
LONG = "字" * 30_000
SHARED = (
    b'<Relationship Id="rIdS" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/relationships/sharedStrings"/></Relationships>'
)


def text(characters, *, wide=True, runs=0, phonetics=0):
    """Return a text as it is stored, with formats and phonetics behind it."""
    flags = wide | (8 if runs else 0) | (4 if phonetics else 0)
    head = struct.pack("<HB", len(characters), flags)
    head += struct.pack("<H", runs) if runs else b""
    head += struct.pack("<I", phonetics) if phonetics else b""
    body = characters.encode("utf-16-le" if wide else "latin-1")
    return head + body + bytes(4 * runs + phonetics)


@given(
    st.lists(
        st.builds(
            text, st.text("abc", max_size=30), wide=st.booleans(), runs=st.integers(0, 3),
            phonetics=st.integers(0, 9),
        )
    )
)  # fmt: skip
def test_lengths_are_those_that_were_stored(texts):
    stored = [struct.unpack_from("<H", one)[0] for one in texts]
    assert text_lengths([b"".join(texts)]) == stored


def test_texts_run_on_in_further_records_which_say_anew_how_wide_they_are():
    first = struct.pack("<HB", 7, 1) + "一二三".encode("utf-16-le")
    second = b"\x00" + b"ab"
    third = b"\x01" + "四五".encode("utf-16-le") + text("x", wide=False, runs=2)[:-5]
    assert text_lengths([first, second, third, bytes(5)]) == [7, 1]


def test_no_texts_are_none():
    assert text_lengths([]) == []
    assert text_lengths([b""]) == []


@pytest.mark.parametrize("cells", [20, 900])
def test_many_cells_may_share_short_texts_but_not_a_long_one(tmp_path, cells):
    """Nine hundred cells of ninety kilobytes each would be eighty megabytes."""

    def rows(number):
        return b"".join(
            b'<row r="%d"><c r="B%d" t="s"><v>%d</v></c></row>' % (r, r, number)
            for r in range(50, 50 + cells)
        )

    for number, refused in ((0, False), (1, cells > 500)):
        file = make(tmp_path)
        strings = f"<sst><si><t>a</t></si><si><t>{LONG}</t></si></sst>".encode()
        in_parts(lambda parts, data=strings: parts.update({"xl/sharedStrings.xml": data}))(file)
        in_part(RELATIONS, b"</Relationships>", SHARED)(file)
        in_part(PART, b"</sheetData>", rows(number) + b"</sheetData>")(file)
        if refused:
            with pytest.raises(InputRejectedError, match="文字总量过大"):
                read_packet(file)
        else:  # it is read, and told of
            assert read_packet(file).findings[0].place.cell == "B50"


def test_an_encoding_that_nobody_knows_is_refused(tmp_path):
    file = make(tmp_path)
    in_part(PART, b"<worksheet", b'<?xml version="1.0" encoding="UTF-99"?><worksheet')(file)
    with pytest.raises(InputRejectedError, match="损坏"):
        read_packet(file)


def summary(moment):
    """Return the stream in which an old workbook tells when it was saved."""
    ticks = int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
    head = bytes(44) + struct.pack("<I", 48)
    return head + struct.pack("<IIIIIQ", 36, 1, 13, 16, 0x40, ticks)


def with_small_stream(data, name, stream):
    """Put a small stream into a compound file, in its first free entry."""
    data = bytearray(data)
    directory = (struct.unpack_from("<I", data, 48)[0] + 1) * 512
    sectors = len(data) // 512 - 1
    assert len(stream) <= 512
    data += stream.ljust(512, b"\0")
    count = -(-len(stream) // 64)
    data += struct.pack("<128I", *range(1, count), 0xFFFFFFFE, *[0xFFFFFFFF] * (128 - count))
    struct.pack_into("<II", data, 60, sectors + 1, 1)
    struct.pack_into("<IQ", data, directory + 116, sectors, 512)
    entry = name.encode("utf-16-le")
    at = directory + 256
    data[at : at + 64] = entry.ljust(64, b"\0")
    struct.pack_into("<HBBIII", data, at + 64, len(entry) + 2, 2, 1, *[0xFFFFFFFF] * 3)
    struct.pack_into("<IQ", data, at + 116, 0, len(stream))
    table = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    struct.pack_into("<II", data, table + 4 * sectors, 0xFFFFFFFE, 0xFFFFFFFE)
    return bytes(data)


def test_when_an_old_workbook_was_saved(tmp_path):
    file = make(tmp_path)
    moment = datetime(2026, 4, 2, 3, tzinfo=UTC)
    plain = xls_of(file)
    file.write_bytes(with_small_stream(plain, "\x05SummaryInformation", summary(moment)))
    expect(file, SAME)
    assert scan(file).modified_at == moment
    file.write_bytes(with_small_stream(plain, "\x05SummaryInformation", b"short"))
    assert scan(file).modified_at is None


def test_a_stream_that_is_not_there():
    with pytest.raises(KeyError):
        CompoundFile(compound(b"x")).stream("other")


@pytest.mark.parametrize(
    ("at", "form", "value"),
    [
        (68, "<I", 0),
        (48, "<I", 9999),
        (44, "<I", 9999),
        (76, "<I", 9999),
        (30, "<H", 10),
        (48, "<I", 0xFFFFFFFE),
    ],
)
def test_tables_that_lie_are_refused(at, form, value):
    data = bytearray(compound(b"x"))
    struct.pack_into(form, data, at, value)
    with pytest.raises((ValueError, IndexError)):
        CompoundFile(bytes(data))
