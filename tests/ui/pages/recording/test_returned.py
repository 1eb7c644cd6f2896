"""A returned report at the unit: seen at once, answered opinion by opinion, gone when accepted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.records.submissions import OpinionAnswer
from fsdesk.domain.steps import run_through
from fsdesk.services.ledger import ledgers
from fsdesk.services.packet import checking, exchange, reviewing
from fsdesk.services.plan import planning
from fsdesk.services.records import opinions
from fsdesk.services.status.gaps import Concern
from tests.services.records.test_opinions import ITEMS, fill
from tests.workspaces import MARCH, import_files
from ui.pages.exchange.exchange import ExchangePage
from ui.pages.overview.overview import OverviewPage
from ui.pages.recording.recording import RecordingPage
from ui.widgets.choice import Choice

WORDS = {"I01-1": "与台账不符", "D01-1-1": "写明日期"}


class Back:
    """The unit's report of March, returned; the answer of the office lies in a folder."""

    def __init__(self, office, unit, folder, clock, rows):
        self.office, self.unit, self.folder, self.clock = office, unit, folder, clock
        for item in ITEMS.values():
            fill(self, *item)
        ledger = planning.ledgers(unit)[0][0]
        ledgers.save_rows(unit, [LedgerEntry("", ledger.code, "scj", {ledger.key[0]: "张三"})])
        self.send("first.xlsx")
        self.rows = rows
        clock.set("2026-04-02T03:00:00+00:00")
        reviewing.return_report(office, "scj", MARCH, "请核对两项", rows)
        run_through(exchange.answer_reports(office, MARCH, folder / "back"))
        (self.answer,) = (folder / "back").iterdir()
        clock.set("2026-04-02T04:00:00+00:00")

    def send(self, name):
        file = self.folder / name
        exchange.export_report(self.unit, MARCH, file)
        import_files(self.office, file)
        return file


@pytest.fixture
def back(office, unit, tmp_path, clock):
    return Back(office, unit, tmp_path, clock, WORDS)


@pytest.fixture
def returned(back):
    import_files(back.unit, back.answer)
    return back


@pytest.fixture
def form(page_test, returned):
    test = page_test(returned.unit)
    test.page = test.show(RecordingPage(test.desk))
    return test


def type_into(field, text):
    """Type what comes from an input method."""
    field.setFocus()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


def answer(test, row, said, words=""):
    type_into(row.words, words)
    row.answer.setCurrentIndex(row.answer.findData(said))
    row.answer.chosen.emit(said)
    test.settle()


def marks(test):
    texts = [test.page.tasks.item(n).text() for n in range(test.page.tasks.count())]
    return [text[0] for text in texts]


def test_taking_the_answer_says_what_it_brought_and_leads_there(page_test, back):
    test = page_test(back.unit)
    page = test.show(ExchangePage(test.desk))
    page.check([back.answer])
    test.settle()
    shown = test.qtbot.waitSignal(page.data_changed)
    with shown:
        page.take.click()
    test.settle()
    assert test.told.warnings[0].startswith("3月报送被退回：请核对两项，2 条意见。")
    assert "3月报送被退回" in page.incoming.result.text()


def test_today_says_it_first_and_leads_to_the_first_opinion(page_test, returned, theme):
    test = page_test(returned.unit)
    page = test.show(OverviewPage(test.desk, theme))
    assert page.returned.isVisible()
    assert page.due_model.rows[0].opinions == 2
    asked = []
    page.period_requested.connect(asked.append)
    page.open_requested.connect(lambda *where: asked.append(where))
    test.press("去修改")
    assert asked == ["2026-03", ("recording", "D01-1-1")]
    assert "任务都已填写" not in page._due_words.text()


def test_the_task_and_the_fields_are_marked_and_listed(form):
    assert marks(form)[0] == "■"
    assert set(form.page.opinions.rows) == set(WORDS)
    view = form.page.forms.views["T01-1"]
    assert set(view.opinions) == set(WORDS)
    assert "请核对两项" in form.page.opinions.head.text()


def test_what_is_answered_is_stored_and_shown_in_both_places(form, returned):
    answer(form, form.page.opinions.rows["I01-1"], OpinionAnswer.EXPLAINED, "原数无误")
    (first, second) = opinions.opinions(returned.unit, "scj", MARCH)
    said = {each.item: each for each in (first, second)}
    assert said["I01-1"].words == "原数无误"
    there = form.page.forms.views["T01-1"].opinions["I01-1"]
    assert (there.answer.value, there.words.text()) == (OpinionAnswer.EXPLAINED, "原数无误")
    assert marks(form)[0] == "■"  # the other one waits
    answer(form, form.page.forms.views["T01-1"].opinions["D01-1-1"], OpinionAnswer.MENDED)
    assert marks(form)[0] != "■"
    assert form.page.opinions.rows["D01-1-1"].answer.value == OpinionAnswer.MENDED


