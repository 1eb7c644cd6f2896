"""导入: a foreign list is mapped, looked at, taken, and taken back."""

from __future__ import annotations

import pytest
from openpyxl import Workbook, load_workbook

from fsdesk.services.ledger import ledgers
from ui.pages.ledger.ledger import LedgerPage

ROWS = [
    ["条码", "结果代码", "种类", "采样日期"],
    ["A1", "Q", "药品", "2026-03-05"],
    ["A2", "N", "玩具", "2026-03-06"],
    ["A3", "Q", "药品", "26.3.5"],
]


def book(path, rows):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def stored(workspace):
    return {e.values["抽样编号"]: dict(e.values) for e in ledgers.page(workspace, "sampling")}


@pytest.fixture
def page(page_test, unit):
    test = page_test(unit)
    found = test.show(LedgerPage(test.desk))
    found.test = test
    return found


def settle(page):
    page.test.settle()
    page.test.qtbot.waitUntil(lambda: page.panel.steps.idle and not page.test.runner.busy)


def begin(page, monkeypatch, file):
    monkeypatch.setattr(page.test.files, "open_one", lambda *_: file)
    page._import()
    settle(page)
    return page.importing


def pick(page, choice, value):
    choice.set_value(value)
    choice.chosen.emit(value)
    settle(page)


def test_a_list_with_odd_headers_is_mapped_taken_and_undone(page, unit, tmp_path, monkeypatch):
    importing = begin(page, monkeypatch, book(tmp_path / "list.xlsx", ROWS))
    assert page.stack.currentWidget() is importing
    assert "抽样编号" in importing.problem.text()
    assert not importing.take.isEnabled()
    assert importing.columns["采样日期"].value == "抽样日期"
    assert importing.columns["条码"].value == ""
    pick(page, importing.columns["条码"], "抽样编号")
    pick(page, importing.columns["种类"], "类别")
    pick(page, importing.columns["结果代码"], "检验结论")
    assert set(importing.words) == {("检验结论", "N"), ("检验结论", "Q"), ("类别", "玩具")}
    pick(page, importing.words["检验结论", "Q"], "合格")
    pick(page, importing.words["检验结论", "N"], "不合格")
    assert "将新增 1 行" in importing.counts.text()
    assert "不能导入 2 行" in importing.counts.text()
    assert [row.row for row in importing.rejected.rows] == [3, 4]
    importing.take.click()
    settle(page)
    assert stored(unit)["A1"]["检验结论"] == "合格"
    assert page.stack.currentWidget() is page.panel
    assert "新增 1 行，更新 0 行，未变 0 行，未导入 2 行" in page.test.told.warnings[0]
    assert page.panel.model.stored == 1
    page.panel.undo.click()
    settle(page)
    assert stored(unit) == {}


def test_what_was_chosen_for_a_file_is_there_after_a_kill(
    page, unit, tmp_path, monkeypatch, page_test
):
    file = book(tmp_path / "list.xlsx", ROWS)
    importing = begin(page, monkeypatch, file)
    pick(page, importing.columns["条码"], "抽样编号")
    pick(page, importing.columns["种类"], "类别")
    assert page.test.desk.drafts.may_leave()

    test = page_test(unit)
    again = test.show(LedgerPage(test.desk))
    again.test = test
    importing = begin(again, monkeypatch, file)
    settle(again)
    assert importing.columns["条码"].value == "抽样编号"
    assert importing.columns["种类"].value == "类别"
    importing.take.click()
    settle(again)
    assert set(stored(unit)) == {"A1"}
    assert not test.desk.drafts.under("quiet/ledger")


def test_the_next_list_of_this_form_needs_no_questions(page, unit, tmp_path, monkeypatch):
    importing = begin(page, monkeypatch, book(tmp_path / "list.xlsx", [ROWS[0][:2], ["A1", "Q"]]))
    pick(page, importing.columns["条码"], "抽样编号")
    pick(page, importing.columns["结果代码"], "检验结论")
    pick(page, importing.words["检验结论", "Q"], "合格")
    importing.take.click()
    settle(page)
    importing = begin(page, monkeypatch, book(tmp_path / "b.xlsx", [ROWS[0][:2], ["A2", "Q"]]))
    assert importing.columns["条码"].value == "抽样编号"
    assert importing.take.isEnabled()
    importing.take.click()
    settle(page)
    assert "新增 1 行" in page.test.told.news[-1]
    assert stored(unit)["A2"]["检验结论"] == "合格"


def test_a_column_that_two_headers_name_is_given_to_the_chosen_one(
    page, unit, tmp_path, monkeypatch
):
    rows = [["抽样编号", "抽样日期(计划)", "抽样日期(实际)"], ["A1", "2026-03-01", "2026-03-05"]]
    importing = begin(page, monkeypatch, book(tmp_path / "list.xlsx", rows))
    assert "抽样日期" in importing.problem.text()
    pick(page, importing.columns["抽样日期(实际)"], "抽样日期")
    assert importing.columns["抽样日期(计划)"].value == ""
    importing.take.click()
    settle(page)
    assert str(stored(unit)["A1"]["抽样日期"]) == "2026-03-05"


