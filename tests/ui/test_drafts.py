"""What is typed and not stored: kept by place, through refresh, closing and a kill."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from fsdesk.domain.drafts import FieldDraft
from fsdesk.domain.findings import InputRejectedError, error
from fsdesk.services import drafts as service
from tests.ui.desks import WAIT
from ui.drafts import Drafts
from ui.widgets.kept_fields import KeptFields


@pytest.fixture
def test(unit, page_test):
    return page_test(unit)


@pytest.fixture
def form(test):
    """A form of a text and a line, in a window."""
    return Form(test)


class Form:
    def __init__(self, test):
        self.drafts = test.desk.drafts
        frame = QWidget()
        self.kept = KeptFields(self.drafts, frame)
        self.text = self.kept.add("text", QPlainTextEdit())
        self.line = self.kept.add("line", QLineEdit())
        self.text.setAccessibleName("回复")
        column = QVBoxLayout(frame)
        for part in (self.text, self.line, self.kept.note):
            column.addWidget(part)
        QVBoxLayout(test.window).addWidget(frame)
        test.window.show()

    def show(self, thing="inbox/k1", text="", line=""):
        self.kept.show(thing, {"text": text, "line": line})


def written(qtbot, workspace, place):
    """Wait until the workspace has a draft, and give its value."""
    qtbot.waitUntil(lambda: place in service.kept(workspace), timeout=WAIT)
    return service.kept(workspace)[place].value


def test_what_was_typed_outlives_a_refresh_and_another_choice(form):
    form.show()
    form.text.setPlainText("正在整改")
    form.show()
    assert form.text.toPlainText() == "正在整改"
    form.show("inbox/k2", text="别的回复")
    assert form.text.toPlainText() == "别的回复"
    assert form.kept.note.text == ""
    form.show()
    assert form.text.toPlainText() == "正在整改"
    assert "未保存" in form.kept.note.text


def test_a_kill_takes_at_most_half_a_second_however_long_other_work_takes(qtbot, unit, test, form):
    form.show()
    test.runner.run(iter_forever := _Slow())
    form.text.setPlainText("断电前写的")
    assert written(qtbot, unit, "inbox/k1/text") == "断电前写的"
    iter_forever.ends = True
    # Another window on what lies in the folder now, the first one not having been closed.
    later = Drafts(unit, test.runner, test.messages, service.kept(unit))
    assert later.get("inbox/k1/text") == FieldDraft("断电前写的", "")


class _Slow:
    """A job that works until it is told to end."""

    ends = False

    def __call__(self):
        while not self.ends:
            yield None


def test_a_refresh_moves_no_cursor_and_takes_no_undo(form):
    form.show(text="已整改")
    form.text.appendPlainText("并复查")
    cursor = form.text.textCursor()
    cursor.setPosition(2)
    form.text.setTextCursor(cursor)
    form.show(text="已整改")
    assert form.text.textCursor().position() == 2
    assert form.text.document().isUndoAvailable()


def test_what_was_stored_meanwhile_is_told_beside_the_field_and_both_are_at_hand(form):
    form.show(text="甲")
    form.text.setPlainText("我的")
    form.show(text="乙")
    assert form.text.toPlainText() == "我的"
    assert "“回复”" in form.kept.note.text
    assert "“乙”" in form.kept.note.text
    form.kept.note.keep_mine.click()
    assert form.text.toPlainText() == "我的"
    assert "乙" not in form.kept.note.text

    form.show(text="丙")
    form.kept.note.take_stored.click()
    assert form.text.toPlainText() == "丙"
    assert form.kept.note.text == ""
    assert not form.kept.unsaved


def test_a_draft_ends_when_it_was_stored_and_not_before(form):
    form.show()
    form.text.setPlainText("已整改 ")
    stored = form.kept.handed_over()
    form.show()  # a refresh while it is being stored
    assert form.text.toPlainText() == "已整改 "
    stored()
    form.show(text="已整改")
    assert form.text.toPlainText() == "已整改"
    assert not form.drafts.under("")


def test_what_is_typed_on_while_storing_stays_unsaved(form):
    form.show()
    form.text.setPlainText("已整改")
    stored = form.kept.handed_over()
    form.text.setPlainText("已整改，附照片")
    stored()
    form.show(text="已整改")
    assert form.text.toPlainText() == "已整改，附照片"
    assert "变动" not in form.kept.note.text  # what is stored is what the user handed over


def test_giving_up_and_typing_back_end_a_draft(form):
    form.show(text="甲", line="一")
    form.text.setPlainText("乙")
    form.line.setText("二")
    form.kept.note.give_up.click()
    assert (form.text.toPlainText(), form.line.text()) == ("甲", "一")
    form.line.setText("二")
    form.line.setText("一")
    assert not form.drafts.under("")


def test_marks_are_told_at_the_first_letter_and_at_the_end(form):
    told = []
    form.drafts.marked.connect(told.append)
    form.show()
    form.text.setPlainText("一")
    form.text.setPlainText("一二")
    assert form.drafts.waits("inbox/k1")
    assert not form.drafts.waits("inbox/k")
    form.text.clear()
    assert told == ["inbox/k1/text"] * 2


def test_other_entries_of_a_choice_are_no_typing(test):
    frame = QWidget(test.window)
    kept = KeptFields(test.desk.drafts, frame)
    choice = kept.add("unit", QComboBox(frame))
    choice.addItems(["甲街道", "乙街道"])
    kept.show("points", {"unit": "甲街道"})
    choice.clear()
    choice.addItems(["乙街道", "甲街道"])
    assert not test.desk.drafts.under("")
    choice.setCurrentIndex(0)
    choice.activated.emit(0)
    assert test.desk.drafts.get("points/unit") == FieldDraft("乙街道", "甲街道")


def test_closing_writes_at_once_and_asks_only_where_that_fails(unit, test, form, monkeypatch):
    form.show()
    form.text.setPlainText("刚写的")
    assert form.drafts.may_leave()
    assert service.kept(unit)["inbox/k1/text"].value == "刚写的"

    def full(*_):
        raise InputRejectedError(error("磁盘已满"))

    monkeypatch.setattr(service, "keep", full)
    form.text.setPlainText("又写的")
    assert not form.drafts.may_leave()
    ((question, _),) = test.told.questions
    assert "没能存下" in question
    monkeypatch.undo()
    assert form.drafts.may_leave()
    assert service.kept(unit)["inbox/k1/text"].value == "又写的"


def test_a_failure_is_told_once_and_tried_again(qtbot, unit, test, form, monkeypatch):
    monkeypatch.setattr("ui.drafts._AGAIN_MS", 20)
    keep, fails = service.keep, []

    def sometimes(*given):
        if len(fails) < 2:
            fails.append(1)
            raise InputRejectedError(error("磁盘已满"))
        keep(*given)

    monkeypatch.setattr(service, "keep", sometimes)
    form.show()
    form.text.setPlainText("正在整改")
    assert written(qtbot, unit, "inbox/k1/text") == "正在整改"
    assert len(test.told.errors) == 1
