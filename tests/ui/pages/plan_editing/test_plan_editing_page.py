"""编辑计划 as the office uses it: typing, ticking, undoing; every change is stored at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QListWidget, QPushButton

from fsdesk.domain.records.records import DataValue
from fsdesk.services import drafts as service
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from tests.workspaces import Clock
from ui.models.shares import SharesModel
from ui.pages.plan_editing.page import PlanEditingPage


@pytest.fixture
def clock():
    """Return a day in January: no month has ended that a change could alter."""
    return Clock("2026-01-15T01:00:00+00:00")


@pytest.fixture
def bench(page_test, office):
    return page_test(office)


@pytest.fixture
def page(bench):
    return bench.show(PlanEditingPage(bench.desk))


def type_into(bench, field, text):
    field.setFocus()
    field.selectAll()
    field.insert(text)
    bench.qtbot.keyClick(field, Qt.Key.Key_Tab)
    bench.settle()


def press(bench, owner, words):
    button = next(b for b in owner.findChildren(QPushButton) if b.text() == words)
    bench.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    bench.settle()


def answer(bench, act, text, tick=()):
    """Do something that asks, and answer with a text and ticks by keyboard and mouse."""

    def reply():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        dialog.findChild(QLineEdit).insert(text)
        for listed in dialog.findChildren(QListWidget):
            for row in tick:
                listed.item(row).setCheckState(Qt.CheckState.Checked)
        yes = next(b for b in dialog.findChildren(QPushButton) if b.text() != "取消")
        bench.qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, reply)
    act()
    bench.window.activateWindow()
    bench.qtbot.waitUntil(bench.window.isActiveWindow)
    bench.settle()


def test_a_title_is_stored_when_the_field_is_left_and_undone_by_key(bench, page, office):
    type_into(bench, page.task.fields.fields["title"], "抽检")
    assert current_plan(office).tasks[0].title == "抽检"
    assert "第 2 版" in page.header._note.text()
    assert page.undo.toolTip() == "撤销（Ctrl+Z）：修改任务“抽检”的标题"

    page.undo.setFocus()
    bench.qtbot.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    bench.settle()
    assert current_plan(office).tasks[0].title == "抽检监测"
    assert page.task.fields.fields["title"].text() == "抽检监测"
    bench.qtbot.mouseClick(page.redo, Qt.MouseButton.LeftButton)
    bench.settle()
    assert current_plan(office).tasks[0].title == "抽检"


def test_a_number_that_is_none_is_marked_and_stays_as_typed(bench, page, office):
    page.task.items.choose("I01-1")
    field = page.task.items.indicator.fields.fields["target"]
    type_into(bench, field, "很多")

    assert field.text() == "很多"
    assert field.property("wrong")
    assert current_plan(office).revision == 1
    type_into(bench, field, "1,500批次")
    assert field.property("wrong")  # the unit stands in its own field
    type_into(bench, field, "１,500")
    assert current_plan(office).indicators[0].target == 1500


def test_what_could_not_be_read_stays_through_another_task_and_a_kill(bench, page, office):
    page.task.items.choose("I01-1")
    type_into(bench, page.task.items.indicator.fields.fields["target"], "很多")
    page.show_item("T01-2")
    page.show_item("T01-1")
    page.task.items.choose("I01-1")
    field = page.task.items.indicator.fields.fields["target"]
    assert (field.text(), field.property("wrong")) == ("很多", True)
    assert bench.desk.drafts.may_leave()
    assert service.kept(office)["plan-editing/indicator/I01-1/target"].value == "很多"
    type_into(bench, field, "１,500")
    assert current_plan(office).indicators[0].target == 1500
    assert not bench.desk.drafts.waits("plan-editing")


def test_what_makes_no_sense_is_told_and_changes_nothing(bench, page, office):
    page.task.items.choose("I01-1")
    press(bench, page.task.items, "移出选中项")

    assert "以它为总数或推算来源" in str(bench.told.errors[0])
    assert current_plan(office).revision == 1


def test_tasks_are_added_split_joined_and_moved(bench, page, office):
    answer(bench, page.outline.add_task, "新任务")
    assert page.outline.tree.nodes() == [("task", "T01-3")]
    page.outline.move_by(-1)
    bench.settle()
    assert [t.code for t in current_plan(office).tasks] == ["T01-1", "T01-3", "T01-2"]

    page.outline.tree.choose(("task", "T01-1"))
    answer(bench, page.outline.split, "处置", tick=(2, 7))
    plan = current_plan(office)
    assert [i.code for i in plan.tasks[1].indicators] == ["I01-3"]
    assert [d.code for d in plan.tasks[1].deliverables] == ["D01-1-1"]

    first = page.outline.tree.topLevelItem(0).child(0)
    page.outline.tree.choose(("task", "T01-1"))
    first.child(1).setSelected(True)
    page.outline.join()
    bench.settle()
    assert len(current_plan(office).tasks) == 3


def test_sections_and_points_are_added_renamed_and_taken_out(bench, page, office):
    answer(bench, page.outline.add_section, "第二部分")
    answer(bench, page.outline.add_point, "新要点")
    assert page.outline.tree.nodes() == [("point", "2")]
    type_into(bench, page.heading.fields.fields["title"], "另一要点")
    assert current_plan(office).points[1].title == "另一要点"

    page.outline.tree.dropped.emit(("section", "1"), 0)  # the point is dragged to the front
    bench.settle()
    assert current_plan(office).sections[0].points[0].title == "另一要点"
    page.outline.remove()
    bench.settle()
    assert len(current_plan(office).points) == 1


def test_who_answers_is_added_changed_and_removed(bench, page, office):
    parties = page.task.parties
    parties.party.set_value("xx")
    press(bench, parties, "添加")
    assert not bench.told.errors
    assert current_plan(office).tasks[0].assignments[-1].party == "xx"

    parties.table.selectRow(2)
    parties.role.set_value("SUPPORT")
    parties.role.activated.emit(parties.role.currentIndex())
    bench.settle()
    assert current_plan(office).tasks[0].assignments[-1].role.label == "配合"
    parties.table.selectRow(2)
    press(bench, parties, "移除选中的单位")
    assert len(current_plan(office).tasks[0].assignments) == 2


def test_in_a_sorted_list_the_marked_unit_is_the_one_that_is_changed_and_removed(
    bench, page, office
):
    parties = page.task.parties
    for code in ("xx", "fgj"):
        parties.party.set_value(code)
        press(bench, parties, "添加")
    for order in Qt.SortOrder:
        parties.table.sortByColumn(0, order)
        for assignment in current_plan(office).tasks[0].assignments[1:]:
            assert parties.table.choose_rows(lambda row, it=assignment: row.party == it.party)
            other = "SUPPORT" if assignment.role.name != "SUPPORT" else "SHARED"
            parties.role.set_value(other)
            parties.role.activated.emit(parties.role.currentIndex())
            bench.settle()
            assert parties.table.current_row().party == assignment.party
    gone = parties.table.current_row().party
    press(bench, parties, "移除选中的单位")
    assert gone not in {each.party for each in current_plan(office).tasks[0].assignments}


def test_items_are_added_and_their_fields_fit_their_kind(bench, page, office):
    press(bench, page.task.items, "添加指标")
    form = page.task.items.indicator.fields
    assert form.fields["name"].text() == "新指标"
    assert not form.fields["denominator_name"].isVisible()
    choose(bench, form.fields["kind"], "ratio")
    assert form.fields["denominator_name"].isVisible()
    choose(bench, form.fields["pace"], "curve")
    type_into(bench, form.fields["curve"], "0、0、10、20、30、40、50、60、70、80、90、100")
    indicator = current_plan(office).indicators[-1]
    assert (indicator.code, indicator.measure_unit) == ("I01-8", "%")
    assert indicator.pace.curve[2] == pytest.approx(0.1)

    press(bench, page.task.items, "添加事项")
    type_into(bench, page.task.items.deliverable.fields.fields["due"], "2026年6月30日")
    item = current_plan(office).tasks[0].deliverables[-1]
    assert (item.title, item.due.isoformat()) == ("新事项", "2026-06-30")


def test_a_deliverable_shows_the_fields_of_its_kind(bench, page, office):
    press(bench, page.task.items, "添加事项")
    form = page.task.items.deliverable.fields

    def shown():
        return {key for key, field in form.fields.items() if field.isVisible()}

    assert shown() == {"title", "kind", "due"}
    choose(bench, form.fields["kind"], "recurring")
    assert shown() == {"title", "kind", "cycle", "times"}
    choose(bench, form.fields["cycle"], "quarter")
    type_into(bench, form.fields["times"], "2")
    assert current_plan(office).tasks[0].deliverables[-1].schedule_text == "每季度2次"
    assert page.task.items.table.current_row().schedule_text == "每季度2次"

    type_into(bench, form.fields["times"], "0")
    assert "次数应为从 1 起的整数" in str(bench.told.errors[0])
    assert current_plan(office).tasks[0].deliverables[-1].times == 2
    choose(bench, form.fields["kind"], "standing")
    assert shown() == {"title", "kind"}
    assert current_plan(office).tasks[0].deliverables[-1].schedule_text == "长期坚持"


def choose(bench, choice, value):
    choice.set_value(value)
    choice.activated.emit(choice.currentIndex())
    bench.settle()


def test_shares_are_typed_and_their_sum_is_checked(bench, page, office):
    page.tabs.setCurrentIndex(1)
    model = page.shares.model
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    type_share(bench, page, 0, "区市场监管局", "700批次")
    assert not bench.told.errors
    assert not bench.told.warnings
    assert model.index(0, 2).data() == "▲ 少 500"

    type_share(bench, page, 0, "区发改局(农业农村局)", "600")
    assert model.index(0, 2).data() == "多 100"
    assert [s.target for s in current_plan(office).indicators[0].shares] == [700, 600]
    other = model.index(5, column(model, "区发改局(农业农村局)"))  # it does not report this one
    assert not model.flags(other) & Qt.ItemFlag.ItemIsEditable

    type_share(bench, page, 0, "区市场监管局", "很多")
    assert "“很多”" in bench.told.warnings[0]
    press(bench, page.shares, "平均分到各单位")
    assert [s.target for s in current_plan(office).indicators[0].shares] == [600, 600]
    press(bench, page.shares, "清除这一行的分解")
    assert current_plan(office).indicators[0].shares == ()


def column(model, unit):
    heads = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    return heads.index(unit)


def type_share(bench, page, row, unit, text):
    table = page.shares.table
    at = page.shares.model.index(row, column(page.shares.model, unit))
    table.setCurrentIndex(at)
    table.edit(at)
    editor = table.findChild(QLineEdit)
    editor.selectAll()
    assert editor is not None
    editor.insert(text)
    bench.qtbot.keyClick(editor, Qt.Key.Key_Return)
    bench.qtbot.waitUntil(lambda: table.findChild(QLineEdit) is None)  # Qt commits a moment later
    bench.settle()


def test_units_and_groups_are_kept(bench, page, office):
    page.tabs.setCurrentIndex(2)
    answer(bench, page.parties.add_unit, "长河街道")
    choose(bench, page.parties.fields.fields["kind"], "street")
    type_into(bench, page.parties.fields.fields["aliases"], "长河、长河街")
    unit = current_plan(office).directory.units[-1]
    assert (unit.name, unit.kind.label, unit.aliases) == ("长河街道", "街道", ("长河", "长河街"))

    type_into(bench, page.parties.fields.fields["name"], "长河镇")
    assert current_plan(office).directory.unit("长河街道").name == "长河镇"
    assert page.parties.fields.fields["former_names"].text() == "长河街道"

    answer(bench, page.parties.add_group, "各街道")
    members = page.parties.members
    members.item(members.count() - 1).setCheckState(Qt.CheckState.Checked)
    bench.settle()
    assert current_plan(office).directory.groups[-1].members == ("scj", unit.code)
    press(bench, page.parties, "移出计划")
    assert [g.name for g in current_plan(office).directory.groups] == ["成员单位"]


def test_words_and_figures_of_the_plan(bench, page, office):
    page.tabs.setCurrentIndex(3)
    type_into(bench, page.about.words.fields["issuer"], "区食安委")
    answer(bench, page.about._add, "学校数")
    type_into(bench, page.about.fields.fields["name"], "常住人口数")
    plan = current_plan(office)
    assert plan.issuer == "区食安委"
    assert [c.name for c in plan.constants] == ["常住人口数", "学校数"]

    table = page.about.table
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert table.choose_rows(lambda row: row.name == "学校数")
    type_into(bench, page.about.words.fields["title"], "工作计划")
    assert table.current_row().name == page.about.fields.fields["name"].text() == "学校数"
    press(bench, page.about, "移除选中的参数")
    assert [c.name for c in current_plan(office).constants] == ["常住人口数"]


def test_history_tells_and_what_left_comes_back_with_its_data(bench, page, office):
    recording.record_value(office, "I01-5", "2026-03", DataValue(value=22), unit="scj")
    page.task.items.choose("I01-5")
    press(bench, page.task.items, "移出选中项")
    page.tabs.setCurrentIndex(4)
    page.history.table.choose_first()
    bench.settle()
    assert page.history.words.toPlainText() == "移出　指标 I01-5 哨点数"

    page.tabs.setCurrentIndex(5)
    (item,) = page.retired.model.rows
    assert (item.title, item.records) == ("哨点数", 1)
    press(bench, page.retired, "恢复到计划")
    assert "I01-5" in current_plan(office).indicators_by_code
    assert page.retired.model.rows == ()


def test_leaving_stores_what_is_still_being_typed(bench, page, office):
    field = page.task.fields.fields["title"]
    field.setFocus()
    field.selectAll()
    field.insert("没按回车")
    assert page.may_leave()
    bench.settle()

    assert current_plan(office).tasks[0].title == "没按回车"


def test_an_item_of_another_page_is_chosen(bench, page):
    page.show_item("T01-2")

    assert page.outline.tree.nodes() == [("task", "T01-2")]
    assert page.task.fields.fields["title"].text() == "部门协作"


def test_dropping_a_task_on_another_puts_it_there(bench, page, office):
    """The tree only tells where; a real drag needs a pointer that offscreen does not have."""
    tree = page.outline.tree
    told = []
    tree.dropped.disconnect()
    tree.dropped.connect(lambda node, at: told.append((node, at)))
    tree.choose(("task", "T01-2"))
    point = tree.topLevelItem(0).child(0)
    tree.dropEvent(Drop(tree.visualItemRect(point.child(0)).center()))

    assert told in ([(("point", "1"), 0)], [(("point", "1"), 1)])


class Drop:
    """What Qt tells of a drop, as far as the tree asks."""

    def __init__(self, at):
        self._at = at

    def position(self):
        return self

    def toPoint(self):
        return QPoint(self._at)

    def setDropAction(self, action):
        self.action = action

    def accept(self):
        self.accepted = True


def test_the_grid_is_empty_without_a_plan():
    assert SharesModel().rowCount() == 0
