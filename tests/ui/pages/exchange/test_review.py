"""审核: the office reads a report row by row, accepts it, returns it, or leaves it out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from fsdesk.domain.records.records import DataValue, ProgressReport
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import exchange, importing, reviewing
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from tests.held import review_of
from tests.workspaces import MARCH
from ui.pages.exchange.exchange import ExchangePage
from ui.pages.recording.recording import RecordingPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def review(page_test, office, unit, tmp_path):
    recording.record_value(unit, "I01-1", "2026-03", DataValue(120))
    recording.record_progress(unit, "T01-1", "2026-03", ProgressReport(text="已抽检"))
    file = exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx").file
    run_through(importing.import_packets(office, [file]))
    test = page_test(office)
    test.page = test.show(ExchangePage(test.desk))
    test.panel = test.page.review
    test.page.tabs.setCurrentWidget(test.panel)
    test.settle()
    return test


def click(test, button):
    test.qtbot.mouseClick(button, LEFT)
    test.settle()


def state(office):
    return {r.unit: r.state for r in aggregation.reports_of(office, MARCH)}["scj"]


def test_a_report_is_read_row_by_row(review):
    shown = [[review.panel.rows.index(r, c).data() for c in range(2)] for r in range(2)]
    assert shown[0] == ["T01-1 抽检监测", "进展情况 已抽检"]
    assert shown[1] == ["I01-1 抽检批次", "本期数 120"]


def test_a_report_is_accepted_with_the_words_on_its_rows(review, office):
    review.panel.rows_table.selectRow(1)
    review.panel.comment.setText("下月请附明细")
    review.panel.comment.textEdited.emit("下月请附明细")
    click(review, review.panel.accept)
    assert state(office) == "accepted"
    said = review_of(office, "scj", MARCH)
    assert [(row.record.item, row.comment) for row in said.rows] == [("I01-1", "下月请附明细")]


def test_returning_needs_a_reason_and_carries_words_on_rows(review, office):
    click(review, review.panel.give_back)
    assert state(office) == "submitted"
    assert "写明原因" in review.told.warnings[0]
    review.panel.rows_table.selectRow(1)
    review.panel.comment.setText("与台账不一致")
    review.panel.comment.textEdited.emit("与台账不一致")
    review.panel.overall.setText("请补正")
    click(review, review.panel.give_back)
    assert state(office) == "returned"
    said = review_of(office, "scj", MARCH)
    assert [(row.record.item, row.comment) for row in said.rows] == [("I01-1", "与台账不一致")]


def test_all_that_wait_are_accepted_after_a_question(review, office):
    review.told.answer = "接收"
    click(review, review.panel.accept_all)
    assert state(office) == "accepted"
    assert not review.panel.accept_all.isEnabled()


def test_data_is_left_out_with_a_reason_and_taken_in_again(review, office):
    click(review, review.panel.leave_out)
    assert "写明原因" in review.told.warnings[0]
    review.panel.overall.setText("待核实")
    click(review, review.panel.leave_out)
    assert aggregation.status(office, MARCH).indicators[0].figure.value is None
    assert review.panel.leave_out.text() == "恢复计入"
    click(review, review.panel.leave_out)
    assert aggregation.status(office, MARCH).indicators[0].figure.value == 120


def test_a_unit_that_has_not_reported_can_not_be_reviewed(review):
    review.panel.units_table.selectRow(1)
    review.settle()
    assert not review.panel.accept.isEnabled()
    assert not review.panel.comment.isEnabled()


def test_the_unit_sees_what_to_mend(review, office, unit, tmp_path, page_test):
    reviewing.return_report(office, "scj", MARCH, "请补正", {"I01-1": "与台账不一致"})
    (answer,) = run_through(exchange.answer_reports(office, MARCH, tmp_path / "反馈"))
    run_through(importing.import_packets(unit, [answer.file]))
    test = page_test(unit)
    page = test.show(RecordingPage(test.desk))
    assert page.opinions.isVisible()
    assert "请补正" in page.opinions.head.text()
    page.tasks.choose("T01-1")
    texts = [each.text() for each in page.forms.currentWidget().findChildren(type(page.review))]
    assert "■ 区食药安办意见：与台账不一致" in texts


def test_an_accepted_report_is_opened_again_with_a_reason(review, office, unit, page_test):
    click(review, review.panel.accept)
    assert (review.panel.give_back.text(), review.panel.accept.isEnabled()) == ("重新开放", False)
    click(review, review.panel.give_back)
    assert "重新开放时要写明原因" in review.told.warnings[0]
    review.panel.overall.setText("口径调整")
    click(review, review.panel.give_back)
    assert state(office) == "reopened"
    assert review.panel.give_back.text() == "退回"


def test_the_unit_reads_what_is_locked_until_it_is_opened_again(
    review, office, unit, clock, tmp_path, page_test
):
    test = page_test(unit)
    page = test.show(RecordingPage(test.desk))

    def told(hour):
        clock.set(f"2026-04-03T0{hour}:00:00+00:00")
        (answer,) = run_through(exchange.answer_reports(office, MARCH, tmp_path / str(hour)))
        run_through(importing.import_packets(unit, [answer.file]))
        page.refresh("2026-03")
        test.settle()
        return page.review.text(), {each.isEnabled() for each in page.forms.editors}

    reviewing.accept(office, "scj", MARCH)
    words, changeable = told(1)
    assert ("内容已锁定" in words, changeable) == (True, {False})
    reviewing.reopen(office, "scj", MARCH, "口径调整")
    words, changeable = told(2)
    assert ("已重新开放本期报送：口径调整" in words, changeable) == (True, {True})
