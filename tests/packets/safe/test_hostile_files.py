"""Files made to harm, or harmed on the way: refused in words or read, never a crash."""

from __future__ import annotations

import contextlib
import re
import struct
import warnings
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.records import DataValue, ProgressReport
from fsdesk.packets.reader import read_packet
from fsdesk.packets.writer import write_packet
from tests.packets.test_round_trip import PLAN, blank

INDICATORS = "xl/worksheets/sheet3.xml"
META = "xl/worksheets/sheet5.xml"
FILLED = blank(I01_1=DataValue(5.0), T01_1=ProgressReport(text="已部署"))


@pytest.fixture
def packet(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, FILLED, PLAN)
    return file


def problem(file):
    with pytest.raises(InputRejectedError) as refused:
        read_packet(file)
    return refused.value.findings[0]


def parts_of(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def change(file, part, old, new):
    parts = parts_of(file)
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        (b'<row r="1048576"><c><v>1</v></c></row>', "A1048576"),
        (b'<row r="30">' + b"<c/>" * 300 + b"<c><v>1</v></c></row>", "KO30"),
        (b'<row r="20000"><c r="IV20000"><v>1</v></c></row>', "IV20000"),
        (b'<row r="20000"><c r="XFD20000" t="inlineStr"><is><t>x</t></is></c></row>', "XFD20000"),
    ],
)
def test_content_far_out_is_named_also_in_cells_without_a_name(packet, rows, cell):
    change(packet, INDICATORS, b"</sheetData>", rows + b"</sheetData>")
    found = problem(packet)
    assert "范围过大" in found.message
    assert (found.place.sheet, found.place.cell) == ("指标", cell)


def test_styled_blanks_far_out_are_harmless(packet):
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    change(packet, INDICATORS, b"</sheetData>", far)
    assert read_packet(packet).records == FILLED.records


@pytest.mark.parametrize("value", [b"<v></v>", b"<v/>", b""])
def test_a_formula_without_a_result_is_no_blank(packet, value):
    blank_cell = re.search(rb'<c r="G5"[^>]*?(/>|></c>)', parts_of(packet)[INDICATORS])
    change(packet, INDICATORS, blank_cell[0], b'<c r="G5"><f>1+1</f>' + value + b"</c>")
    found = problem(packet)
    assert "公式没有保存计算结果" in found.message
    assert (found.place.sheet, found.place.cell) == ("指标", "G5")


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/theme/theme1.xml", "[Content_Types].xml"])
def test_entities_are_refused_in_every_part(packet, part):
    parts = parts_of(packet)
    end = parts[part].index(b"?>") + 2 if parts[part].startswith(b"<?") else 0
    change(packet, part, parts[part], b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + parts[part][end:])
    assert "结构已损坏" in problem(packet).message


def test_a_part_that_swells_beyond_reason_is_refused(packet):
    with zipfile.ZipFile(packet, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(20 * 2**20))
    assert "压缩比例异常" in problem(packet).message


def test_a_part_that_lies_about_its_size_is_refused(packet):
    data = bytearray(packet.read_bytes())
    with zipfile.ZipFile(packet) as archive:
        size = archive.getinfo("xl/styles.xml").file_size
    at = data.rindex(b"xl/styles.xml")  # in the directory at the end; the size stands before it
    assert struct.unpack_from("<I", data, at - 22)[0] == size
    struct.pack_into("<I", data, at - 22, 100)
    packet.write_bytes(data)
    assert "损坏" in problem(packet).message


def test_two_parts_of_one_name_are_refused(packet):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with zipfile.ZipFile(packet, "a") as archive:
            archive.writestr(INDICATORS, b"<worksheet/>")
    assert "损坏" in problem(packet).message


def test_ten_thousand_parts_are_refused(packet):
    with zipfile.ZipFile(packet, "a") as archive:
        for number in range(2100):
            archive.writestr(f"xl/worksheets/more{number}.xml", b"<worksheet/>")
    assert "过大" in problem(packet).message


@pytest.mark.parametrize(
    ("inside", "words"), [("EncryptedPackage", "打开密码"), ("Workbook", "损坏")]
)
def test_encrypted_and_damaged_old_workbooks_are_told_apart(tmp_path, inside, words):
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(600) + inside.encode("utf-16-le"))
    found = problem(file)
    assert words in found.message
    assert found.remedy


def test_the_name_of_the_file_does_not_matter(packet):
    renamed = packet.rename(packet.with_name("三月.xls"))
    assert read_packet(renamed).records == FILLED.records


@pytest.mark.parametrize("moment", [b"soon", b"0001-01-01T00:00:00+14:00"])
def test_a_strange_moment_of_saving_is_only_not_known(packet, moment):
    saved = parts_of(packet)["docProps/core.xml"]
    start = saved.index(b">", saved.index(b"modified")) + 1
    old = saved[start : saved.index(b"<", start)]
    change(packet, "docProps/core.xml", b">" + old + b"</dcterms:modified", b">" + moment
           + b"</dcterms:modified")  # fmt: skip
    assert read_packet(packet).records == FILLED.records


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.data())
def test_a_damaged_file_is_refused_or_says_the_same(packet, data):
    write_packet(packet, FILLED, PLAN)
    parts = parts_of(packet)
    name = data.draw(st.sampled_from(sorted(parts)))
    part = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(part) - 1))
        part[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    parts[name] = bytes(part)
    with zipfile.ZipFile(packet, "w") as archive:
        for other, content in parts.items():
            archive.writestr(other, content)
    with contextlib.suppress(InputRejectedError):
        read = read_packet(packet)
        assert read.hand_edited or read.filled == FILLED.filled or name == META
