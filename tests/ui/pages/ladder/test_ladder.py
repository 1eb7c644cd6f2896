"""取数 in the window: choose, confirm, take over, change back, correct, hand down."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from fsdesk.domain.ladder.drawing import DrawState
from fsdesk.domain.ladder.matching import MatchState
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.ladder import drawing
from fsdesk.services.packet import exchange
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.supervision import supervision
from fsdesk.workspace import open_workspace
from tests.ui import looking
from tests.ui.hands import Hands
from tests.workspaces import MARCH, import_files, note_sent
from ui.pages.exchange.report_export import EXPORT
from ui.pages.ladder.hand_down_dialog import HandDownDialog
from ui.pages.ladder.page import LadderPage
from ui.pages.recording.recording import RecordingPage
from ui.pages.supervision.inbox import InboxPage


@pytest.fixture
def shown(page_test, levels):
    """The page on March, with figures of the district's own."""
    recording.record_value(levels.own, "I01-1", "2026-03", DataValue(40.0), "scj")
    recording.record_value(levels.own, "I01-5", "2026-03", DataValue(7.0), "scj")
    test = page_test(levels.upper)
    return test, test.show(LadderPage(test.desk))


@pytest.fixture
def linked(shown, levels):
    levels.link()
    test, page = shown
    page.refresh("2026-03")
    test.settle()
    return test, page


def line(page, item):
    return next(each for each in page.figures.model.rows if each.key.item == item)


def choose(page, item):
    assert page.figures.table.choose_rows(lambda each: each.key.item == item)


def test_the_own_workspace_is_chosen_once_and_all_proposals_are_confirmed_at_once(shown, levels):
    test, page = shown
    assert page.choice.isVisible()
    assert not page.draw.isEnabled()
    test.press("从它取数")
    assert test.told.news[-1] == "已选择本区的工作区：区食药安办。"
    assert page.figures.isVisible()
    assert {each.state for each in page.figures.model.rows} == {DrawState.UNMATCHED}
    page.tabs.setCurrentIndex(1)
    test.told.answer = "只确认名称相同的 3 项"
    test.press("确认全部建议（6）")
    assert test.told.news[-1] == "已确认 3 项对应关系。"
    question, pairs = test.told.questions[-1][:2]
    assert question == "6 项建议中有 3 项名称只是相近，都是同一件事吗？"
    assert "食品抽检批次 → 抽检批次" in pairs
    test.told.answer = "全部确认"
    test.press("确认全部建议（3）")
    assert line(page, "I07-1").state is DrawState.READY
    page.tabs.setCurrentIndex(0)
    test.press("从本区汇总取数")
    assert test.told.news[-1] == ("已取数 2 项，下级未报的 4 项没有填，未对应的 2 项请手工填报。")
    assert line(page, "I07-1").state is DrawState.SAME
    QAbstractItemModelTester(page.figures.model)
    QAbstractItemModelTester(page.matches.model)


def test_the_row_says_where_its_figure_comes_from(linked):
    _, page = linked
    choose(page, "I07-1")
    assert page.figures.origin.text().startswith("食品抽检批次：I01-1，1/2 个单位已报")
    choose(page, "I07-4")
    assert "请在“对应关系”中确定" in page.figures.origin.text()
    assert not page.figures.again.isEnabled()


def test_what_was_typed_by_hand_is_put_back_only_after_a_yes(linked, levels):
    test, page = linked
    test.press("从本区汇总取数")
    recording.record_value(levels.upper, "I07-1", "2026-03", DataValue(41.0, note="补录"))
    page.refresh("2026-03")
    test.settle()
    choose(page, "I07-1")
    test.press("改回汇总数")
    assert len(test.told.questions) == 1
    assert line(page, "I07-1").present.value == 41.0
    test.told.answer = "改回汇总数"
    test.press("改回汇总数")
    assert line(page, "I07-1").present == DataValue(40.0)


