"""评议考核 shows places, opens every figure, and takes points and rules."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.services import assessment
from fsdesk.services.records import recording
from tests.workspaces import MARCH
from ui.pages.assessment.assessment import AssessmentPage
from ui.pages.assessment.points import TAKE


@pytest.fixture
def shown(office, page_test, clock):
    clock.set("2026-04-10T01:00:00+00:00")
    recording.record_value(office, "I01-1", "2026-03", DataValue(300), "scj")
    recording.record_milestone(office, "D01-1-1", "2026-03", Milestone(Status.DONE), "scj")
    test = page_test(office)
    return test, test.show(AssessmentPage(test.desk))


def lines(page):
    return {line.title: line for line in page.lines.rows}


def test_the_screen_says_what_the_service_says(shown, office):
    _test, page = shown
    for model in (page.sheets, page.lines, page.sources):
        QAbstractItemModelTester(model)
    found = assessment.assess(office, MARCH)
    assert [(s.rank, s.name, s.total) for s in page.sheets.rows] == [
        (s.rank, s.name, s.total) for s in found.sheets
    ]
    assert page.sheets.rows[0].name == "区市场监管局"
    assert "第 1 名" in page._name.text()


def test_a_line_opens_to_its_sources_and_a_source_to_its_task(shown, qtbot):
    _test, page = shown
    assert "I01-1 抽检批次" in [source.name for source in page.sources.rows]
    page.line_table.row_chosen.emit(lines(page)["报送完整"])
    assert [source.text for source in page.sources.rows] == ["没有报送"] * 3
    page.line_table.row_chosen.emit(lines(page)["指标完成"])
    with qtbot.waitSignal(page.open_requested) as asked:
        page.source_table.row_opened.emit(page.sources.rows[0])
    assert asked.args == ["plan", "T01-1"]


def test_points_are_given_changed_and_taken_back(shown):
    test, page = shown
    panel = page.points
    panel.unit.set_value("scj")
    panel.kind.set_value(TAKE)
    panel.amount.setValue(1.5)
    panel.reason.setText("瞒报数据")
    panel.day.setText("3月5日")
    panel.save.click()
    test.settle()
    page.show_item("scj")
    assert lines(page)["扣分"].points == -1.5
    panel.table.row_chosen.emit(panel.model.rows[0])
    panel.amount.setValue(2)
    panel.save.click()
    test.settle()
    assert [given.points for given in panel.model.rows] == [-2]
    panel.table.row_chosen.emit(panel.model.rows[0])
    panel.remove.click()
    test.settle()
    assert not panel.model.rows
    assert "撤回" in test.told.news[-1]


@pytest.mark.parametrize(
    ("reason", "day", "what"), [("表扬", "", "没有填日期"), ("表扬", "某天", "无法识别")]
)
def test_what_is_missing_is_said(shown, reason, day, what):
    test, page = shown
    page.points.reason.setText(reason)
    page.points.day.setText(day)
    page.points.save.click()
    test.settle()
    assert what in str(test.told.errors[-1])


def test_points_without_a_reason_are_refused_by_the_core(shown):
    test, page = shown
    page.points.day.setText("2026-03-05")
    page.points.save.click()
    test.settle()
    assert "事由" in str(test.told.errors[-1])
    assert not page.points.model.rows


def test_rules_are_changed_checked_and_put_back(shown, office):
    test, page = shown
    rules = page.rules
    before = [sheet.total for sheet in page.sheets.rows]
    rules.points["targets"].setValue(40)
    assert "合计 90 分" in rules.sum.text()
    rules.save.click()
    test.settle()
    assert "应为 100 分" in str(test.told.errors[-1])
    rules.points["things"].setValue(35)
    rules.missing.setChecked(False)
    rules.save.click()
    test.settle()
    assert "规则已保存" in test.told.news[-1]
    assert assessment.assess(office, MARCH).changed
    assert [sheet.total for sheet in page.sheets.rows] != before
    rules.restore.click()
    test.settle()
    assert [sheet.total for sheet in page.sheets.rows] == before


def test_ranking_and_score_sheet_are_written(shown, tmp_path, monkeypatch):
    test, _page = shown
    asked = []

    def save(title, name, *_):
        asked.append(name)
        return tmp_path / name

    monkeypatch.setattr(test.files, "save", save)
    test.press("导出排名表")
    test.press("导出计分表")
    assert asked == ["评议考核排名表-2026-03.pdf", "评议考核计分表-区市场监管局-2026-03.pdf"]
    assert all((tmp_path / name).read_bytes().startswith(b"%PDF") for name in asked)


def test_another_period_is_another_score(shown):
    test, page = shown
    page.refresh(str(Period.parse("2026-01")))
    test.settle()
    assert lines(page)["指标完成"].value == "0.00%"
