"""编辑计划 in November: from which day a change holds, and what it would do to past months."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from tests.workspaces import Clock
from ui.pages.plan.plan import PlanPage
from ui.pages.plan_editing.page import PlanEditingPage

JUNE = Period.month(2026, 6)


@pytest.fixture
def clock():
    return Clock("2026-11-20T01:00:00+00:00")


@pytest.fixture
def bench(page_test, office):
    recording.record_value(office, "I01-1", "2026-06", DataValue(value=600), unit="scj")
    return page_test(office)


@pytest.fixture
def page(bench):
    return bench.show(PlanEditingPage(bench.desk))


class Answer:
    """What a person does with the question that comes, and what stood in it."""

    def __init__(self, bench, act, verb):
        self._bench, self._act, self._verb = bench, act, verb
        self.words, self.rows, self.asked = [], [], 0
        QTimer.singleShot(10, self._look)

    def _look(self):
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog):
            QTimer.singleShot(10, self._look)
            return
        self.asked += 1
        self._bench.qtbot.waitUntil(lambda: not self._bench.runner.busy)
        self.words.append(dialog.words.text())
        self._act(dialog)
        self._bench.qtbot.waitUntil(lambda: not self._bench.runner.busy)
        self.rows = [(row.month.name, row.change) for row in dialog.model.rows]
        press = next(b for b in dialog.findChildren(QPushButton) if b.text() == self._verb)
        self._bench.qtbot.mouseClick(press, Qt.MouseButton.LeftButton)


def change_target(bench, page, text):
    bench.window.activateWindow()
    bench.qtbot.waitUntil(bench.window.isActiveWindow)
    page.task.items.choose("I01-1")
    field = page.task.items.indicator.fields.fields["target"]
    field.setFocus()
    field.selectAll()
    field.insert(text)
    bench.qtbot.keyClick(field, Qt.Key.Key_Tab)
    bench.settle()


def target(plan, month=None):
    held = plan if month is None else plan.at(Period.month(2026, month))
    return held.indicators_by_code["I01-1"].target


def test_the_first_change_of_past_figures_asks_from_which_day_it_holds(bench, page, office):
    answer = Answer(bench, lambda dialog: dialog.answer.from_day.click(), "保存修改")
    change_target(bench, page, "2400")

    assert answer.asked == 1
    assert "请选择：这是对全年的更正，还是从某一天起的变化" in answer.words[0]
    assert answer.rows == []  # from 1 November on no month that has ended is another one
    plan = current_plan(office)
    assert [target(plan, 10), target(plan, 11)] == [1200, 2400]
    assert page.effect.answer.since == date(2026, 11, 1)
    assert page.undo.toolTip().startswith("撤销（Ctrl+Z）：自11月1日起：修改指标")

    change_target(bench, page, "2500")  # the next one holds from that day, too, and nothing asks
    assert [target(current_plan(office), n) for n in (10, 11)] == [1200, 2500]


def test_a_correction_of_the_year_shows_what_it_does_to_past_months(bench, page, office):
    page.effect.answer.whole.click()
    answer = Answer(bench, lambda dialog: None, "保存修改")
    change_target(bench, page, "2400")

    june = [c for month, c in answer.rows if month == "6月" and c.code == "I01-1"]
    assert june[0].before == "● 正常，600批次，目标≥1200批次，完成50.0%，序时50.0%"
    assert june[0].after == "■ 滞后，600批次，目标≥2400批次，完成25.0%，序时50.0%"
    assert current_plan(office).former == ()
    assert target(current_plan(office)) == 2400


def test_who_would_rather_not_finds_the_plan_as_it_was(bench, page, office):
    page.effect.answer.whole.click()
    answer = Answer(bench, lambda dialog: None, "取消")
    change_target(bench, page, "2400")
    assert answer.asked == 1

    assert current_plan(office).revision == 1
    assert page.task.items.indicator.fields.fields["target"].text() == "1200"


def test_who_has_seen_it_need_not_see_it_with_every_further_change(bench, page, office):
    page.effect.answer.whole.click()
    answer = Answer(bench, lambda dialog: dialog.quiet.click(), "保存修改")
    change_target(bench, page, "2400")
    change_target(bench, page, "2500")
    assert answer.asked == 1
    assert target(current_plan(office), 6) == 2500


def test_other_words_ask_nothing(bench, page, office):
    field = page.task.fields.fields["title"]
    field.setFocus()
    field.selectAll()
    field.insert("抽检")
    bench.qtbot.keyClick(field, Qt.Key.Key_Tab)
    bench.settle()
    assert current_plan(office).tasks[0].title == "抽检"


def test_a_unit_goes_into_another_from_a_day_and_reports_quarters(bench, page, office):
    page.effect.answer.day.setDate(QDate(2026, 7, 1))
    page.tabs.setCurrentIndex(2)
    parties = page.parties
    row = next(
        n
        for n in range(parties.table.model().rowCount())
        if parties.table.model().index(n, 0).data() == "区发改局(农业农村局)"
    )
    parties.table.selectRow(row)

    answers = []

    def merge():
        dialog = QApplication.activeModalWidget()
        dialog.findChild(type(parties.fields.fields["kind"])).set_value("scj")
        yes = next(b for b in dialog.findChildren(QPushButton) if b.text() == "并入")
        bench.qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
        answers.append(Answer(bench, lambda dialog: None, "保存修改"))

    QTimer.singleShot(0, merge)
    button = next(b for b in parties.findChildren(QPushButton) if b.text() == "并入其他单位…")
    bench.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    bench.settle()
    plan = current_plan(office)
    assert plan.directory.by_code["fgj"].successor == "scj"
    assert plan.at(JUNE).tasks_for("fgj")
    assert parties.ended.text() == "已并入“区市场监管局”，其任务由该单位接续。"
    offered = page.task.parties.party  # nobody gives work to a unit that is no more
    assert offered.count()
    assert offered.findText("区发改局(农业农村局)") == -1

    parties.table.selectRow(0)
    parties.fields.fields["quarterly"].click()
    bench.settle()
    assert current_plan(office).directory.units[0].quarterly


def test_the_plan_page_says_since_when_a_task_is_another_one(bench, page, office):
    page.effect.answer.from_day.click()
    change_target(bench, page, "2400")
    shown = bench.show(PlanPage(bench.desk))
    words = [label.text() for label in shown.detail.findChildren(type(shown.header._note))]
    told = [child.text() for child in shown.detail.findChildren(type(page.parties.ended))]
    line = (
        "自2026年11月1日起，指标 I01-1 抽检批次：目标由“≥1200批次”改为“≥2400批次”"
        "（此前各月按原来的计划）"
    )
    assert line in [*words, *told]
