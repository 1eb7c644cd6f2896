"""The window on 3 December: it opens on November, and what went into December is moved back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.services.packet import checking
from fsdesk.services.records import recording
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.workspaces import Clock, make_office, make_unit, months, note_sent
from ui.pages.exchange.report_export import EXPORT
from ui.pages.recording.move_dialog import MoveDialog
from ui.pages.recording.recording import RecordingPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def unit(unit, clock):
    """A unit that has reported up to October and typed a figure into December."""
    clock.set("2026-12-03T01:00:00+00:00")
    note_sent(unit, "scj", *months(1, 10))
    recording.record_value(unit, "I01-1", "2026-12", DataValue(120))
    recording.record_progress(unit, "T01-2", "2026-12", ProgressReport(text="开会"))
    return unit


@pytest.fixture
def december(page_test, unit):
    test = page_test(unit)
    test.page = RecordingPage(test.desk)
    test.page.period_requested.connect(test.page.refresh)  # as the window does
    test.show(test.page, "2026-12")
    return test


def stored(workspace, item="I01-1", period="2026-11"):
    kind = RecordKind.VALUE if item[0] == "I" else RecordKind.PROGRESS
    with workspace.reading() as session:
        found = records.find(session, RecordKey(kind, item, "scj", period))
    return found.content if found and not found.empty else None


def answering(test, monkeypatch, *answers):
    """Let the user give one answer after another."""
    said, left = test.told.questions, list(answers)

    def ask(question, detail="", verbs=("继续",), *, danger=False):
        said.append((question, detail))
        return left.pop(0)

    monkeypatch.setattr(test.messages, "ask", ask)


def test_the_form_says_which_month_is_owed_and_turns_to_it(december):
    assert december.page.owed.words.text() == "11月尚未报送，正在填写的是12月。"
    december.press("改填11月")
    assert not december.page.owed.isVisible()
    assert "2026年11月" in december.page.header._note.text()


def test_exporting_december_asks_with_both_months_and_turns_to_november(
    december, tmp_path, monkeypatch
):
    monkeypatch.setattr(december.files, "save", lambda *_: tmp_path / "12.xlsx")
    december.page.show_item(EXPORT)
    december.settle()
    export = december.page.export
    assert export.early_words.text().startswith("11月的报送包还没有导出；12月尚未结束。")
    assert not export.export.isEnabled()
    december.press("改到11月")
    assert not (tmp_path / "12.xlsx").exists()
    assert "2026年11月" in december.page.header._note.text()


def test_december_is_exported_all_the_same_when_the_user_says_so(december, tmp_path, monkeypatch):
    file = tmp_path / "12.xlsx"
    monkeypatch.setattr(december.files, "save", lambda *_: file)
    december.page.show_item(EXPORT)
    december.settle()
    december.press("更改…")
    december.page.export.early.click()
    december.press("导出报送包")
    assert checking.read(file).header.period == "2026-12"
    assert "12月尚未结束" in december.page.export.done.text()


def test_with_nothing_owed_december_is_exported_without_that_question(
    december, unit, tmp_path, monkeypatch
):
    note_sent(unit, "scj", "2026-11")
    monkeypatch.setattr(december.files, "save", lambda *_: tmp_path / "12.xlsx")
    december.page.show_item(EXPORT)
    december.settle()
    assert not december.page.export.early.isVisible()
    december.press("更改…")
    december.press("导出报送包")
    assert "12月尚未结束" in december.page.export.done.text()


def dialog_of(test):
    test.press("移到其他月份…")
    dialog = test.page.findChild(MoveDialog)
    test.settle()
    return dialog


def press_in(test, dialog, words):
    box = dialog.findChild(QDialogButtonBox)
    button = next(it for it in box.buttons() if it.text() == words)
    test.qtbot.mouseClick(button, LEFT)
    test.settle()


def lines_of(dialog):
    return [dialog.listed.item(row).text() for row in range(dialog.listed.count())]


def test_what_was_typed_into_december_is_shown_and_moved_to_november(december, unit):
    dialog = dialog_of(december)
    assert dialog.target.name == "11月"
    assert lines_of(dialog) == ["I01-1 抽检批次：本期数 120", "T01-2 部门协作：进展情况 开会"]
    press_in(december, dialog, "移动")
    assert stored(unit) == DataValue(120)
    assert stored(unit, period="2026-12") is None
    assert "已把 2 项由12月移到11月" in december.told.news[-1]
    assert "2026年11月" in december.page.header._note.text()
    assert december.page.undo.toolTip() == "撤销（Ctrl+Z）：把 2 项由12月移到11月"
    december.press("撤销")
    assert stored(unit, period="2026-12") == DataValue(120)
    assert stored(unit) is None
    assert december.told.news[-1] == "已把 2 项由11月移到12月。"


def test_what_is_not_ticked_stays(december, unit):
    dialog = dialog_of(december)
    dialog.listed.item(1).setCheckState(Qt.CheckState.Unchecked)
    press_in(december, dialog, "移动")
    assert stored(unit) == DataValue(120)
    assert stored(unit, "T01-2", "2026-12") == ProgressReport(text="开会")


def test_what_november_holds_already_is_marked_and_cannot_be_ticked(december, unit):
    recording.record_value(unit, "I01-1", "2026-11", DataValue(7))
    dialog = dialog_of(december)
    assert lines_of(dialog)[0] == "▲ I01-1 抽检批次：本期数 120——11月已填了不同的内容"
    assert dialog.items == {"T01-2"}
    press_in(december, dialog, "移动")
    assert stored(unit) == DataValue(7)
    assert stored(unit, "T01-2") == ProgressReport(text="开会")


def test_an_exported_december_says_what_to_do_first(december, unit):
    note_sent(unit, "scj", "2026-12")
    dialog = dialog_of(december)
    assert "请区食药安办退回12月的报送" in dialog.refused.text()
    assert not dialog.move_them.isEnabled()


def test_the_window_opens_on_november_and_says_two_days(start, tmp_path, monkeypatch):
    clock = Clock()
    with make_office(tmp_path / "office", clock) as office:
        made = make_unit(office, tmp_path / "unit", clock=clock)
    clock.set("2026-12-03T01:00:00+00:00")
    with made:
        note_sent(made, "scj", *months(1, 10))
    monkeypatch.setitem(open_workspace.__kwdefaults__, "clock", clock)
    window = start(tmp_path / "unit").window
    assert window.period == "2026-11"
    assert "距 2026年11月报送截止还有 2 天" in window.status.text
    today = window.page("overview")
    assert "2026年11月报送12月5日截止，还有 2 天" in today._due_words.text()
    assert start(tmp_path / "office").window.period == "2026-11"
