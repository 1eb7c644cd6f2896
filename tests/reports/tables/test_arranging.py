from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.output.arrangement import PLAIN, Arrangement, from_plain, to_plain
from fsdesk.domain.output.head import PaperHead
from fsdesk.domain.output.pages import Align, PaperSize
from fsdesk.reports.paper.table import Cell, Table, TableColumn
from fsdesk.reports.tables.arranging import arranged, column_titles, with_even_decimals
from fsdesk.reports.tables.spreadsheet import write_xlsx
from fsdesk.reports.tables.standing import indicator_table, progress_table
from fsdesk.reports.tables.task_breakdown import breakdown_table
from tests.reports.conftest import make_plan

HEAD = PaperHead("区食药安办", date(2026, 7, 3))
DAY = "2026年7月3日"


def test_columns_come_in_the_chosen_order_with_their_cells(status):
    table = indicator_table(status, HEAD)
    shown = arranged(table, Arrangement(columns=("指标", "完成率", "编码")), DAY)
    assert [column.title for column in shown.columns] == ["指标", "完成率", "编码"]
    assert [cell.text for cell in shown.rows[0]] == ["食品监督抽检批次", "34.2%", "I02-1"]
    assert shown.rows[0][1].number == status.indicators[0].attainment


def test_without_a_choice_the_table_stays_as_it_is(status):
    table = indicator_table(status, HEAD)
    assert arranged(table, PLAIN, DAY) == table


def test_the_numbers_of_a_column_have_one_number_of_decimals_but_where_units_differ():
    columns = (TableColumn("总分", 6, Align.RIGHT), TableColumn("完成", 6, Align.RIGHT, mixed=True))
    texts = [("100", "1900"), ("99.05", "30.5"), ("未报", "—"), ("99", "7")]
    table = Table("表", columns, tuple(tuple(Cell(text, 1.0) for text in row) for row in texts))
    shown = with_even_decimals(table)
    assert [row[0].text for row in shown.rows] == ["100.00", "99.05", "未报", "99.00"]
    assert [row[1].text for row in shown.rows] == ["1900", "30.5", "—", "7"]
    assert shown.rows[0][0].number_format == "0.00"


def test_a_table_without_rows_stays_as_it_is():
    table = Table("表", (TableColumn("总分", 6, Align.RIGHT),), ())
    assert with_even_decimals(table) == table


def test_shares_keep_their_sign():
    columns = (TableColumn("完成率", 6, Align.RIGHT),)
    table = Table("表", columns, ((Cell("100%", 1.0, "0%"),), (Cell("94.1%", 0.941, "0.0%"),)))
    shown = with_even_decimals(table)
    assert [row[0].text for row in shown.rows] == ["100.0%", "94.1%"]
    assert [row[0].number_format for row in shown.rows] == ["0.0%", "0.0%"]


@pytest.mark.parametrize(
    ("columns", "words"), [(("没有的",), "没有“没有的”"), (("编码", "编码"), "不能选两次")]
)
def test_columns_that_cannot_be_are_refused(status, columns, words):
    with pytest.raises(InputRejectedError, match=words):
        arranged(indicator_table(status, HEAD), Arrangement(columns=columns), DAY)


def test_columns_of_the_same_title_are_told_apart_by_their_group():
    columns = (TableColumn("批次", 5, group="上期"), TableColumn("批次", 5, group="本期"))
    table = Table("表", columns, ((Cell("1"), Cell("2")),))
    assert column_titles(table) == ("上期·批次", "本期·批次")
    assert arranged(table, Arrangement(columns=("本期·批次",)), DAY).rows == ((Cell("2"),),)


def test_the_closing_line_names_who_has_made_and_examined_it(status):
    named = Arrangement(preparer="张三", reviewer="李四")
    shown = arranged(progress_table(status, {}, HEAD), named, DAY)
    assert shown.footer == ("制表：张三", "审核：李四", f"日期：{DAY}")


def test_a_layout_survives_being_stored():
    wanted = Arrangement("月报", ("编码", "任务"), PaperSize.A3, False, True, "张三", "李四")
    assert from_plain(to_plain(wanted)) == wanted
    assert from_plain({}) == PLAIN


def test_sections_on_their_own_pages_are_page_breaks_in_the_workbook(status, tmp_path):
    table = replace(progress_table(status, {}, HEAD), section_pages=True)
    write_xlsx(tmp_path / "a.xlsx", table)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    # Two rows of the first section after title, subtitle, what it rests on, and header.
    assert [each.id for each in sheet.row_breaks.brk] == [6]


def test_the_breakdown_says_what_is_asked_by_when_and_of_whom():
    plan = make_plan()
    table = breakdown_table(plan, HEAD)
    titles = [column.title for column in table.columns]
    rows = {row[2].text: dict(zip(titles, row, strict=True)) for row in table.rows}
    assert list(rows) == [task.code for task in plan.tasks]
    assert rows["T01-1"]["事项及时限"].text == "印发工作制度（2026年3月31日前完成）"
    assert rows["T01-1"]["指标及目标"].text == "—"
    sampling = rows["T02-1"]
    assert sampling["指标及目标"].text == "食品监督抽检批次≥1900批次\n学校食堂A级比例≥30%"
    assert sampling["责任（牵头）单位"].text == "区市场监管局"
    assert sampling["配合单位"].text == "区农业农村局"
    assert rows["T03-1"]["责任（牵头）单位"].text == "各街道"
