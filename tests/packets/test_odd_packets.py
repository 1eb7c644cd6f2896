"""What stands in packets oddly: each is read right, or refused with sheet, cell and reason.

What clerks do to any form, and the programs that save it, is in `tests/habits`.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill

from fsdesk.domain.records.records import DataValue, Milestone, ProgressReport, Status
from fsdesk.packets.reader import read_packet
from tests.packets.odd import SAME, Refused, Taken, cells, expect, in_book, in_part, in_parts, make

VALUES, PROGRESS, DATES = "指标", "进展", "事项"
VALUES_PART = "xl/worksheets/sheet3.xml"
PROGRESS_PART = "xl/worksheets/sheet2.xml"


def value(number, note=""):
    return Taken({"I01-1": DataValue(number, note=note)})


def in_per_cents(number):
    """A figure is read in the unit that somebody typed over the form's own, and that is told."""
    told = (VALUES, "D4", "“计量单位”是表中原有的内容，这里改成了“%”")
    return Taken({"I01-1": DataValue(number)}, (told,))


def done(day):
    return Taken({"D01-1-1": Milestone(None, day)})


def told(text):
    return Taken({"T01-1": ProgressReport(text=text)})


MARCH_5 = done(date(2026, 3, 5))


def insert_blank_rows(book):
    book[VALUES].insert_rows(1, 4)
    book[VALUES].insert_rows(9, 2)
    book[VALUES].insert_cols(1, 2)
    book[VALUES]["I8"] = 5


def paste_from_another_unit(book):
    for number, content in enumerate(["T09-1", "9.要点", "别的任务", "牵头"], start=1):
        book[PROGRESS].cell(4, number, content)


def decorate(book):
    sheet = book[VALUES]
    sheet["G4"] = 5
    sheet["G4"].comment = Comment("批注里写 99", "某人")
    sheet["K4"].hyperlink = "https://example.invalid/"
    sheet["K4"].value = None
    red = PatternFill("solid", fgColor="FFFF0000")
    sheet.conditional_formatting.add("G4:G9", CellIsRule("lessThan", ["0"], fill=red))
    sheet.protection.sheet = False
    sheet.merge_cells("A1:K1")
    book["_fsdesk"].sheet_state = "visible"
    book.move_sheet(VALUES, offset=-2)
    book.create_sheet("说明", 0)["A1"] = "编码"


def remove(title):
    return in_book(lambda book: book.remove(book[title]))


def endless_time(book):
    book[VALUES]["G4"] = 1e300
    book[VALUES]["G4"].number_format = "[h]:mm"


def raw_cell(name, cell, part=VALUES_PART):
    """Return a change that puts a cell as it stands in the file in the place of another."""

    def change(parts):
        pattern = rb'<c r="%s"[^>]*?(/>|>.*?</c>)' % name.encode()
        parts[part], count = re.subn(pattern, lambda _: cell, parts[part], count=1)
        assert count == 1

    return in_parts(change)


def formula(result, kind=b""):
    return raw_cell("G4", b'<c r="G4"%s><f>SUM(A1)</f>%s</c>' % (kind, result))


RICH = (
    b'<c r="G4" t="inlineStr"><is><r><t>\xe5\xb7\xb2</t></r><r><t xml:space="preserve">'
    b'\xe9\x83\xa8\xe7\xbd\xb2 </t></r><rPh sb="0" eb="1"><t>bu</t></rPh></is></c>'
)

