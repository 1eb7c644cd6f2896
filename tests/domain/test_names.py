"""Names of files and sheets from whatever was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from fsdesk.domain.names import LONGEST_SHEET, file_name, sheet_name, shown_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("进展表.xlsx", "进展表.xlsx"),
        ("甲/乙.xlsx", "甲_乙.xlsx"),
        ("..\\..\\a", "_._a"),
        ("CON", "_CON"),
        ("con.xlsx", "_con.xlsx"),
        ("CON .xlsx", "_CON.xlsx"),
        ("nul .tar.gz", "_nul .tar.gz"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.xlsx", "console.xlsx"),
        ("名. ", "名"),
        ("a\x00\n\u202eb.pdf", "ab.pdf"),
        ("\ud800.pdf", "pdf"),
        ("", "未命名"),
        (" .", "未命名"),
        ("3.5版本说明，第一次会议纪要和附件清单", "3.5版本说明，第一次会议纪要和附件清单"),
    ],
)
def test_a_file_name_is_one_for_every_system(typed, name):
    assert file_name(typed) == name


def test_a_long_name_is_cut_before_its_ending():
    name = file_name(f"{'长' * 300}.xlsx")
    assert name.endswith("长.xlsx")
    assert len(name.encode()) <= 240
    assert len(file_name(f"{'a' * 300}.pdf")) == 120


def test_a_taken_name_is_numbered_whatever_its_capitals():
    assert file_name("A.pdf", ["a.PDF"]) == "A（2）.pdf"
    assert file_name("a.pdf", ["a.pdf", "a（2）.pdf"]) == "a（3）.pdf"
    long = file_name("长" * 300)
    assert len(file_name("长" * 300, [long]).encode()) <= 255


def test_a_name_is_kept_without_what_nobody_sees():
    assert shown_name(" 甲\u202e\x00局\n ") == "甲局"
    assert shown_name("\u200b") == ""
    assert shown_name("区发改局(农业农村局)") == "区发改局(农业农村局)"


@given(st.text(max_size=400), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_gives_a_name_that_can_be_written(typed, taken):
    name = file_name(typed, taken)
    assert 0 < len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*')
    assert name.strip(" .") == name
    assert name.casefold() not in {each.casefold() for each in taken}


@pytest.mark.parametrize(
    ("typed", "taken", "name"),
    [
        ("企业名录", (), "企业名录"),
        ("[甲]:*?/\\乙", (), "甲乙"),
        ("'引'", (), "引"),
        ("进展", ("进展", "指标"), "进展（2）"),
        ("History", (), "History（2）"),
        ("", (), "表"),
    ],
)
def test_a_sheet_name_is_one_for_every_program(typed, taken, name):
    assert sheet_name(typed, taken) == name


@given(st.text(max_size=80))
def test_any_text_gives_a_sheet_that_can_be_made(typed):
    name = sheet_name(typed, ["表"])
    assert len(name.encode("utf-16-le")) <= 2 * LONGEST_SHEET
    assert Workbook().create_sheet(name).title == name