def test_a_correction_below_is_one_click_up_to_the_export(linked, levels):
    test, page = linked
    test.press("从本区汇总取数")
    note_sent(levels.upper, "bjq", "2026-03")
    recording.record_value(levels.own, "I01-1", "2026-03", DataValue(43.0), "scj")
    with test.qtbot.waitSignal(page.badge_changed) as badge:
        page.refresh("2026-03")
    test.settle()
    assert badge.args == [1]
    words = "■ 与已报送不同 1 项：I07-1 食品抽检批次：40，现为 43。"
    assert page.figures.words.text() == words
    page.refresh("2026-04")
    test.settle()
    assert page.figures.words.text() == "■ 3月与已报送不同。"
    with test.qtbot.waitSignal(page.period_requested) as asked:
        test.press("看3月")
    assert asked.args == ["2026-03"]
    page.refresh("2026-03")
    test.settle()
    with test.qtbot.waitSignal(page.open_requested) as opened:
        test.press("更正并导出")
    assert opened.args == ["recording", EXPORT]
    assert not page.figures.differs.isVisible()
    assert line(page, "I07-1").present == DataValue(43.0)


def test_of_an_accepted_report_the_words_are_copied_that_ask_for_reopening(linked, levels):
    test, page = linked
    test.press("从本区汇总取数")
    note_sent(levels.upper, "bjq", "2026-03", state=SubmissionState.ACCEPTED)
    recording.record_value(levels.own, "I01-1", "2026-03", DataValue(43.0), "scj")
    page.refresh("2026-03")
    test.settle()
    assert "需要由上级重新开放" in page.figures.words.text()
    assert not page.draw.isEnabled()
    test.press("复制更正说明")
    assert QGuiApplication.clipboard().text() == (
        "2026年3月报送更正：\nI07-1 食品抽检批次：40，现为 43"
    )


def test_a_match_is_chosen_from_what_fits_and_taken_back(linked):
    test, page = linked
    page.tabs.setCurrentIndex(1)
    tab = page.matches
    tab.table.choose_rows(lambda match: match.upper.code == "I07-1")
    offered = [tab.partners.itemData(n) for n in range(tab.partners.count())]
    assert offered == ["", "I01-1", "I01-2", "I01-7"]  # counts of 批次 that add up
    tab.partners.set_value("I01-2")
    test.press("确认对应")
    assert tab.table.current_row().lower.code == "I01-2"
    test.press("无对应，手工填报")
    assert tab.table.current_row().state is MatchState.NO_PARTNER
    test.press("撤销确定")
    assert tab.table.current_row().state is MatchState.PROPOSED


def test_a_task_is_handed_down_by_a_dialog(linked, levels):
    test, page = linked
    levels.own.close()
    page.tabs.setCurrentIndex(1)
    tab = page.matches
    tab.table.choose_rows(lambda match: match.upper.code == "T07-1")
    assert not tab.hand_down.isEnabled()  # it has a partner
    test.press("撤销确定")
    test.press("分解下达…")
    dialog = page.findChild(HandDownDialog)
    assert not dialog.hand_down.isEnabled()
    for row, name in ((1, "区市场监管局"), (2, "区发改局(农业农村局)")):
        assert dialog.units.item(row).text() == name
        dialog.units.item(row).setCheckState(Qt.CheckState.Checked)
    dialog.lead.set_value("fgj")
    assert "食品抽检批次：本级目标 1300批次，每个单位 650" in dialog.targets.text()
    dialog.hand_down.click()
    test.settle()
    assert "请切换到本级工作区重新下发计划" in test.told.news[-1]
    assert tab.table.current_row().why == "由本项分解下达"
    with open_workspace(levels.own.folder, write=False) as own:
        task = current_plan(own).tasks[-1]
    assert [each.party for each in task.assignments] == ["fgj", "scj"]
    assert [s.target for s in task.indicators[0].shares] == [650, 650]


def test_an_own_workspace_that_is_gone_is_told_and_another_can_be_chosen(linked, levels):
    test, page = linked
    levels.own.close()
    levels.own.folder.rename(levels.own.folder.with_name("away"))
    page.refresh("2026-03")
    test.settle()
    assert "找不到了" in page.choice.problem.text()
    test.press("切换到原来选的工作区")
    assert test.told.switched == [levels.own.folder]
    levels.own.folder.with_name("away").rename(levels.own.folder)
    page.refresh("2026-03")
    test.settle()
    assert page.figures.isVisible()


