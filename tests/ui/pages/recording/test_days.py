"""完成日期: every form that a ledger takes, words such as 今天, and a calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QDate, QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication

from fsdesk.domain.records.records import Milestone, RecordKey, RecordKind, Status
from fsdesk.domain.typed import CellError, read_date
from fsdesk.store.records import records
from ui.pages.recording.recording import RecordingPage

# One of every form in which people write a day; the ledger takes all of them in its year.
FORMS = (
    "2026-03-05", "2026-3-5", "2026/3/5", "2026.3.5", "2026年3月5日", "2026年3月5号", "20260305",
    "3-5", "03-05", "3/5", "3.5", "3月5日", "3月5号", "2026-03-05 09:30", "２０２６－３－５",
)  # fmt: skip
NONE = ("26-3-5", "3月", "2026-02-30", "很早")


@pytest.fixture
def form(page_test, unit):
    test = page_test(unit)
    test.page = test.show(RecordingPage(test.desk))
    view = test.page.forms.views["T01-1"]
    test.thing = next(each for each in view.editors if each.key.item == "D01-1-1")
    return test


def stored(workspace):
    with workspace.reading() as session:
        found = records.find(session, RecordKey(RecordKind.MILESTONE, "D01-1-1", "scj", "2026-03"))
    return found.content if found else Milestone()


def type_day(test, text):
    day = test.thing.day
    day.setFocus()
    day.clear()
    day.insert(text)
    test.qtbot.keyClick(day, Qt.Key.Key_Tab)
    test.settle()


@pytest.mark.parametrize("text", FORMS)
def test_every_form_that_the_ledger_takes_is_taken(form, unit, text):
    assert read_date(text, 2026) == date(2026, 3, 5)
    type_day(form, text)
    assert stored(unit).done_on == date(2026, 3, 5)
    assert form.thing.day.text() == "2026-03-05"  # people see what was understood


@pytest.mark.parametrize("text", NONE)
def test_what_the_ledger_refuses_is_refused_and_stays_as_typed(form, unit, text):
    with pytest.raises(CellError):
        read_date(text, 2026)
    type_day(form, text)
    assert form.thing.wrong
    assert form.thing.day.text() == text
    assert stored(unit).done_on is None


@pytest.mark.parametrize(("word", "ago"), [("今天", 0), ("昨天", 1), ("前天", 2)])
def test_words_for_days_are_taken(form, word, ago):
    type_day(form, word)
    wanted = datetime.now().astimezone().date() - timedelta(days=ago)
    assert form.thing.day.text() == wanted.isoformat()


def test_a_day_is_picked_from_the_calendar(form, unit):
    form.thing.day.open.trigger()
    calendar = form.thing.day.calendar
    assert calendar.isVisible()
    calendar.month.clicked.emit(QDate(2026, 3, 9))
    form.settle()
    assert stored(unit).done_on == date(2026, 3, 9)


def test_today_is_one_press_in_the_calendar(form):
    form.thing.day.show_calendar()
    form.qtbot.mouseClick(form.thing.day.calendar.today, Qt.MouseButton.LeftButton)
    form.settle()
    assert form.thing.day.text() == datetime.now().astimezone().date().isoformat()


def test_a_warning_goes_when_its_cause_was_mended_elsewhere(form, unit):
    view = form.page.forms.views["T01-1"]
    whole, part = view.editors[0], view.editors[1]
    for editor, number in ((whole, "50"), (part, "40"), (whole, "30")):
        editor.first.setFocus()
        editor.first.setText(number)
        QApplication.sendEvent(editor.first, QFocusEvent(QEvent.Type.FocusOut))
        form.settle()
    assert "大于" in whole.words.text()
    part.first.setFocus()
    part.first.setText("10")
    QApplication.sendEvent(part.first, QFocusEvent(QEvent.Type.FocusOut))
    form.settle()
    assert "大于" not in whole.words.text()


@pytest.mark.parametrize("how", ["now", "loading"])
def test_a_task_that_is_opened_takes_the_cursor_to_its_first_empty_field(form, how):
    if how == "loading":
        form.page.refresh("2026-03")
    form.page.show_item("T01-2")
    form.settle()
    report = form.page.forms.views["T01-2"].editors[0]
    assert report.status.hasFocus()
    report.status.set_value(Status.UNDER_WAY)
    report.flush()
    form.settle()
    form.page.show_item("T01-2")
    form.settle()
    assert (
        report.texts[0].hasFocus() or form.page.forms.views["T01-2"].editors[0].texts[0].hasFocus()
    )


def test_the_export_waits_until_the_form_is_there(page_test, unit):
    test = page_test(unit)
    page = RecordingPage(test.desk)
    page.refresh("2026-03")
    assert not page.header.primary.isEnabled()
    assert "正在载入" in page.forms.currentWidget().text()
    test.settle()
    assert page.header.primary.isEnabled()
    page.deleteLater()


def test_after_a_refresh_the_cursor_goes_on_where_it_was_and_never_to_the_export(form):
    form.thing.day.setFocus()
    form.page.refresh("2026-03")
    form.settle()
    assert form.page.forms.isAncestorOf(QApplication.focusWidget())
