"""Odd and damaged files: refused with sheet, cell and reason, or read right; never guessed."""

from __future__ import annotations

import contextlib
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.packet.packet import sha256
from fsdesk.domain.typed import CellError, Entry, read_cell, read_date, read_number, read_text
from fsdesk.packets.meta import read_directives, read_meta
from fsdesk.packets.reader import read_packet
from fsdesk.packets.writer import write_packet
from tests.packets.test_round_trip import PLAN, blank

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "packets"
# Cells carry dates without a time zone.
NEW_YEAR = datetime.fromisoformat("2026-01-01T00:00:00")
MORNING = datetime.fromisoformat("2026-03-05T08:00:00")


@pytest.fixture
def packet(tmp_path):
    file = tmp_path / "p.xlsx"
    write_packet(file, blank(), PLAN)
    return file


def problems(file):
    with pytest.raises(InputRejectedError) as refused:
        read_packet(file)
    return refused.value.findings


def edit(file, sheet, **cells):
    book = load_workbook(file)
    for name, value in cells.items():
        book[sheet][name] = value
    book.save(file)


def rewrite(file, change):
    """Change the parts of the zip file."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "words"),
    [
        ("指标", "G4", "很多", "“本期数”填的是“很多”"),
        ("指标", "G4", "1.234,5", "应为数字"),
        ("指标", "G4", date(2026, 3, 5), "不能是日期"),
        ("指标", "G4", "=A1/0", "公式没有保存计算结果"),
        ("指标", "G4", "#DIV/0!", "错误值"),
        ("指标", "J4", "也许", "应为“是”"),
        ("进展", "F4", "差不多", "未启动、进行中、已完成"),
        ("事项", "F4", "26-3-5", "应为日期"),
        ("事项", "F4", "2026-02-30", "日期不存在"),
        ("指标", "A4", "I99-9", "不在本单位"),
        ("指标", "A5", "I01-1", "出现了两次"),
        ("指标", "A4", None, None),
        ("指标", "G3", "数", "缺少或重复的列：本期数"),
        ("指标", "A3", "代码", "找不到表头"),
    ],
)
def test_a_bad_cell_is_named(packet, sheet, cell, value, words):
    if words is None:
        edit(packet, sheet, A4=None, G4=5)
        words, cell = "没有编码", "G4"
    else:
        edit(packet, sheet, **{cell: value})
    found = problems(packet)[0]
    assert words in found.message
    assert found.place.sheet == sheet
    assert found.place.file == "p.xlsx"
    if "表头" not in words and "列" not in words:
        assert found.place.cell == cell
    assert found.remedy or "下拉" in found.message


def test_every_bad_cell_is_named_at_once(packet):
    edit(packet, "指标", G4="x", G5="y")
    edit(packet, "进展", F4="z")
    assert len(problems(packet)) == 3


def test_blank_rows_and_white_space_are_passed_over(packet):
    edit(packet, "指标", G40="  ", B50="说明文字")
    assert read_packet(packet).filled == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"\x89PNG\r\n", "PNG"),
        (b"%PDF-1.7", "PDF"),
        (b"hello world", "不是 Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "损坏"),
        (b"\xef\xbb\xbf<html><table>", "网页"),
        (b"PK\x03\x04broken", "损坏"),
    ],
)
def test_what_is_no_workbook_is_named(tmp_path, content, words):
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    assert words in problems(file)[0].message


def test_a_file_cut_short_is_refused(packet):
    packet.write_bytes(packet.read_bytes()[:-2000])
    assert "损坏" in problems(packet)[0].message


def test_a_workbook_that_is_no_packet_is_refused(tmp_path):
    Workbook().save(tmp_path / "x.xlsx")
    assert "缺少工作表" in problems(tmp_path / "x.xlsx")[0].message


def test_a_missing_file_is_refused(tmp_path):
    assert "不存在" in problems(tmp_path / "missing.xlsx")[0].message


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("xl/vbaProject.bin", b"x", "宏"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "链接"),
        ("xl/worksheets/sheet2.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "损坏"),
        ("xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row>", "损坏"),
        ("xl/workbook.xml", b"<!DOCTYPE a><workbook/>", "损坏"),
        ("docProps/core.xml", b"<!DOCTYPE a><a/>", "损坏"),
        ("big.bin", bytes(201 * 2**20), "过大"),
    ],
)
def test_hostile_parts_are_refused(packet, name, data, words):
    rewrite(packet, lambda parts: parts.update({name: data}))
    assert words in problems(packet)[0].message


def test_a_stray_cell_far_out_does_not_end_the_program(packet):
    edit(packet, "指标", XFD20001=1)
    found = problems(packet)[0]
    assert "范围过大" in found.message
    assert found.place.cell == "XFD20001"


def test_other_archives_are_named(tmp_path):
    for inside, words in (("word/document.xml", "Word"), ("content.xml", "损坏"), ("a", "压缩包")):
        file = tmp_path / f"{words}.xlsx"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(inside, "x")
        assert words in problems(file)[0].message


def meta_cell(name, value):
    def change(file):
        book = load_workbook(file)
        row = next(r for r in book["_fsdesk"].iter_rows() if r[0].value == name)
        row[1].value = value
        book.save(file)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (meta_cell("format_version", "2"), "请升级"),
        (meta_cell("kind", "OTHER"), "请升级"),
        (meta_cell("created_at", "yesterday"), "登记信息已损坏"),
        (meta_cell("created_at", "2026-01-01T00:00:00"), "登记信息已损坏"),
        (meta_cell("row", "nothing"), "请升级"),
    ],
)
def test_damaged_hidden_facts_are_refused(packet, change, words):
    change(packet)
    assert words in str(problems(packet)[0])


WORDS = re.compile(
    '"(?:kind|role|state|aggregation|operator|rule|cycle|type|action|span|check)":"([^"]+)"'
)


def test_no_word_of_a_later_program_is_called_damage():
    book = load_workbook(GOLDEN / "v1" / "feedback.xlsx")
    meta = read_meta([[cell.value for cell in row] for row in book["_fsdesk"].iter_rows()], "p")
    text = "".join(row[0].value[1:-1] for row in book["_plan"].iter_rows())
    words = {match[0]: match[1] for match in WORDS.finditer(text)}
    assert len(words) > 20
    for told, word in words.items():
        later = text.replace(told, told.replace(f'"{word}"', '"nameless"'), 1)
        with pytest.raises(InputRejectedError) as refused:
            read_directives([(f"|{later}|",)], replace(meta, directives=sha256(later)), "p")
        found = str(refused.value.findings[0])
        assert "请升级" in found, told
        assert "nameless" in found, told
    with pytest.raises(InputRejectedError, match="已损坏"):
        read_directives([(f"|{later}|",)], meta, "p")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("１９００", 1900), ("1,900", 1900), ("1900批次", 1900), (" 1900 ", 1900), ("0", 0),
        (1900, 1900), (3.5, 3.5), ("", None), (None, None), ("３，０００ 批次", 3000), ("-5", -5),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(typed, number):
    assert read_number(typed, "批次") == number


@pytest.mark.parametrize(
    "typed",
    ["abc", "1 900家", "1.2.3", "1,90", "30%", "约30", True, NEW_YEAR, float("nan")],
)
def test_what_is_no_clear_number_is_refused(typed):
    with pytest.raises(CellError):
        read_number(typed, "批次")


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-05", "2026/3/5", "2026年3月5日", "2026.3.5", "20260305", 46086, 46086.75, 20260305,
        date(2026, 3, 5), MORNING, "２０２６年３月５日",
    ],
)  # fmt: skip
def test_dates_as_people_type_them(typed):
    assert read_date(typed) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "typed", ["3.5", "26-03-05", "2026-13-01", "soon", 5, True, -1.5, 10.0**300]
)
def test_what_is_no_clear_date_is_refused(typed):
    with pytest.raises(CellError):
        read_date(typed)


@pytest.mark.parametrize(
    ("typed", "text"),
    [(5.0, "5"), (True, "是"), (None, ""), (2.5, "2.5"), (MORNING, "2026-03-05 08:00")],
)
def test_texts_as_people_type_them(typed, text):
    assert read_text(typed) == text


@given(st.integers(0, 10**12))
def test_every_whole_number_is_read_however_it_is_written(number):
    assert read_number(f"{number:,}") == number
    assert read_number(str(number)) == number


@given(st.text(max_size=12), st.sampled_from(Entry))
def test_any_text_is_read_or_refused_but_never_breaks(text, entry):
    with contextlib.suppress(CellError):
        read_cell(entry, text, "批次")


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A1"), (3, 25, "Z4"), (9, 26, "AA10"), (0, 701, "ZZ1")]
)
def test_cell_names(row, column, name):
    assert cell_name(row, column) == name