def test_what_is_refused_is_told_where_it_was_chosen(shown, levels, monkeypatch):
    test, page = shown
    monkeypatch.setattr(test.files, "folder", lambda *_: levels.city.folder)
    test.press("选择文件夹…")
    assert "就是下发这份计划的汇总端" in page.choice.problem.text()


def test_the_form_shows_the_computed_figure_and_asks_for_the_reason(page_test, linked, levels):
    test, _ = linked
    test.press("从本区汇总取数")
    recording.record_value(levels.upper, "I07-1", "2026-03", DataValue(41.0))
    form = page_test(levels.upper)
    page = form.show(RecordingPage(form.desk))
    texts = [each.text() for each in page.findChildren(type(page.review)) if each.isVisible()]
    assert "本级汇总 40，1/2 个单位已报；已手工更改，请在备注中写明原因" in texts
    form.press("检查并导出")
    assert not page.export.may_write


def test_when_the_window_opens_it_says_what_was_corrected_since_it_was_sent(
    start, levels, pc_clock, qtbot
):
    levels.link()
    recording.record_value(levels.own, "I01-1", "2026-03", DataValue(40.0), "scj")
    drawing.draw(levels.upper, MARCH)
    note_sent(levels.upper, "bjq", "2026-03")
    recording.record_value(levels.own, "I01-1", "2026-03", DataValue(43.0), "scj")
    for workspace in (levels.upper, levels.own):
        workspace.close()
    program = start(levels.upper.folder)
    hands = Hands(qtbot, program, None)
    hands.wait(lambda: any("3月与已报送不同" in text for text in hands.told))
    assert program.window.navigation.badge("ladder") == 1
    hands.click(hands.button("查看"))
    assert program.window.current_key == "ladder"


def test_a_letter_from_the_city_shows_who_lags_below(page_test, levels, tmp_path):
    levels.link()
    recording.record_value(levels.own, "I01-1", "2026-03", DataValue(5.0), "scj")
    note_sent(levels.own, "fgj", "2026-03")
    levels.clock.set("2026-04-20T01:00:00+00:00")
    recording.record_value(levels.city, "I07-1", "2026-03", DataValue(5.0), "bjq")
    drafted = supervision.draft_for(levels.city, MARCH, "bjq", LetterKind.REMINDER)
    supervision.issue(levels.city, [drafted.key])
    answers = run_through(exchange.answer_reports(levels.city, MARCH, tmp_path / "out"))
    import_files(levels.upper, next(each.file for each in answers if each.unit == "bjq"))
    test = page_test(levels.upper)
    page = test.show(InboxPage(replace(test.desk, climbs=True)))
    lines = page.below.text().splitlines()
    assert lines[0] == "本级落实情况（截至2026年3月）："
    assert lines[1].startswith("■ 区市场监管局　T01-1 抽检监测　滞后，已达")
    assert lines[-1] == "3月报送本级未报的单位：区市场监管局、西兴街道"
    plain = page_test(levels.upper)
    assert not plain.show(InboxPage(plain.desk)).below.isVisible()


@pytest.mark.parametrize("size", [(1366, 728), (911, 485)])  # the second: the same at 150 %
def test_nothing_is_cut_off_or_out_of_reach_on_a_small_screen(linked, levels, size):
    test, page = linked
    test.press("从本区汇总取数")
    note_sent(levels.upper, "bjq", "2026-03")
    recording.record_value(levels.own, "I01-1", "2026-03", DataValue(43.0), "scj")
    page.refresh("2026-03")
    test.settle()
    test.window.resize(*size)
    assert page.figures.differs.isVisible()
    for tab in range(page.tabs.count()):
        page.tabs.setCurrentIndex(tab)
        looking.settle()
        assert looking.clipped(test.window) == []
        assert looking.misplaced(test.window) == []
    page.other.click()
    looking.settle()
    assert page.choice.isVisible()
    assert (looking.clipped(test.window), looking.misplaced(test.window)) == ([], [])
