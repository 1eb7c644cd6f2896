from __future__ import annotations

import csv
from datetime import date

import openpyxl
import pytest

from fsdesk.domain.output.head import PaperHead
from fsdesk.domain.output.pages import Paper, PaperSize
from fsdesk.reports.paper.table import Cell, Table, TableColumn, day_cell
from fsdesk.reports.tables.spreadsheet import REPEATED, write_xlsx
from fsdesk.reports.tables.standing import indicator_table, progress_table
from tests.office import write_again

HEAD = PaperHead("区食药安办", date(2026, 7, 3))


def read(path):
    return openpyxl.load_workbook(path).worksheets[0]


def test_numbers_stay_numbers_with_their_format(status, tmp_path):
    write_xlsx(tmp_path / "a.xlsx", indicator_table(status, HEAD))
    sheet = read(tmp_path / "a.xlsx")
    row = next(row for row in sheet.iter_rows() if row[1].value == "I02-1")
    assert row[5].value == 650
    assert row[5].number_format == "0"
    assert row[7].value == pytest.approx(650 / 1900)
    assert row[7].number_format == "0.0%"
    assert row[4].number_format == '"≥"0'


def test_print_setup_repeats_the_header_and_fits_the_width(status, tmp_path):
    write_xlsx(tmp_path / "a.xlsx", indicator_table(status, HEAD), Paper(PaperSize.A3))
    sheet = read(tmp_path / "a.xlsx")
    assert sheet.print_title_rows == "$1:$5"
    assert sheet.freeze_panes == "D6"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"


def test_every_row_says_its_section_so_that_filters_and_later_pages_keep_it(status, tmp_path):
    table = progress_table(status, {}, HEAD)
    write_xlsx(tmp_path / "a.xlsx", table)
    sheet = read(tmp_path / "a.xlsx")
    assert [sheet.cell(5 + n, 1).value for n in range(len(table.rows))] == [
        row[0].text for row in table.rows
    ]
    assert sheet["A6"].font.color.rgb == f"FF{REPEATED[1:]}"  # paler than where it begins
    assert sheet["A5"].font.color.rgb == "FF000000"
    assert sheet.auto_filter.ref == f"A4:J{4 + len(table.rows)}"
    assert sheet.freeze_panes == "E5"  # 编码 and 任务 stay in view
    assert sheet["F5"].alignment.wrap_text
    assert not sheet["A6"].alignment.wrap_text  # nor is it higher than its row


def test_days_are_days_that_can_be_sorted_and_filtered(tmp_path):
    table = Table("表", (TableColumn("日期", 9),), ((day_cell(date(2026, 3, 5)),),), name="台账")
    write_xlsx(tmp_path / "a.xlsx", table)
    sheet = read(tmp_path / "a.xlsx")
    assert sheet.title == "台账"
    assert (sheet["A3"].value.date(), sheet["A3"].number_format) == (date(2026, 3, 5), "yyyy-mm-dd")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@sum"])
def test_what_looks_like_a_formula_stays_text(text, tmp_path):
    write_xlsx(tmp_path / "a.xlsx", Table("表", (TableColumn("列", 9),), ((Cell(text),),)))
    cell = read(tmp_path / "a.xlsx")["A3"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert cell.quotePrefix


def test_characters_that_a_workbook_cannot_hold_are_left_out(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", Table("表[1]", (TableColumn("列", 9),), ((Cell("甲\x00乙"),),)))
    assert read(tmp_path / "a.xlsx")["A3"].value == "甲乙"


@pytest.mark.foreign("soffice")
def test_libreoffice_opens_it(status, tmp_path):
    write_xlsx(tmp_path / "a.xlsx", indicator_table(status, HEAD))
    as_utf8 = "csv:Text - txt - csv (StarCalc):44,34,76"
    write_again(as_utf8, tmp_path, tmp_path / "a.xlsx")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = {row[1]: row for row in csv.reader(file)}
    assert rows["I02-1"][4:9] == ["≥1900", "650", "—", "34.2%", "50.0%"]
