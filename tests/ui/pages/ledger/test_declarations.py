"""台账设置: the office makes and edits a ledger with the mouse and sees it in the grid."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.ledger.formulas import DaySpan, LedgerMeasure, RowOperation
from fsdesk.domain.ledger.ledger import ColumnType, LedgerEntry
from fsdesk.services.ledger import ledgers
from fsdesk.services.plan import planning
from ui.pages.ledger.ledger import LedgerPage

TITLE, TYPE, CHOICES, KEY, PERSONAL, USED = range(6)


@pytest.fixture
def page(page_test, office):
    with office.writing() as writing:
        plain = [replace(each, feeds=()) for each, _ in planning.ledgers(office)]
        ledgers.ledgers.save_ledgers(writing, plain)
    test = page_test(office)
    found = test.show(LedgerPage(test.desk))
    found.test = test
    return found


def settle(page):
    page.test.settle()
    page.test.qtbot.waitUntil(lambda: page.panel.steps.idle and not page.test.runner.busy)


def fill(table, row, title, kind=ColumnType.TEXT, choices=""):
    table.item(row, TITLE).setText(title)
    table.kinds[row].set_value(kind)
    table.item(row, CHOICES).setText(choices)


def open_declaration(page, code=""):
    page._select(code or "sampling")
    settle(page)
    page.edit_declaration(new=not code)
    settle(page)
    return page.declaring


def test_a_ledger_is_made_with_columns_and_a_formula(page, office):
    editor = open_declaration(page)
    assert not page.buttons[0].isVisible()
    editor.name.setText("三小行业")
    fill(editor.columns, 0, "名称")
    for at, (title, kind, choices) in enumerate(
        [
            ("类型", ColumnType.CHOICE, "小作坊、小餐饮"),
            ("登记日期", ColumnType.DATE, ""),
            ("负责人", ColumnType.TEXT, ""),
        ],
        start=1,
    ):
        editor._add()
        fill(editor.columns, at, title, kind, choices)
    editor.columns.item(3, PERSONAL).setCheckState(Qt.CheckState.Checked)
    editor._offer(None)
    editor.form.indicator.set_value("I01-1")
    row = editor.form.above.conditions[0]
    row.column.set_value("类型")
    row.values.setText("小餐饮")
    editor.form.above.day.set_value("登记日期")
    editor.form.above.span.set_value(DaySpan.UNTIL)
    editor.form.counts.setChecked(True)
    editor._put_feed(new=True)
    editor.save.click()
    settle(page)
    assert page.test.told.errors == []
    made = ledgers.find_ledger(office, "三小行业")
    assert made.key == ("名称",)
    assert [c.type for c in made.columns][1:3] == [ColumnType.CHOICE, ColumnType.DATE]
    assert made.column("负责人").personal
    (feed,) = made.feeds
    assert feed.counts
    where = (Condition("类型", CellCheck.IS, ("小餐饮",)),)
    assert feed.numerator == LedgerMeasure(RowOperation.COUNT, "", where, "登记日期", DaySpan.UNTIL)
    assert page.stack.currentWidget() is page.panel
    assert page.panel.ledger == made
    assert "重新下发计划" in page.test.told.news[-1]


def test_columns_and_a_formula_half_filled_in_outlive_leaving_and_a_kill(page, office, page_test):
    editor = open_declaration(page, "sampling")
    count = editor.columns.rowCount()
    editor.name.setText("监督抽检（全区）")
    editor._add()
    editor.columns.item(count, TITLE).setText("经办人")
    editor.form.above.conditions[0].values.setText("不合格")
    editor.closed.emit()
    again = open_declaration(page, "canteen")
    assert again.name.text() == "食堂"
    again = open_declaration(page, "sampling")
    assert again.columns.rowCount() == count + 1
    assert page.test.desk.drafts.may_leave()

    other = page_test(office)
    killed = other.show(LedgerPage(other.desk))
    killed.test = other
    found = open_declaration(killed, "sampling")
    assert found.name.text() == "监督抽检（全区）"
    assert found.columns.item(count, TITLE).text() == "经办人"
    assert found.form.above.conditions[0].values.text() == "不合格"
    found.save.click()
    settle(killed)
    assert ledgers.find_ledger(office, "sampling").columns[-1].title == "经办人"
    assert not other.desk.drafts.waits("ledger/declaring/sampling/columns")
    open_declaration(killed, "sampling").kept.give_up()
    assert not other.desk.drafts.waits("ledger/declaring/sampling/name")


def test_what_is_wrong_is_told_and_stays_as_filled_in(page, office):
    editor = open_declaration(page)
    editor.name.setText("食堂")
    editor.save.click()
    settle(page)
    assert "已有名为“食堂”的台账" in str(page.test.told.errors[0])
    assert editor.name.text() == "食堂"
    assert page.stack.currentWidget() is editor


def test_a_column_with_data_is_retired_and_comes_back(page, office):
    values = {"案号": "1", "罚没金额": 5.0}
    ledgers.save_rows(office, [LedgerEntry("", "enforcement", "scj", values)])
    editor = open_declaration(page, "enforcement")
    titles = [column.title for column, _, _ in editor.columns.read()]
    money = titles.index("罚没金额")
    assert editor.columns.item(money, USED).text() == "1 行"
    assert not editor.columns.item(money, TITLE).flags() & Qt.ItemFlag.ItemIsEditable
    editor.columns.setCurrentCell(0, TITLE)
    editor._retire()
    assert "识别列不能停用" in page.test.told.warnings[0]
    editor.columns.setCurrentCell(money, TITLE)
    editor._move(-1)
    editor._retire()
    assert "数据保留" in page.test.told.news[-1]
    editor.save.click()
    settle(page)
    assert ledgers.find_ledger(office, "enforcement").column("罚没金额") is None
    editor = open_declaration(page, "enforcement")
    assert "罚没金额（1 行）" in editor.retired.text()
    editor._bring_back()
    editor.save.click()
    settle(page)
    ledger = ledgers.find_ledger(office, "enforcement")
    assert ledger.column("罚没金额").type is ColumnType.NUMBER
    assert ledgers.page(office, "enforcement")[0].values == values


def test_a_formula_is_read_back_replaced_and_dropped(page, office):
    editor = open_declaration(page, "inspection")
    editor.form.indicator.set_value("I01-3")
    editor.form._enable()
    assert editor.form.below.isVisibleTo(editor.form)
    for form, column in ((editor.form.above, "已整改数"), (editor.form.below, "发现问题数")):
        form.action.set_value(RowOperation.SUM)
        form.enable()
        form.column.set_value(column)
    row = editor.form.below.conditions[0]
    row.column.set_value("发现问题数")
    row.check.set_value(CellCheck.AT_LEAST)
    row.values.setText("多")
    editor._put_feed(new=True)
    assert "不能与“多”比较" in str(page.test.told.errors[0])
    row.values.setText("1")
    editor._put_feed(new=True)
    editor.feeds_table.choose_first()
    assert row.values.text() == "1"
    editor.form.counts.setChecked(True)
    editor._put_feed(new=False)
    assert [feed.counts for feed in editor.feeds.rows] == [True]
    shown = editor.feeds.index(0, 1).data()
    assert shown == "全部“已整改数”合计 ÷ 发现问题数不小于1的“发现问题数”合计"
    editor.feeds_table.choose_first()
    editor._drop_feed()
    assert editor.feeds.rows == ()


def test_a_unit_does_not_edit_declarations(page_test, unit):
    test = page_test(unit)
    page = test.show(LedgerPage(test.desk))
    assert {button.text() for button in page.buttons} == {"导入", "模板", "导出"}


def test_the_office_says_whether_one_key_is_one_thing_over_all_units(page, office):
    for unit in ("scj", "fgj"):
        ledgers.save_rows(office, [LedgerEntry("", "sampling", unit, {"抽样编号": "1"})])
    page.show_item("canteen")
    settle(page)
    editor = open_declaration(page, "sampling")
    assert not editor.by_unit.isChecked()
    assert page.panel.doubles.text()
    editor.by_unit.click()
    editor.save.click()
    settle(page)
    assert page.panel.doubles.text() == ""
    editor = open_declaration(page, "sampling")
    assert editor.by_unit.isChecked()


def test_a_ledger_is_sealed_from_now_on_by_a_tick(page, office):
    editor = open_declaration(page, "enforcement")
    assert not editor.sealed.isChecked()
    editor.sealed.setChecked(True)
    editor.save.click()
    settle(page)
    assert office.rules.sealed_ledgers == ("enforcement",)
    assert open_declaration(page, "enforcement").sealed.isChecked()
    assert not open_declaration(page, "sampling").sealed.isChecked()
    editor = open_declaration(page, "enforcement")
    editor.sealed.setChecked(False)
    editor.save.click()
    settle(page)
    assert office.rules.sealed_ledgers == ()
