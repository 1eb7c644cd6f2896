from __future__ import annotations

from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.output.arrangement import PLAIN, Arrangement
from fsdesk.domain.output.pages import PaperSize
from fsdesk.services.ledger import ledgers
from fsdesk.services.output import layouts, reporting
from tests.workspaces import MARCH

UPRIGHT = Arrangement(columns=("编码", "任务"), size=PaperSize.A3, landscape=False)


def test_a_layout_is_kept_under_its_name_for_its_table_alone(office):
    layouts.save(office, "tasks", " 给领导 ", UPRIGHT)
    kept = layouts.named(office, "tasks", "给领导")
    assert (kept.columns, kept.size, kept.landscape) == (("编码", "任务"), PaperSize.A3, False)
    assert layouts.saved(office, "units") == ()
    assert layouts.named(office, "tasks", "") is PLAIN


def test_a_layout_of_the_same_name_takes_the_place_of_the_old_one(office):
    layouts.save(office, "tasks", "给领导", UPRIGHT)
    layouts.save(office, "tasks", "给领导", PLAIN)
    (kept,) = layouts.saved(office, "tasks")
    assert kept.columns == ()
    layouts.remove(office, "tasks", "给领导")
    assert layouts.saved(office, "tasks") == ()


@pytest.mark.parametrize("name", ["", "  ", "长" * 31])
def test_a_layout_needs_a_name_that_fits(office, name):
    with pytest.raises(InputRejectedError, match="1 至 30"):
        layouts.save(office, "tasks", name, PLAIN)


def test_an_unknown_name_says_which_there_are(office):
    with pytest.raises(InputRejectedError, match="还没有保存过"):
        layouts.named(office, "tasks", "给领导")
    layouts.save(office, "tasks", "甲", PLAIN)
    with pytest.raises(InputRejectedError, match="已保存的版式：甲"):
        layouts.remove(office, "tasks", "给领导")


def test_sheets_have_the_chosen_columns_on_the_chosen_paper(office):
    sheets = reporting.table_sheets(office, "breakdown", MARCH, UPRIGHT)
    page = sheets.pages[0]
    assert round(page.width) == round(297 * 72 / 25.4)
    words = {item.text for item in page.items if hasattr(item, "text")}
    assert {"编码", "任务"} <= words
    assert "工作要求" not in words
    assert "工作要求" in sheets.columns


TABLES = ("tasks", "indicators", "units", "reports", "breakdown")


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
def test_every_table_is_written_in_both_forms(office, tmp_path, kind, ending):
    file = tmp_path / f"表.{ending}"
    assert reporting.write_table(office, kind, MARCH, file) >= 1
    assert file.stat().st_size > 2000


# The rows of a ledger on paper


@pytest.fixture
def complaints(office):
    values = {"编号": "T1", "来源": "12345", "投诉人": "王某", "联系电话": "13800000000"}
    ledgers.save_rows(office, [LedgerEntry("", "complaint", "scj", values)])
    return office


def words_of(sheets):
    return {item.text for page in sheets.pages for item in page.items if hasattr(item, "text")}


def test_the_rows_of_a_ledger_are_printed_without_what_names_citizens(complaints):
    sheets = reporting.table_sheets(complaints, reporting.LEDGER, MARCH, PLAIN, "complaint")
    words = words_of(sheets)
    assert {"T1", "12345", "区市场监管局"} <= words
    assert not words & {"王某", "13800000000"}
    assert any("投诉人、联系电话" in text for text in words)


def test_a_ledger_must_be_named_and_known(office):
    with pytest.raises(InputRejectedError, match="没有台账"):
        reporting.table_sheets(office, reporting.LEDGER, MARCH, PLAIN, "没有的")


def test_too_many_rows_for_paper_are_sent_to_a_workbook(complaints, monkeypatch):
    monkeypatch.setattr(reporting, "MOST_ROWS", 0)
    with pytest.raises(InputRejectedError, match="不宜打印"):
        reporting.table_sheets(complaints, reporting.LEDGER, MARCH, PLAIN, "complaint")


def test_cells_of_a_ledger_keep_their_kind_in_the_workbook(office, tmp_path):
    values = {
        "主体": "甲企业", "督导日期": date(2026, 3, 5), "发现问题数": 3.0, "已整改数": 2.0,
        "分级": "A",
    }  # fmt: skip
    ledgers.save_rows(office, [LedgerEntry("", "inspection", "scj", values)])
    file = tmp_path / "t.xlsx"
    reporting.write_table(office, reporting.LEDGER, MARCH, file, PLAIN, "包保督导")
    rows = list(load_workbook(file).active.iter_rows(values_only=True))
    row = next(row for row in rows if "甲企业" in row)
    assert {3, 2, "A", "区市场监管局"} <= set(row)
    assert [cell.date() for cell in row if isinstance(cell, datetime)] == [date(2026, 3, 5)]


def test_tables_and_endings_that_there_are_not_are_refused(office, tmp_path):
    with pytest.raises(InputRejectedError, match="没有名为“pie”的表"):
        reporting.table_sheets(office, "pie", MARCH)
    with pytest.raises(InputRejectedError, match="格式"):
        reporting.write_table(office, "tasks", MARCH, tmp_path / "a.doc")
    (tmp_path / "file").touch()
    with pytest.raises(InputRejectedError, match="不能写入文件夹"):
        reporting.write_chart(office, "units", MARCH, tmp_path / "file" / "a.png")


def test_a_layout_keeps_its_columns_when_figures_have_got_better_names(office, tmp_path):
    before = Arrangement(columns=("编码", "任务", "进度", "序时"))
    layouts.save(office, "tasks", "例会", before)
    kept = layouts.named(office, "tasks", "例会")
    assert kept.columns == ("编码", "任务", "任务进度", "序时进度")
    assert reporting.write_table(office, "tasks", MARCH, tmp_path / "表.pdf", kept)