def test_rejected_rows_are_saved_with_their_reasons(page, tmp_path, monkeypatch):
    rows = [["抽样编号", "类别"], ["A1", "玩具"], ["A2", "药品"]]
    importing = begin(page, monkeypatch, book(tmp_path / "list.xlsx", rows))
    out = tmp_path / "out.xlsx"
    monkeypatch.setattr(page.test.files, "save", lambda *_: out)
    importing.save.click()
    settle(page)
    assert [cell.value for cell in load_workbook(out).active[2]][:2] == ["A1", "玩具"]
    assert "已另存 1 行" in page.test.told.news[-1]
    importing.back.click()
    assert page.stack.currentWidget() is page.panel


def test_a_file_that_is_no_list_is_refused(page, tmp_path, monkeypatch):
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n0000")
    begin(page, monkeypatch, file)
    assert page.test.told.errors
    assert page.stack.currentWidget() is page.panel


HEAD = ["抽样编号", "类别"]


def months(path, hidden=()):
    made = Workbook()
    made.remove(made.active)
    for month in ("1月", "2月"):
        sheet = made.create_sheet(month)
        for row in (HEAD, [f"{month}A", "药品"], [f"{month}B", "药品"]):
            sheet.append(row)
        for row in hidden:
            sheet.row_dimensions[row].hidden = True
    made.save(path)
    return path


def test_sheets_of_months_and_hidden_rows_are_asked_about(page, unit, tmp_path, monkeypatch):
    importing = begin(page, monkeypatch, months(tmp_path / "list.xlsx", hidden=(3,)))
    assert "“1月”（2 行）、“2月”（2 行）" in importing.problem.text()
    assert not importing.take.isEnabled()
    pick(page, importing.sheets, "1月")
    assert "第 3 行" in importing.problem.text()
    pick(page, importing.hidden, "skip")
    assert "读取的是：工作表“1月” 1 行" in importing.counts.text()
    assert "工作表“2月”（2 行）没有读取" in importing.told.toPlainText()
    pick(page, importing.sheets, importing.sheets.itemData(1))
    pick(page, importing.hidden, "take")
    importing.take.click()
    settle(page)
    assert set(stored(unit)) == {"1月A", "1月B", "2月A", "2月B"}


def test_a_key_like_a_known_one_is_new_only_when_somebody_says_so(
    page, unit, tmp_path, monkeypatch
):
    begin(page, monkeypatch, book(tmp_path / "a.xlsx", [HEAD, ["BJ0", "药品"]])).take.click()
    settle(page)
    importing = begin(page, monkeypatch, book(tmp_path / "b.xlsx", [HEAD, ["BJO", "药品"]]))
    assert "很像" in importing.rejected.rows[0].message
    assert not importing.take.isEnabled()
    pick(page, importing.alike, "take")
    importing.take.click()
    settle(page)
    assert set(stored(unit)) == {"BJ0", "BJO"}


EXTRA = [["抽样编号", "类别", "移送", "经办人"], ["A1", "药品", "已移送公安", "张三"]]


@pytest.fixture
def at_office(page_test, office):
    test = page_test(office)
    found = test.show(LedgerPage(test.desk))
    found.test = test
    return found


def test_columns_that_the_ledger_lacks_become_columns_or_notes(
    at_office, office, tmp_path, monkeypatch
):
    importing = begin(at_office, monkeypatch, book(tmp_path / "list.xlsx", EXTRA))
    assert importing.extra.text() == "台账没有的列：移送、经办人"
    pick(at_office, importing.columns["移送"], importing.columns["移送"].itemData(1))
    assert importing.columns["移送"].currentText() == "作为新列"
    assert importing.extra.text() == "台账没有的列：经办人"
    importing.extra_note.click()
    settle(at_office)
    assert not importing.extra.isVisible()
    assert importing.columns["经办人"].currentText() == "并入备注"
    importing.take.click()
    settle(at_office)
    row = stored(office)["A1"]
    assert (row["移送"], row["备注"]) == ("已移送公安", "经办人：张三")
    titles = [column.title for column in at_office.panel.model.columns]
    assert titles[-2:] == ["移送", "备注"]
    at_office.panel.undo.click()
    settle(at_office)
    assert stored(office) == {}


def test_a_unit_is_not_offered_to_change_the_offices_ledger(page, tmp_path, monkeypatch):
    importing = begin(page, monkeypatch, book(tmp_path / "list.xlsx", EXTRA))
    assert not importing.extra.isVisible()
    choice = importing.columns["移送"]
    offered = [choice.itemText(at) for at in range(choice.count())]
    assert "作为新列" not in offered
    assert "并入备注" not in offered
    assert "“移送”这一列不是台账的列" in importing.told.toPlainText()
