"""日程 shows a month, what is due, and takes what people add."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester

from fsdesk.domain.agenda.agenda import Event, EventKind
from fsdesk.services.agenda import agenda
from ui.pages.agenda.agenda import DAY, MONTH, WEEK, CalendarPage
from ui.pages.overview.overview import OverviewPage


@pytest.fixture
def shown(office, page_test):
    test = page_test(office)
    page = test.show(CalendarPage(test.desk))
    return test, page


def titles(page):
    return [row[0].title for row in page.model.rows]


def test_the_week_is_listed_first_with_what_is_overdue(shown):
    _test, page = shown  # today is Thursday, 2 April 2026
    QAbstractItemModelTester(page.model)
    assert page.which.value == WEEK
    assert "制定抽检计划" in titles(page)  # was due on 31 March
    assert "3月报送截止" in titles(page)  # due on Sunday, 5 April
    assert "4月报送截止" not in titles(page)


def test_a_click_on_a_day_lists_it_and_arrows_go_on_over_the_months_end(shown, qtbot):
    _test, page = shown
    page.grid.setFocus()
    place = page.grid.days.index(date(2026, 3, 31))
    box = page.grid._box(place)
    qtbot.mouseClick(
        page.grid,
        Qt.MouseButton.LeftButton,
        pos=QPoint(int(box.center().x()), int(box.center().y())),
    )
    assert page.which.value == DAY
    assert titles(page) == ["制定抽检计划"]
    assert page.grid.days[0] == date(2026, 2, 23)  # the sheet turned to March
    qtbot.keyClick(page.grid, Qt.Key.Key_Right)
    assert page.grid.chosen == date(2026, 4, 1)


def test_holidays_are_named_on_the_sheet(shown):
    _test, page = shown
    facts = page.grid._facts[date(2026, 4, 6)]
    assert (facts.worked, facts.name) == (False, "清明")


def test_a_campaign_is_typed_in_changed_and_removed(shown, office):
    test, page = shown
    page.form.title.setText("铁拳行动")
    page.form.first.setText("2026年4月1日")
    page.form.last.setText("2026-06-30")
    page.form.save.click()
    test.settle()
    assert "铁拳行动" in test.told.news[-1]
    assert "铁拳行动" in titles(page)
    row = next(row for row in page.model.rows if row[0].own)
    page.table.row_chosen.emit(row)
    page.form.title.setText("铁拳行动二期")
    page.form.save.click()
    test.settle()
    assert [e.title for e in agenda.agenda(office).events if e.own] == ["铁拳行动二期"]
    row = next(row for row in page.model.rows if row[0].own)
    page.table.row_chosen.emit(row)
    page.form.remove.click()
    test.settle()
    assert not [e for e in agenda.agenda(office).events if e.own]


def test_another_row_takes_ones_own_entry_out_of_the_form(shown, office):
    test, page = shown
    page.form.title.setText("铁拳行动")
    page.form.first.setText("2026年4月1日")
    page.form.save.click()
    test.settle()
    assert page.table.choose_rows(lambda row: row[0].own)
    assert page.form.title.text() == "铁拳行动"
    assert page.table.choose_rows(lambda row: not row[0].own)
    assert page.form.title.text() == ""
    assert not page.form.remove.isVisible()


@pytest.mark.parametrize("typed", ["", "3月35日", "昨天"])
def test_a_day_that_cannot_be_read_is_refused_in_words(shown, typed):
    test, page = shown
    page.form.title.setText("会议")
    page.form.first.setText(typed)
    page.form.save.click()
    test.settle()
    assert "开始日期" in str(test.told.errors[-1])
    assert page.form.title.text() == "会议"


def test_turning_the_month_lists_it(shown):
    _test, page = shown
    page.which.set_value(MONTH)
    page._turn(1)
    assert titles(page) == ["4月报送截止", "4月锁定日"]
    page._turn(-1)
    page._turn(-4)
    assert page.grid.days[10].year == 2025


def test_a_row_opens_the_page_behind_it(shown, qtbot):
    _test, page = shown
    row = next(row for row in page.model.rows if row[0].kind is EventKind.DELIVERABLE)
    with qtbot.waitSignal(page.open_requested) as asked:
        page.table.row_opened.emit(row)
    assert asked.args == ["plan", "T01-1"]


def test_the_calendar_file_is_written_where_the_user_says(shown, tmp_path, monkeypatch):
    test, _page = shown
    file = tmp_path / "日程.ics"
    monkeypatch.setattr(test.files, "save", lambda *_: file)
    test.press("导出日历文件")
    assert b"BEGIN:VEVENT" in file.read_bytes()
    assert "项日程" in test.told.news[-1]


def test_a_year_without_known_holidays_is_said_to_be_so(office, page_test, clock):
    clock.set("2097-03-01T01:00:00+00:00")
    test = page_test(office)
    page = test.show(CalendarPage(test.desk))
    assert "2097 年" in page._notice.text()


def test_the_overview_says_how_much_is_due_and_opens_the_agenda(office, page_test, theme, qtbot):
    agenda.save_event(
        office, Event("", EventKind.MEETING, "例会", date(2026, 4, 3), date(2026, 4, 3))
    )
    test = page_test(office)
    page = test.show(OverviewPage(test.desk, theme))
    assert "例会" in page.week.toolTip()
    assert "1 项已逾期" in page.week.accessibleName()
    with qtbot.waitSignal(page.open_requested) as asked:
        page.week.click()
    assert asked.args == ["calendar", None]
