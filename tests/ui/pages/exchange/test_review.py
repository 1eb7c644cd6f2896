"""审核: the office judges report by report with keys and mouse; nothing typed is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.domain.records.submissions import OpinionAnswer
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import exchange, importing, reviewing
from fsdesk.services.records import evidence, opinions, recording
from fsdesk.services.status import aggregation
from tests.held import review_of
from tests.workspaces import MARCH, make_unit
from ui.pages.exchange.exchange import ExchangePage
from ui.pages.exchange.places import ExchangePlace
from ui.pages.recording.recording import RecordingPage

LEFT = Qt.MouseButton.LeftButton
WAIT = 20_000


@pytest.fixture
def other(office, unit, clock, tmp_path):
    """A second unit with a report."""
    with make_unit(office, tmp_path / "xx", "xx", clock) as workspace:
        recording.record_progress(workspace, "T01-2", "2026-03", ProgressReport(text="西兴"))
        yield workspace


@pytest.fixture
def review(page_test, office, unit, other, tmp_path):
    """The review with the reports of two units, the first of which is chosen."""
    recording.record_value(unit, "I01-1", "2026-02", DataValue(300))
    recording.record_value(unit, "I01-1", "2026-03", DataValue(120))
    recording.record_progress(unit, "T01-1", "2026-03", ProgressReport(text="已抽检"))
    proof = tmp_path / "证.txt"
    proof.write_text("证", encoding="utf-8")
    evidence.attach(unit, RecordKey(RecordKind.PROGRESS, "T01-1", "scj", "2026-03"), proof)
    february = Period.parse("2026-02")
    files = [
        exchange.export_report(unit, february, tmp_path / "二月.xlsx").file,
        exchange.export_report(unit, MARCH, tmp_path / "市监.zip").file,
        exchange.export_report(other, MARCH, tmp_path / "西兴.xlsx").file,
    ]
    run_through(importing.import_packets(office, files))
    test = page_test(office)
    test.page = test.show(ExchangePage(test.desk))
    test.panel = test.page.review
    test.page.show_item(ExchangePlace.REVIEW)
    test.qtbot.waitUntil(lambda: test.panel._doubts is not None, timeout=WAIT)
    test.settle()
    return test


def click(test, button):
    test.qtbot.mouseClick(button, LEFT)
    test.settle()


def press(test, *keys):
    """Press keys where the cursor stands."""
    for key in keys:
        test.qtbot.keyClick(QApplication.focusWidget(), key)
    test.settle()


def type_in(test, field, words):
    field.setFocus()
    field.selectAll()
    test.qtbot.keyClicks(field, words)


def choose(test, item):
    table = test.panel.rows_table
    table.choose_row(next(row for row in test.panel.rows.rows if row.key.item == item))


def choose_report(test, unit):
    model = test.panel.reports.model
    test.panel.reports.table.choose_row(next(row for row in model.rows if row.unit == unit))
    test.settle()


def state(office, unit="scj"):
    return {r.unit: r.state for r in aggregation.reports_of(office, MARCH)}[unit]


def row_of(test, item):
    rows = [row.key.item for row in test.panel.rows.rows]
    columns = test.panel.rows.columns
    return {
        column.title: test.panel.rows.index(rows.index(item), place).data()
        for place, column in enumerate(columns)
    }


def test_each_record_stands_beside_what_it_is_judged_by(review):
    row = row_of(review, "I01-1")
    assert row["项目"] == "I01-1 抽检批次"
    assert (row["上期"], row["本期"], row["累计"]) == ("300", "120", "420")
    assert row["目标"] == "合计≥1200批次"
    assert row_of(review, "T01-1")["佐证"] == "1"
    assert row_of(review, "I01-5")["本期"] == "未报"
    choose(review, "T01-1")
    assert "进展情况：已抽检" in review.panel.detail.text.toPlainText()
    assert [link.toolTip() for link in review.panel.detail.files.links] == ["证.txt"]
    choose(review, "I01-1")
    assert "上期：本期数 300" in review.panel.detail.beside.toPlainText()


def test_all_units_are_seen_with_what_is_new(review):
    listed = review.panel.reports
    assert listed.words.text() == "已审 0/2，应报 3"
    assert review.page.tabs.tabText(2) == "审核（2）"
    shown = [[listed.model.index(r, c).data() for c in range(3)] for r in range(3)]
    assert shown == [
        ["区市场监管局", "待审核", ""],  # it is looked at now
        ["区发改局(农业农村局)", "未报", ""],
        ["西兴街道", "待审核", "未看"],
    ]


def test_opinions_stay_as_typed_over_other_rows_units_and_a_refresh(review):
    panel = review.panel
    choose(review, "I01-1")
    type_in(review, panel.comment, "check the ledger")
    type_in(review, panel.overall, "please mend")
    assert "意见" in row_of(review, "I01-1")["标记"]
    choose_report(review, "xx")
    assert (panel.comment.text(), panel.overall.text()) == ("", "")
    type_in(review, panel.overall, "another")
    review.page.refresh("2026-03")
    review.settle()
    assert panel.overall.text() == "another"
    choose_report(review, "scj")
    assert panel.overall.text() == "please mend"
    choose(review, "T01-1")
    assert panel.comment.text() == ""
    choose(review, "I01-1")
    assert panel.comment.text() == "check the ledger"
    news = [panel.reports.model.index(row, 2).data() for row in range(3)]
    assert news == ["意见未发", "", "意见未发"]


def test_a_report_is_returned_with_all_that_was_typed_and_that_is_taken_back(review, office):
    panel = review.panel
    click(review, panel.give_back)
    assert state(office) == "submitted"
    assert "写明原因" in review.told.warnings[0]
    choose(review, "I01-1")
    type_in(review, panel.comment, "differs")
    choose(review, "T01-1")  # the opinion on the other row goes along all the same
    type_in(review, panel.overall, "mend")
    click(review, panel.give_back)
    assert state(office) == "submitted"  # nobody said yes
    question, detail = review.told.questions[-1]
    assert question == "退回区市场监管局3月的报送吗？"
    assert "I01-1 抽检批次：differs" in detail
    review.told.answer = "退回"
    click(review, panel.give_back)
    assert state(office) == "returned"
    said = review_of(office, "scj", MARCH)
    assert (said.comment, [(r.record.item, r.comment) for r in said.rows]) == (
        "mend",
        [("I01-1", "differs")],
    )
    assert panel.reports.current().unit == "xx"  # the next that waits
    review.told.offers["撤销"]()
    review.settle()
    assert state(office) == "submitted"
    choose_report(review, "scj")
    assert panel.overall.text() == "mend"
    choose(review, "I01-1")
    assert panel.comment.text() == "differs"


def test_the_words_of_a_returned_report_are_shown_afterwards(review, office):
    reviewing.return_report(office, "scj", MARCH, "请补正", {"I01-1": "与台账不一致"})
    review.page.refresh("2026-03")
    review.settle()
    choose_report(review, "scj")
    choose(review, "I01-1")
    assert review.panel.overall.text() == "请补正"
    assert review.panel.comment.text() == "与台账不一致"
    assert "意见" in row_of(review, "I01-1")["标记"]
    click(review, review.panel.history)
    told = review.panel.detail.history.toPlainText()
    assert "退回：请补正" in told
    assert "I01-1 抽检批次：与台账不一致" in told
    assert told.index("收到报送") < told.index("退回")


def test_what_the_unit_answered_stands_beside_its_record(review, office, unit, clock, tmp_path):
    clock.set("2026-04-03T01:00:00+00:00")
    reviewing.return_report(office, "scj", MARCH, "请补正", {"I01-1": "与台账不一致"})
    (answer,) = run_through(exchange.answer_reports(office, MARCH, tmp_path / "反馈"))
    run_through(importing.import_packets(unit, [answer.file]))
    clock.set("2026-04-04T01:00:00+00:00")
    recording.record_value(unit, "I01-1", "2026-03", DataValue(130))
    opinions.answer(unit, MARCH, "I01-1", OpinionAnswer.EXPLAINED, "台账补录了十批")
    again = exchange.export_report(unit, MARCH, tmp_path / "再报.xlsx").file
    run_through(importing.import_packets(office, [again]))
    review.page.refresh("2026-03")
    review.settle()
    choose_report(review, "scj")
    assert review.panel.reports.current().waits
    choose(review, "I01-1")
    assert "已答复" in row_of(review, "I01-1")["标记"]
    beside = review.panel.detail.beside.toPlainText()
    assert "上次的意见：与台账不一致。单位答复：说明：台账补录了十批。" in beside


def test_a_month_is_judged_by_keys(review, office):
    panel = review.panel
    panel.rows_table.setFocus()
    panel.rows_table.selectRow(0)
    press(review, Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_K)
    assert panel.rows_table.currentIndex().row() == 1
    press(review, Qt.Key.Key_A)
    assert state(office) == "accepted"
    assert review.told.news[-1] == "已接收区市场监管局3月的报送并锁定。"
    assert panel.reports.current().unit == "xx"
    assert panel.reports.words.text() == "已审 1/2，应报 3"
    type_in(review, panel.overall, "jakrn")  # letters that are typed do nothing else
    assert (panel.overall.text(), state(office, "xx")) == ("jakrn", "submitted")
    panel.rows_table.setFocus()
    review.told.answer = "退回"
    press(review, Qt.Key.Key_R)
    assert state(office, "xx") == "returned"
    assert not panel.reports.next.isEnabled()
    choose_report(review, "scj")
    click(review, panel.take_back)
    assert state(office) == "submitted"


def test_the_list_of_reports_is_walked_by_keys(review):
    panel = review.panel
    panel.reports.table.setFocus()
    press(review, Qt.Key.Key_J, Qt.Key.Key_J)
    assert panel.reports.current().unit == "xx"
    press(review, Qt.Key.Key_N)
    assert panel.reports.current().unit == "scj"


def test_all_that_wait_are_accepted_after_being_shown_and_taken_back(review, office):
    type_in(review, review.panel.overall, "later")
    click(review, review.panel.accept_all)
    assert state(office) == "submitted"
    question, detail = review.told.questions[-1]
    assert question == "接收 2 份报送吗？"
    assert "将接收并锁定 2 份：区市场监管局、西兴街道" in detail
    assert "写了意见还没有发的：区市场监管局" in detail
    review.told.answer = "接收"
    click(review, review.panel.accept_all)
    assert (state(office), state(office, "xx")) == ("accepted", "accepted")
    assert not review.panel.accept_all.isEnabled()
    review.told.offers["撤销"]()
    review.settle()
    assert (state(office), state(office, "xx")) == ("submitted", "submitted")


def test_what_went_out_with_a_feedback_packet_is_not_taken_back(review, office, tmp_path):
    click(review, review.panel.accept)
    choose_report(review, "scj")
    assert review.panel.take_back.isEnabled()
    run_through(exchange.answer_reports(office, MARCH, tmp_path / "反馈"))
    review.page.refresh("2026-03")
    review.settle()
    assert not review.panel.take_back.isEnabled()


def test_data_is_left_out_with_a_reason_and_taken_in_again(review, office):
    click(review, review.panel.leave_out)
    assert "写明原因" in review.told.warnings[0]
    type_in(review, review.panel.overall, "doubtful")
    click(review, review.panel.leave_out)
    assert aggregation.status(office, MARCH).indicators[0].figure.value == 300
    assert review.panel.leave_out.text() == "恢复计入"
    click(review, review.panel.leave_out)
    assert aggregation.status(office, MARCH).indicators[0].figure.value == 420


def test_a_unit_that_has_not_reported_can_not_be_reviewed(review):
    choose_report(review, "fgj")
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
    choose_report(review, "scj")
    assert (review.panel.give_back.text(), review.panel.accept.isEnabled()) == ("重新开放", False)
    click(review, review.panel.give_back)
    assert "重新开放时要写明原因" in review.told.warnings[0]
    type_in(review, review.panel.overall, "adjusted")
    click(review, review.panel.give_back)
    assert state(office) == "reopened"
    choose_report(review, "scj")
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