ODD = {
    # Where things stand.
    "rows and columns inserted": (in_book(insert_blank_rows), value(5.0)),
    "comments, links, colours, no protection, other order": (
        in_book(decorate), Taken({"I01-1": DataValue(5.0)}, (
            (VALUES, "G4", "“批注里写 99”没有读取"),
            ("说明", "", "不是表中原有的，其中有 1 行"),
            ("说明", "A1", "“编码”写在另加的工作表")))),
    "headers in full width": (cells(PROGRESS, A3="编　码"), SAME),
    "a remark beside the table": (
        cells(VALUES, M5="3月补报", L40="合计"),
        Taken({}, (
            (VALUES, "M5", "“3月补报”写在没有表头的列"),
            (VALUES, "L40", "“合计”写在没有编码的行")))),
    "a header twice": (cells(VALUES, M3="本期数"), Refused(VALUES, "A3", "重复的列：本期数")),
    "a header changed": (cells(PROGRESS, G3="进展"), Refused(PROGRESS, "A3", "列：进展情况")),
    "no headers": (cells(PROGRESS, A3=None), Refused(PROGRESS, "A1", "找不到表头“编码”")),
    "headers far below": (
        in_book(lambda book: book[VALUES].insert_rows(1, 30)),
        Refused(VALUES, "A1", "前 20 行内找不到表头")),
    "a sheet deleted": (remove(DATES), Refused("", "", "缺少工作表：事项")),
    "the hidden sheet deleted": (remove("_fsdesk"), Refused("", "", "缺少工作表：_fsdesk")),
    "a row of another unit": (
        in_book(paste_from_another_unit), Refused(PROGRESS, "A4", "“T09-1”不在本单位的进展表中")),
    "a code as a number": (cells(VALUES, A4=101), Refused(VALUES, "A4", "编码“101”不在本单位")),
    "a code deleted": (cells(VALUES, A4=None, G4=5), Refused(VALUES, "G4", "没有编码")),
    "content under the table": (cells(PROGRESS, G30="补充"), Refused(PROGRESS, "G30", "没有编码")),
    # Numbers.
    "a wrong thousands separator": (cells(VALUES, G4="19,00"), Refused(VALUES, "G4", "“19,00”")),
    "another unit behind": (cells(VALUES, G4="5家"), Refused(VALUES, "G4", "“批次”，不是“家”")),
    "per cent in a column of per cents": (
        cells(VALUES, D4="%", G4="30%"), in_per_cents(30.0)),
    "thirty in a column of per cents": (cells(VALUES, D4="%", G4=30), in_per_cents(30.0)),
    "a small share in a column of per cents": (
        cells(VALUES, D4="%", G4=0.3), Refused(VALUES, "G4", "看不出是 0.3% 还是 30%")),
    "a count per ratio is no per cent": (
        cells(VALUES, H6=1, I6=1), Taken({"I01-3": DataValue(None, 1.0, 1.0)})),
    "two numbers": (cells(VALUES, G4="12 5"), Refused(VALUES, "G4", "应为数字")),
    "a date in a number": (cells(VALUES, G4=date(2026, 3, 5)), Refused(VALUES, "G4", "不能是日期")),
    "a yes in a number": (cells(VALUES, G4=True), Refused(VALUES, "G4", "不能是日期或是非值")),
    "a formula typed as text": (cells(VALUES, G4="'=1+1"), Refused(VALUES, "G4", "应为数字")),
    # Dates.
    "a date with a point": (cells(DATES, F4="3.5"), MARCH_5),
    "a number with a point": (
        raw_cell("F4", b'<c r="F4"><v>3.5</v></c>', "xl/worksheets/sheet4.xml"), MARCH_5),
    "a number that may have lost a nought": (
        raw_cell("F4", b'<c r="F4"><v>3.1</v></c>', "xl/worksheets/sheet4.xml"),
        Refused(DATES, "F4", "看不出是 3月1日 还是 3月10日")),
    "a number in a cell that shows dates": (
        cells(DATES, F4=3.5), Refused(DATES, "F4", "年份 1900 不合理")),
    "only a month": (cells(DATES, F4="3月"), Refused(DATES, "F4", "应为日期")),
    "a span without end": (
        raw_cell("F4", b'<c r="F4"><v>1e300</v></c>', "xl/worksheets/sheet4.xml"),
        Refused(DATES, "F4", "应为日期")),
    "a time without end": (in_book(endless_time), Refused("", "", "文件读不出来")),
    # Words.
    "another word for a status": (
        cells(PROGRESS, F4="推进中"), Taken({"T01-1": ProgressReport(Status.UNDER_WAY)})),
    "no word for a status": (cells(PROGRESS, F4="90%"), Refused(PROGRESS, "F4", "应为：未启动")),
    "a date in a text": (cells(PROGRESS, G4=date(2026, 3, 5)), told("2026-03-05")),
    "a text of 32,767 characters": (cells(PROGRESS, G4="长" * 32_767), told("长" * 32_767)),
    "a text in several fonts, with its reading": (
        raw_cell("G4", RICH, PROGRESS_PART), told("已部署")),
    "line ends of another system": (
        raw_cell("G4", b'<c r="G4" t="str"><v>a_x000D_\nb</v></c>', PROGRESS_PART), told("a\nb")),
    "control characters in a text": (
        raw_cell("G4", b'<c r="G4" t="str"><v>a_x0001__x001B_b</v></c>', PROGRESS_PART),
        told("ab")),
    **{f"a text like a formula {text}": (
        raw_cell("G4", b'<c r="G4" t="str"><v>%s</v></c>' % text.encode(), PROGRESS_PART),
        told(text)) for text in ("=1+1", "+86", "-3", "@SUM(A1)", "=cmd|'/c calc'!A1")},
    # Formulas and error values.
    "a formula with its result": (formula(b"<v>5</v>"), value(5.0)),
    "a formula with a text": (formula(b"<v>1900</v>", b' t="str"'), value(1900.0)),
    "a formula without a result": (formula(b""), Refused(VALUES, "G4", "没有保存计算结果")),
    "a formula with an empty result": (
        formula(b"<v></v>", b' t="str"'), Refused(VALUES, "G4", "没有保存计算结果")),
    "a formula with an error": (
        formula(b"<v>#REF!</v>", b' t="e"'), Refused(VALUES, "G4", "错误值（如 #DIV/0!）")),
    "an error value": (cells(VALUES, G4="#N/A"), Refused(VALUES, "G4", "错误值")),
    "an error value where nothing is typed": (
        cells(VALUES, F4="#N/A"), Taken({}, ((VALUES, "F4", "单元格是错误值"),))),
    "an error value under the table": (
        cells(VALUES, G40="#N/A"), Refused(VALUES, "G40", "没有编码")),
    # The file as programs write it.
    "a dimension that says too little": (
        in_part(VALUES_PART, b'<dimension ref="A1:K9"', b'<dimension ref="A1"'), SAME),
    "a dimension that says too much": (
        in_part(VALUES_PART, b'<dimension ref="A1:K9"', b'<dimension ref="A1:XFD1048576"'), SAME),
    "no dimension": (in_part(VALUES_PART, b'<dimension ref="A1:K9"/>', b""), SAME),
    "cells and rows without names": (
        in_part(VALUES_PART, b"</sheetData>", b"<row><c><v> </v></c></row></sheetData>"), SAME),
    "a remark in the file": (
        in_part(VALUES_PART, b"</sheetData>", b"</sheetData><!-- 5 -->"), SAME),
    "styled blanks far out": (
        in_part(VALUES_PART, b"</sheetData>",
                b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'), SAME),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_it_is_read_right_or_refused_at_its_cell(tmp_path, name):
    change, expected = ODD[name]
    file = make(tmp_path)
    change(file)
    expect(file, expected)


@pytest.mark.parametrize("name", ["三月.xls", "报送 (2).XLSX", "p", "p.et", "=1+1.xlsx"])
def test_the_name_of_a_file_means_nothing(tmp_path, name):
    expect(make(tmp_path, name), SAME)


def test_a_deleted_row_is_told_and_changes_nothing(tmp_path):
    file = make(tmp_path)
    in_book(lambda book: book[VALUES].delete_rows(5))(file)
    read = read_packet(file)
    assert read.filled == ()
    assert [(f.place.sheet, f.message) for f in read.findings] == [
        (VALUES, "缺少编码为“I01-2”的行，按没有改动处理")
    ]
