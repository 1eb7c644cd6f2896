"""台账: a grid as in a spreadsheet over the database; nothing that was typed is lost."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from PySide6.QtCore import QCoreApplication, QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem

from fsdesk.domain.delimited import split_table
from fsdesk.domain.ledger.conditions import EVERYTHING
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.services import drafts as service
from fsdesk.services.ledger import ledger_grid, ledgers
from fsdesk.services.ledger.ledger_grid import UNIT
from ui.models.ledger_grid import FAULT_ROLE, CellDraft, LedgerGridModel
from ui.pages.ledger.blocks import ALL, GOOD
from ui.pages.ledger.ledger import WITH, WITHOUT, LedgerPage

CONTROL = Qt.KeyboardModifier.ControlModifier
WAIT = 10_000


def fill(workspace, count, ledger="sampling", unit="scj"):
    rows = [
        {"抽样编号": f"A{n:03d}", "类别": "药品", "样品名称": f"样品{n % 7}"} for n in range(count)
    ]
    ledgers.save_rows(workspace, [LedgerEntry("", ledger, unit, values) for values in rows])


def stored(workspace, ledger="sampling"):
    return [dict(entry.values) for entry in ledgers.page(workspace, ledger)]


class Grid:
    """The page's grid, used as a clerk does."""

    def __init__(self, test, page):
        self.test, self.page, self.panel = test, page, page.panel
        self.view, self.model = page.panel.view, page.panel.model

    def settle(self):
        """Wait until everything typed is stored and everything seen is read."""

        def calm():
            runner = self.test.runner
            return not runner.busy and self.panel.steps.idle and not self.model._rest.isActive()

        for _ in range(3):
            QCoreApplication.processEvents()
            self.view.viewport().grab()
            self.test.qtbot.waitUntil(calm, timeout=WAIT)

    def open(self, ledger):
        self.page._select(ledger)
        self.settle()
        return self

    def at(self, row, title):
        titles = [column.title for column in self.model.columns]
        return self.model.index(row, titles.index(title))

    def go(self, row, title):
        self.view.setFocus()
        # Qt's own setCurrentIndex adds to what is chosen while it holds Ctrl for pressed, as it
        # does after a shortcut of an earlier test.
        here, only = self.at(row, title), QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.view.selectionModel().setCurrentIndex(here, only)

    def select(self, first, last):
        part = QItemSelection(self.at(*first), self.at(*last))
        self.view.selectionModel().select(part, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.test.qtbot.keyClick(self.view, key, modifier)
        self.settle()

    def type(self, row, title, text):
        """Type into a cell and go on with Enter."""
        self.go(row, title)
        self.test.qtbot.keyClick(self.view, Qt.Key.Key_F2)
        editor = self.view.viewport().findChildren(QLineEdit)[-1]
        editor.setText(text)  # key events are for plain letters only
        self.test.qtbot.keyClick(editor, Qt.Key.Key_Return)
        self.settle()

    def paste(self, row, title, text):
        QGuiApplication.clipboard().setText(text)
        self.go(row, title)
        self.key(Qt.Key.Key_V, CONTROL)

    def filter(self, title, text):
        titles = [column.title for column in self.model.columns]
        self.view.head.fields[titles.index(title)].setText(text)
        self.view.head.filter_now()
        self.settle()

    def texts(self, title):
        rows = range(self.model.rowCount() - 1)
        return [self.at(row, title).data() for row in rows]


@pytest.fixture
def grid(page_test, unit):
    fill(unit, 5)
    test = page_test(unit)
    found = Grid(test, test.show(LedgerPage(test.desk)))
    found.settle()
    return found


def test_the_list_says_how_many_rows_and_which_indicators(grid):
    rows = grid.page.rows
    assert [rows.index(0, column).data() for column in range(2)] == ["监督抽检", "5"]
    assert "供指标计算" in grid.page.feeds.text() or "不供指标" in grid.page.feeds.text()
    assert grid.panel.totals.text() == "共 5 行"
    assert grid.texts("抽样编号") == [f"A00{n}" for n in range(5)]


def test_typing_goes_down_with_enter_and_is_stored(grid, unit):
    grid.type(0, "样品名称", "apple")
    assert stored(unit)[0]["样品名称"] == "apple"
    assert grid.view.currentIndex().row() == 1


def test_what_can_not_be_stored_stays_in_its_cell_with_the_reason(grid, unit):
    grid.type(1, "抽样日期", "last year")
    cell = grid.at(1, "抽样日期")
    assert cell.data() == "last year"
    assert "应为日期" in cell.data(FAULT_ROLE)
    assert "没有保存" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "抽样日期" not in stored(unit)[1]
    assert "1 处还没有保存" in grid.panel.unstored.text()
    assert grid.page.may_leave()
    assert grid.test.told.questions == []
    assert grid.test.desk.drafts.may_leave()
    (kept,) = service.kept(unit).values()
    assert "last year" in kept.value
    grid.open("canteen").open("sampling")
    assert grid.at(1, "抽样日期").data() == "last year"
    grid.type(1, "抽样日期", "3-5")
    assert grid.at(1, "抽样日期").data() == "2026-03-05"
    assert not grid.test.desk.drafts.waits("ledger")


def test_what_can_not_be_stored_and_a_begun_row_outlive_a_kill(grid, unit, page_test):
    grid.type(1, "抽样日期", "last year")
    grid.type(5, "样品名称", "new")
    assert grid.test.desk.drafts.may_leave()
    test = page_test(unit)
    again = Grid(test, test.show(LedgerPage(test.desk)))
    again.settle()
    cell = again.at(1, "抽样日期")
    assert (cell.data(), "应为日期" in cell.data(FAULT_ROLE)) == ("last year", True)
    assert again.at(5, "样品名称").data() == "new"
    again.type(5, "抽样编号", "A9")
    again.type(5, "类别", "药品")
    assert stored(unit)[-1] == {"抽样编号": "A9", "类别": "药品", "样品名称": "new"}
    assert len(test.desk.drafts.under("ledger")) == 1


def test_a_new_row_is_begun_below_and_stored_once_it_has_its_number(grid, unit):
    grid.type(5, "样品名称", "new")
    assert len(stored(unit)) == 5
    assert "不能为空" in grid.at(5, "抽样编号").data(FAULT_ROLE)
    assert grid.model.rowCount() == 7
    grid.type(5, "抽样编号", "B1")
    assert stored(unit)[5] == {"抽样编号": "B1", "样品名称": "new"}
    assert grid.model.faults == []
    grid.panel.undo.click()
    grid.settle()
    assert len(stored(unit)) == 5
    assert grid.at(5, "样品名称").data() == "new"
    grid.panel.undo.click()
    grid.settle()
    assert grid.model.rowCount() == 6


def test_a_story_paste_mend_undo_filter_export(grid, unit, tmp_path, monkeypatch):
    grid.test.told.answer = ALL
    block = "B1\t农产品\t青菜\r\nB2\t玩具\t积木\r\nB3\t药品\t=1+1\r\n"
    grid.paste(5, "抽样编号", block)
    question, detail = grid.test.told.questions[-1]
    assert "9 个单元格中有 1 处不合格" in question
    assert "玩具" in detail
    assert [row["抽样编号"] for row in stored(unit)][5:] == ["B1", "B2", "B3"]
    assert (stored(unit)[5]["类别"], stored(unit)[7]["样品名称"]) == ("食用农产品", "=1+1")
    assert grid.at(6, "类别").data() == "玩具"
    grid.type(6, "类别", "其他食品")
    assert stored(unit)[6]["类别"] == "其他食品"
    grid.key(Qt.Key.Key_Z, CONTROL)
    assert grid.at(6, "类别").data() == "玩具"
    grid.key(Qt.Key.Key_Z, CONTROL)
    assert len(stored(unit)) == 5
    grid.key(Qt.Key.Key_Y, CONTROL)
    grid.key(Qt.Key.Key_Y, CONTROL)
    assert stored(unit)[6]["类别"] == "其他食品"
    grid.filter("抽样编号", "B")
    assert grid.panel.totals.text() == "筛选出 3 行，共 8 行"
    out = tmp_path / "out.xlsx"
    monkeypatch.setattr(grid.test.files, "save", lambda *_: out)
    grid.test.press("导出")
    sheet = load_workbook(out)["监督抽检"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["B1", "B2", "B3"]
    assert grid.test.told.news[-1] == "已导出 3 行。"


def test_only_what_fits_is_pasted_by_choice_and_nothing_without_an_answer(grid, unit):
    grid.paste(0, "类别", "化妆品\n玩具")
    assert {row["类别"] for row in stored(unit)} == {"药品"}
    grid.test.told.answer = GOOD
    grid.paste(0, "类别", "化妆品\n玩具")
    assert [row["类别"] for row in stored(unit)][:2] == ["化妆品", "药品"]
    assert grid.model.faults == []


def test_one_copied_cell_fills_the_whole_selection(grid, unit):
    grid.go(0, "类别")
    grid.select((0, "类别"), (2, "类别"))
    QGuiApplication.clipboard().setText("化妆品")
    grid.key(Qt.Key.Key_V, CONTROL)
    assert [row["类别"] for row in stored(unit)] == ["化妆品"] * 3 + ["药品"] * 2


def test_filling_down_clearing_and_copying(grid, unit):
    grid.select((0, "样品名称"), (3, "样品名称"))
    grid.key(Qt.Key.Key_D, CONTROL)
    assert [row["样品名称"] for row in stored(unit)] == ["样品0"] * 4 + ["样品4"]
    grid.go(4, "样品名称")
    grid.key(Qt.Key.Key_D, CONTROL)
    assert stored(unit)[4]["样品名称"] == "样品0"
    grid.select((0, "类别"), (1, "样品名称"))
    grid.key(Qt.Key.Key_C, CONTROL)
    assert (
        split_table(QGuiApplication.clipboard().text(), "\t", copied=True)
        == [["药品", "样品0"]] * 2
    )
    grid.key(Qt.Key.Key_Delete)
    assert stored(unit)[0] == {"抽样编号": "A000"}
    grid.key(Qt.Key.Key_Z, CONTROL)
    assert stored(unit)[0]["类别"] == "药品"


def test_whole_rows_are_deleted_and_come_back(grid, unit):
    grid.view.setFocus()
    grid.select((1, "抽样编号"), (1, "处置完成日期"))
    grid.key(Qt.Key.Key_Delete)
    assert [row["抽样编号"] for row in stored(unit)] == ["A000", "A002", "A003", "A004"]
    assert grid.test.told.news == ["删除了 1 行。"]
    assert grid.texts("抽样编号") == ["A000", "A002", "A003", "A004"]
    grid.key(Qt.Key.Key_Z, CONTROL)
    assert grid.texts("抽样编号") == [f"A00{n}" for n in range(5)]


def test_filters_and_sorting_are_remembered(grid, page_test, unit):
    grid.filter("样品名称", "样品")
    grid.view.head.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    grid.panel._keep_shape()
    grid.settle()
    assert grid.texts("抽样编号")[0] == "A004"
    grid.filter("抽样日期", "三月")
    assert grid.view.head.fields[4].property("wrong") == "true"
    again = page_test(unit)
    other = Grid(again, again.show(LedgerPage(again.desk)))
    other.settle()
    assert other.view.head.texts() == {2: "样品"}
    assert other.texts("抽样编号")[0] == "A004"
    other.panel.clear.click()
    other.settle()
    assert other.view.head.texts() == {}


def test_finding_goes_from_row_to_row(grid):
    grid.panel.finder.field.setText("样品3")
    grid.panel.finder.field.search_now()
    grid.settle()
    assert grid.view.currentIndex() == grid.at(3, "样品名称")
    assert "第 1 / 1 行" in grid.panel.finder.note.text()
    grid.panel.finder.field.setText("没有的")
    grid.panel.finder.field.search_now()
    grid.settle()
    assert grid.panel.finder.note.text() == "没有找到"


def test_what_names_citizens_is_masked_until_shown(grid, unit, tmp_path, monkeypatch):
    values = {"编号": "T1", "投诉人": "张三", "联系电话": "13812345678"}
    ledgers.save_rows(unit, [LedgerEntry("", "complaint", "scj", values)])
    grid.page.refresh("2026-03")
    grid.settle()
    grid.open("complaint")
    assert [grid.at(0, t).data() for t in ("投诉人", "联系电话")] == ["张*", "138****5678"]
    assert not grid.at(0, "投诉人").flags() & Qt.ItemFlag.ItemIsEditable
    grid.go(0, "投诉人")
    grid.key(Qt.Key.Key_F2)
    assert "已遮盖" in grid.test.told.news[-1]
    grid.panel.reveal.click()
    assert grid.at(0, "投诉人").data() == "张三"
    out = tmp_path / "out.xlsx"
    monkeypatch.setattr(grid.test.files, "save", lambda *_: out)
    for answer, there in ((WITHOUT, False), (WITH, True)):
        grid.test.told.answer = answer
        grid.test.press("导出")
        cells = {cell.value for row in load_workbook(out)["投诉举报与舆情"] for cell in row}
        assert ("张三" in cells) is there


def test_the_office_sees_whose_rows_they_are_and_says_it_of_new_ones(page_test, office):
    fill(office, 2)
    fill(office, 1, unit="xx")
    test = page_test(office)
    grid = Grid(test, test.show(LedgerPage(test.desk)))
    grid.settle()
    assert grid.texts(UNIT) == ["区市场监管局", "区市场监管局", "西兴街道"]
    grid.filter(UNIT, "西兴")
    grid.paste(1, "抽样编号", "B1\t药品")
    assert [e.unit for e in ledgers.page(office, "sampling")][-1] == "xx"
    grid.go(0, UNIT)
    grid.key(Qt.Key.Key_F2)
    assert "不能改换单位" in test.told.news[-1]


def test_what_several_units_registered_is_told_above_the_rows(page_test, office):
    fill(office, 2)
    fill(office, 1, unit="fgj")
    test = page_test(office)
    grid = Grid(test, test.show(LedgerPage(test.desk)))
    grid.settle()
    told = grid.panel.doubles
    assert told.isVisible()
    assert told.text() == (
        "1 个抽样编号由几个单位重复登记，台账数只计一次，计入承担该指标的单位中编码最小的一个："
        "“A000”（区发改局(农业农村局)、区市场监管局）。"
    )
    grid.type(0, "抽样编号", "B1")
    assert not told.isVisible()


def test_a_thousand_rows_are_never_all_in_memory(page_test, unit):
    fill(unit, 1000)
    test = page_test(unit)
    grid = Grid(test, test.show(LedgerPage(test.desk)))
    grid.settle()
    assert grid.model.stored == 1000
    assert len(grid.model._held) <= 200
    grid.view.scrollToBottom()
    grid.settle()
    assert grid.at(999, "抽样编号").data() == "A999"
    assert len(grid.model._held) <= 400


def test_frozen_columns_answer_for_their_place(grid):
    grid.test.window.resize(700, 500)
    grid.settle()
    bar = grid.view.horizontalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    head = grid.view.head
    spot = grid.view.visualRect(grid.at(2, "抽样编号")).center()
    assert grid.view.indexAt(spot) == grid.at(2, "抽样编号")
    assert head.fields[0].x() == 0
    grid.view.go_to(2, 1)
    assert grid.view.visualRect(grid.view.currentIndex()).left() >= head.frozen_length()


def test_the_model_keeps_qts_rules(unit, qtbot):
    fill(unit, 3)
    model = LedgerGridModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    ledger = ledgers.find_ledger(unit, "sampling")
    model.set_ledger(ledger, {"scj": "区市场监管局"}, with_unit=True)
    numbers = ledger_grid.window(unit, "sampling", EVERYTHING).numbers
    model.set_numbers(numbers, {})
    model.provide(ledger_grid.rows(unit, "sampling", numbers))
    model.put_drafts({(-1, "抽样编号"): CellDraft("B1"), (-2, "抽样编号"): CellDraft("B2", "错")})
    assert model.rowCount() == 6
    model.put_drafts({(-1, "抽样编号"): None})
    model.take_stored({-1: 99}, {}, {})
    assert [model.number_at(row) for row in range(6)][3:] == [99, -2, -3]
    assert [model.row_of(n) for n in (99, -2, -3, 1234, -9)] == [3, 4, 5, -1, -1]
    assert tester.model() is model


def test_another_page_points_at_a_row(grid, unit):
    wanted = ledgers.page(unit, "sampling")[3]
    grid.open("canteen")
    grid.page.show_item(("sampling", wanted.id))
    grid.settle()
    assert grid.panel.ledger.code == "sampling"
    assert grid.view.currentIndex().row() == 3
    grid.filter("抽样编号", "A000")
    grid.page.show_item(("sampling", wanted.id))
    grid.settle()
    assert "不在当前筛选范围内" in grid.test.told.news[-1]
    grid.page.show_item("canteen")
    grid.settle()
    assert grid.panel.ledger.code == "canteen"


def test_a_large_block_is_pasted_quickly_and_undone(grid, unit):
    block = "\n".join(f"B{number:04d}\t药品\t青菜" for number in range(600))
    grid.paste(5, "抽样编号", block)
    assert grid.model.stored == 605
    assert grid.panel.totals.text() == "共 605 行"
    grid.key(Qt.Key.Key_Z, CONTROL)
    assert grid.model.stored == 5


def test_tab_goes_right_and_escape_leaves_the_cell_as_it_was(grid, unit):
    grid.go(0, "类别")
    grid.test.qtbot.keyClick(grid.view, Qt.Key.Key_F2)
    editor = grid.view.viewport().findChildren(QLineEdit)[-1]
    editor.setText("化妆品")
    grid.test.qtbot.keyClick(editor, Qt.Key.Key_Tab)
    grid.settle()
    assert stored(unit)[0]["类别"] == "化妆品"
    assert grid.view.currentIndex() == grid.at(0, "样品名称")
    grid.test.qtbot.keyClick(grid.view, Qt.Key.Key_F2)
    editor = grid.view.viewport().findChildren(QLineEdit)[-1]
    editor.setText("不要")
    grid.test.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    grid.settle()
    assert stored(unit)[0]["样品名称"] == "样品0"


def open_cell(grid, row, title, text):
    """Type into a cell and leave it open."""
    grid.go(row, title)
    grid.test.qtbot.keyClick(grid.view, Qt.Key.Key_F2)
    editor = grid.view.viewport().findChildren(QLineEdit)[-1]
    editor.setText(text)
    return editor


def test_what_is_typed_into_an_open_cell_outlives_a_refresh_that_takes_the_editor(grid, unit):
    open_cell(grid, 1, "样品名称", "half a wo")
    grid.panel.read()
    grid.settle()
    assert stored(unit)[1]["样品名称"] == "样品1"
    assert grid.panel.unstored.text() == "▲ 1 处还没有保存"

    grid.panel.unstored.click()
    grid.test.qtbot.keyClick(grid.view, Qt.Key.Key_F2)
    editor = grid.view.viewport().findChildren(QLineEdit)[-1]
    assert editor.text() == "half a wo"
    grid.test.qtbot.keyClick(editor, Qt.Key.Key_Return)
    grid.settle()
    assert stored(unit)[1]["样品名称"] == "half a wo"
    assert not grid.panel.unstored.isVisible()
    assert not grid.test.desk.drafts.under("")


def test_esc_gives_up_what_was_typed_into_a_cell(grid, unit):
    editor = open_cell(grid, 1, "样品名称", "half a wo")
    assert grid.test.desk.drafts.waits("ledger/typing/sampling")
    grid.test.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    grid.settle()
    assert not grid.test.desk.drafts.under("")
    assert grid.at(1, "样品名称").data() == stored(unit)[1]["样品名称"]


def test_typing_on_in_a_new_row_goes_on_while_its_first_cell_is_being_stored(grid, unit):
    grid.go(5, "抽样编号")
    grid.test.qtbot.keyClick(grid.view, Qt.Key.Key_F2)
    first = grid.view.viewport().findChildren(QLineEdit)[-1]
    first.setText("B001")
    grid.test.qtbot.keyClick(first, Qt.Key.Key_Tab)  # it is on its way to the workspace
    editor = open_cell(grid, 5, "样品名称", "half a wo")
    grid.settle()
    assert len(stored(unit)) == 6
    assert editor.isVisible()
    assert editor.text() == "half a wo"
    grid.test.qtbot.keyClick(editor, Qt.Key.Key_Return)
    grid.settle()
    assert stored(unit)[5]["样品名称"] == "half a wo"
    assert not grid.test.desk.drafts.under("")


def test_a_refused_text_is_tried_again_by_enter(grid, unit):
    grid.type(1, "抽样日期", "last year")
    grid.type(1, "抽样日期", "last year")
    assert "应为日期" in grid.at(1, "抽样日期").data(FAULT_ROLE)
    grid.type(1, "抽样日期", "3月5日")
    assert str(stored(unit)[1]["抽样日期"]) == "2026-03-05"


def test_personal_text_that_waits_in_a_cell_is_masked(grid):
    open_cell(grid, 1, "样品名称", "330106199001011234")
    grid.panel.read()
    grid.settle()
    cell, delegate = grid.at(1, "样品名称"), grid.view.cells
    option = QStyleOptionViewItem()
    delegate.initStyleOption(option, cell)
    assert option.text == "330106199001011234"
    place = next(n for n, c in enumerate(grid.model.columns) if c.title == "样品名称")
    columns = list(grid.model.columns)
    columns[place] = replace(columns[place], personal=True)
    grid.model.columns = tuple(columns)
    delegate.initStyleOption(option, cell)
    assert "0101" not in option.text
