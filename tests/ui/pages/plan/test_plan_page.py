"""计划: the tree, its filters, and all about the chosen task."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from fsdesk.domain.records.records import DataValue, Milestone, ProgressReport, Status
from fsdesk.domain.status.lights import Light
from fsdesk.services.records import recording
from tests.workspaces import make_unit
from ui.pages.plan.plan import PlanPage
from ui.widgets.label import ElidedLabel
from ui.widgets.lights import LIGHT_ROLE
from ui.widgets.pictures.pace_bar import PaceBar


@pytest.fixture
def filled(office):
    """An office in which one unit has recorded something of each kind."""
    recording.record_value(office, "I01-1", "2026-03", DataValue(240), unit="scj")
    recording.record_progress(
        office, "T01-1", "2026-02", ProgressReport(text="二月的话"), unit="scj"
    )
    recording.record_progress(
        office, "T01-1", "2026-03", ProgressReport(text="三月的话"), unit="scj"
    )
    recording.record_milestone(office, "D01-1-1", "2026-03", Milestone(Status.DONE), unit="scj")
    return office


@pytest.fixture
def plan_test(page_test, filled):
    test = page_test(filled)
    test.page = test.show(PlanPage(test.desk))
    return test


def leaves(page):
    point = page.tree.topLevelItem(0).child(0)
    return [point.child(row) for row in range(point.childCount())]


def shown(page):
    return [leaf.text(0).split()[0] for leaf in leaves(page) if not leaf.isHidden()]


def words(page):
    return "\n".join(label.text() for label in page.detail.findChildren(QLabel))


def test_the_tree_goes_from_section_to_task_with_lights(plan_test):
    page = plan_test.page
    assert page.tree.topLevelItem(0).text(0) == "1、保障能力"
    assert page.tree.topLevelItem(0).child(0).text(0) == "1. 风险预警"
    assert shown(page) == ["T01-1", "T01-2"]
    assert [Light(leaf.data(0, LIGHT_ROLE)) for leaf in leaves(page)][1] is Light.GREY


def test_the_detail_tells_who_how_much_and_how_far(plan_test):
    text = words(plan_test.page)
    assert "抽检和处置。" in text
    assert "区市场监管局　按职责分工负责" in text
    assert "240批次" in text
    assert "≥1200批次" in text
    assert "2026年3月31日前完成" in text
    assert "已完成 1 · 未报 1" in text
    assert "三月的话" in text
    assert "二月的话" not in text
    bars = plan_test.page.detail.findChildren(PaceBar)
    assert bars[1].accessibleName() == "完成率 20.0%，序时进度 25.0%，偏慢"


def test_typing_filters_at_once_and_says_how_many_are_left(plan_test):
    page, qtbot = plan_test.page, plan_test.qtbot
    page.search.setFocus()
    page.search.insert("联席")  # a word of a deliverable
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert shown(page) == ["T01-2"]
    assert "筛选出 1 项" in page.header._note.text()
    page.search.setText("没有这样的词")
    page.search.search_now()
    assert shown(page) == []
    assert "没有符合筛选条件的任务" in page.header._note.text()


def test_unit_and_light_filter_by_keys(plan_test):
    page, qtbot = plan_test.page, plan_test.qtbot
    page.units.setFocus()
    for _ in range(4):  # 全部单位, 区食药安办, ..., 西兴街道, which only works together
        qtbot.keyClick(page.units, Qt.Key.Key_Down)
    assert page.units.value == "xx"
    assert shown(page) == ["T01-2"]
    page.units.set_value("")
    page.lights.setFocus()
    while page.lights.value != Light.GREY.value:
        qtbot.keyClick(page.lights, Qt.Key.Key_Down)
    assert shown(page) == ["T01-1", "T01-2"]


def test_a_task_can_be_opened_from_elsewhere_even_before_the_plan_is_loaded(page_test, filled):
    test = page_test(filled)
    page = PlanPage(test.desk)
    page.refresh("2026-03")
    page.show_item("T01-2")
    test.show(page)
    assert page._current_code() == "T01-2"
    assert "齐抓共管" in words(page)


def test_arrows_go_through_the_tasks(plan_test):
    page = plan_test.page
    page.tree.setFocus()
    plan_test.qtbot.keyClick(page.tree, Qt.Key.Key_Down)
    assert page._current_code() == "T01-2"
    QApplication.processEvents()
    assert "齐抓共管" in words(page)


def test_a_unit_sees_its_own_tasks_and_can_read_the_whole_plan(unit, page_test):
    test = page_test(unit)
    page = test.show(PlanPage(test.desk))
    assert page.units.currentText() == "本单位的任务"
    assert "共 2 项任务，本单位承担 2 项" in page.header.findChild(ElidedLabel).text()
    page.units.set_value("")
    assert page.units.currentText() == "全部任务（计划内容）"


def test_of_other_units_tasks_a_unit_sees_what_the_plan_says(office, tmp_path, clock, page_test):
    with make_unit(office, tmp_path / "street", "xx", clock) as street:
        test = page_test(street)
        page = test.show(PlanPage(test.desk))
        assert shown(page) == ["T01-2"]
        page.units.set_value("")
        page.units.chosen.emit("")
        assert shown(page) == ["T01-1", "T01-2"]
        page.show_item("T01-1")
        assert "其他单位的任务，这里只有计划内容" in words(page)
        assert "抽检批次　≥1200批次" in words(page)