def test_words_alone_are_an_explanation_and_outlive_the_page(page_test, form, returned):
    row = form.page.opinions.rows["I01-1"]
    type_into(row.words, "正在核")
    again = page_test(returned.unit)
    again.desk.drafts._drafts = dict(form.desk.drafts._drafts)  # what a later start finds
    page = again.show(RecordingPage(again.desk))
    assert page.opinions.rows["I01-1"].words.text() == "正在核"
    form.page.may_leave()
    form.settle()
    said = {each.item: each for each in opinions.opinions(returned.unit, "scj", MARCH)}
    assert (said["I01-1"].answer, said["I01-1"].words) == (OpinionAnswer.EXPLAINED, "正在核")


def test_typing_an_explanation_opens_no_window_and_tab_goes_on_within_the_page(form):
    """What would say that something is unsaved stands nowhere there."""
    shown = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    words = form.page.opinions.rows["I01-1"].words
    type_into(words, "正在核")
    assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == shown
    form.qtbot.keyClick(words, Qt.Key.Key_Tab)
    assert form.page.isAncestorOf(QApplication.focusWidget())


def test_exporting_again_says_which_wait_and_leads_back(form, returned):
    form.press("检查并导出")
    waiting = [g for g in form.page.export.model.rows if g.concern is Concern.OPINION]
    assert {gap.item for gap in waiting} == set(WORDS)
    assert "2 项意见未答复" in form.page.export.summary.text()
    form.page.export.table.row_opened.emit(waiting[0])
    form.settle()
    view = form.page.forms.views["T01-1"]
    assert next(e for e in view.editors if e.key.item == waiting[0].item).has_focus


def test_the_answers_reach_the_office_and_acceptance_ends_the_list(form, returned, monkeypatch):
    for item in WORDS:
        answer(form, form.page.opinions.rows[item], OpinionAnswer.MENDED)
    file = returned.folder / "again.xlsx"
    monkeypatch.setattr(form.files, "proposed", lambda *_: file)
    form.press("检查并导出")
    assert "对退回意见的答复 2 条" in form.page.export.holds.text()
    form.press("导出报送包")
    assert form.told.errors == []
    assert len(checking.read(file).answers) == 2
    import_files(returned.office, file)
    there = opinions.opinions(returned.office, "scj", MARCH)
    assert [each.answer for each in there] == [OpinionAnswer.MENDED] * 2
    form.press("返回填报")
    assert form.page.opinions.isVisible()  # until the office has accepted it
    assert "等待区食药安办接收" in form.page.opinions.head.text()

    returned.clock.set("2026-04-02T06:00:00+00:00")
    reviewing.accept(returned.office, "scj", MARCH)
    run_through(exchange.answer_reports(returned.office, MARCH, returned.folder / "accepted"))
    import_files(returned.unit, *(returned.folder / "accepted").iterdir())
    form.page.refresh("2026-03")
    form.settle()
    assert not form.page.opinions.isVisible()
    assert form.page.forms.views["T01-1"].opinions == {}


def test_an_unchanged_export_ends_no_opinion(form, returned):
    returned.send("unchanged.xlsx")
    form.page.refresh("2026-03")
    form.settle()
    assert set(form.page.opinions.rows) == set(WORDS)
    assert marks(form)[0] == "■"


@pytest.mark.parametrize("item", [item for item, *_ in ITEMS.values()])
def test_every_kind_of_item_is_marked_listed_and_leads_to_its_field(
    page_test, office, unit, tmp_path, clock, item
):
    back = Back(office, unit, tmp_path, clock, {item: "请核对"})
    import_files(unit, back.answer)
    test = page_test(unit)
    test.page = test.show(RecordingPage(test.desk))
    assert marks(test)[0] == "■"
    test.press("去修改")
    view = test.page.forms.views["T01-1"]
    assert set(view.opinions) == {item}
    assert next(editor for editor in view.editors if editor.key.item == item).has_focus


def test_the_office_sees_the_words_and_answers_nothing(page_test, returned):
    test = page_test(returned.office)
    page = test.show(RecordingPage(test.desk))
    page._change_unit("scj")
    test.settle()
    assert not page.opinions.isVisible()
    assert not any(view.opinions for view in page.forms.views.values())
    assert not [c for c in page.findChildren(Choice) if c.accessibleName() == "对意见的答复"]
