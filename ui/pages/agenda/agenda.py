"""日程: reporting days, deadlines, campaigns, month by month, and what presses this week."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from fsdesk.domain.agenda.agenda import Event, EventKind
from fsdesk.domain.periods import MONTHS, Period
from fsdesk.domain.status.measures import Measure
from fsdesk.services import working_calendar
from fsdesk.services.agenda import agenda
from ui import icons
from ui.models.rows import RowColumn, RowsModel
from ui.page import Page
from ui.pages.agenda.entry_form import EventForm, place_of
from ui.theme import SPACE_M, SPACE_S, SPACE_XS
from ui.widgets.boxes import column_of, row_of, scrolling, splitter
from ui.widgets.choice import Choice
from ui.widgets.fields import named, passing
from ui.widgets.kept_fields import marked
from ui.widgets.label import label
from ui.widgets.pictures.month_grid import DayFacts, DayMark, MonthGrid
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fsdesk.services.agenda.agenda import Agenda
    from ui.desk import Desk
    from ui.drafts import Drafts

WEEK, MONTH, DAY = "本周到期和已逾期", "所示月份", "所选日期"
# The page behind an event, and whether its item is something that the page opens.
_PAGES = {
    EventKind.REPORT: "exchange",
    EventKind.LOCK: "exchange",
    EventKind.DELIVERABLE: "plan",
    EventKind.LETTER: "supervision",
}


class CalendarPage(Page):
    """Left the month, right the list and the form for one's own events."""

    def __init__(self, desk: Desk) -> None:
        """Build the sheet, the list and the form."""
        super().__init__("日程")
        self._desk, self._period = desk, ""
        self._first: date | None = None
        self._found: Agenda | None = None
        self.grid = MonthGrid()
        self.grid.day_chosen.connect(self._choose_day)
        self.which = passing(Choice("列出", [(word, word) for word in (WEEK, MONTH, DAY)]))
        self.which.chosen.connect(lambda _which: self._list())
        self.model: RowsModel[tuple[Event, date]] = RowsModel(_columns(desk.drafts))
        desk.drafts.marked.connect(self.model.look_again)
        self.table = ReportTable("calendar-events", self.model, single=True)
        self.table.row_chosen.connect(self._choose_event)
        self.table.row_opened.connect(self._open_event)
        self.form = EventForm(desk.workspace.identity.year, desk.drafts)
        self.form.saved.connect(self._save)
        self.form.removed.connect(self._remove)
        self.form.refused.connect(desk.messages.error)
        self.header.set_primary("导出日历文件", self._export, "calendar-days")
        self._lay_out()

    def _steps(self) -> QHBoxLayout:
        """Return the line above the sheet: back, on, today, the month's name."""
        self._name = label("", "section")
        steps = row_of(spacing=SPACE_XS)
        for icon, tip, step in (("chevron-left", "上月", -1), ("chevron-right", "下月", 1)):
            button = named(QPushButton(), tip)
            icons.put(button, icon)
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, step=step: self._turn(step))
            steps.addWidget(button)
        today = QPushButton("今天")
        today.clicked.connect(self._go_today)
        steps.addWidget(today)
        steps.addSpacing(SPACE_S)
        steps.addWidget(self._name, 1)
        return steps

    def _lay_out(self) -> None:
        self._rule = label("", "help", wrap=True)
        self._notice = label("", "amber", wrap=True)
        left = _column(self._steps(), self.grid, self._rule, self._notice)
        left.setContentsMargins(0, 0, SPACE_M, 0)
        self._count = label("", "help")
        head = row_of(self.which, (self._count, 1), spacing=-1)
        right = _column(head, self.table, label("双击打开对应的页面", "help"), self.form)
        right.setContentsMargins(SPACE_M, 0, 0, 0)
        splitter(left, scrolling(right), sizes=[660, 520], box=self.body)

    def refresh(self, period: str) -> None:
        """Load the agenda; another period turns to its month."""
        if self._period and period != self._period:
            self._first = Period.parse(period).months[-1].first_day
        self._period = period
        self._desk.run(agenda.agenda, self._show)

    def _show(self, found: Agenda) -> None:
        self._found = found
        if self._first is None:
            self._first = found.today.replace(day=1)
            self.grid.show_month(self._first, {}, found.today, found.today)
            self.which.set_value(WEEK if found.pressing else MONTH)
            self.form.propose(found.today)
        self._rule.setText(found.rule)
        self._notice.setText(found.notice)
        self._notice.setVisible(bool(found.notice))
        self._show_month()

    def _show_month(self) -> None:
        if self._found is None or self._first is None:
            return
        first, found = self._first, self._found
        self._name.setText(f"{first.year}年{first.month}月")
        self.grid.show_month(first, {}, found.today, self.grid.chosen)
        facts = _day_facts(self.grid.days, found)
        self.grid.show_month(first, facts, found.today, self.grid.chosen)
        self._list()

    def _list(self) -> None:
        if self._found is None or self._first is None:
            return
        events, today = self._found.events, self._found.today
        if self.which.value == WEEK:
            shown: Sequence[Event] = self._found.pressing
        elif self.which.value == DAY:
            shown = [event for event in events if event.on(self.grid.chosen)]
        else:
            last = Period.month(self._first.year, self._first.month).last_day
            first = self._first
            shown = [e for e in events if e.first <= last and e.last >= first]
        rows = [(event, today) for event in shown]
        self.table.show_again(rows, lambda row: row[0].key, first=False)
        day = self.grid.chosen
        where = f"{day.month}月{day.day}日，" if self.which.value == DAY else ""
        words = f"{where}{len(shown)} 项" if shown else f"{where}没有日程"
        if self.which.value == WEEK and shown:
            due = len(self._found.due)
            words = f"{Measure.DUE_THIS_WEEK.label} {due} 项，以前到期的 {len(shown) - due} 项"
        self._count.setText(words)

    def _choose_day(self, day: date) -> None:
        self.form.propose(day)
        if self._first is not None and day.replace(day=1) != self._first:
            self._first = day.replace(day=1)
            self._show_month()
        if self._found is not None:
            self.which.set_value(DAY)
            self._list()

    def _choose_event(self, row: tuple[Event, date]) -> None:
        self.form.show_event(row[0]) if row[0].own else self.form.show_new(None)

    def _open_event(self, row: tuple[Event, date]) -> None:
        event, _today = row
        key = _PAGES.get(event.kind)
        if key == "plan" and not self._desk.is_office:
            key = "recording"
        if key is not None:
            item = event.item if event.kind is EventKind.DELIVERABLE else None
            self.open_requested.emit(key, item)

    def _turn(self, step: int) -> None:
        if self._first is None:
            return
        months = self._first.year * MONTHS + self._first.month - 1 + step
        self._first = date(months // MONTHS, months % MONTHS + 1, 1)
        if self.which.value == DAY:
            self.which.set_value(MONTH)
        self._show_month()

    def _go_today(self) -> None:
        if self._found is not None:
            self._first = self._found.today.replace(day=1)
            self._show_month()
            self.grid.choose(self._found.today)

    def _save(self, event: Event, stored: Callable[[], None]) -> None:
        self._desk.run(
            lambda w: agenda.save_event(w, event), lambda saved: self._saved(saved, stored)
        )

    def _saved(self, event: Event, stored: Callable[[], None]) -> None:
        stored()
        more = "，随下次下发包或反馈包送达各单位" if self._desk.is_office else ""
        self._desk.messages.info(f"已保存日程：{event.title}{more}。")
        if self.which.value == WEEK:  # which may not hold what was saved
            self._first = event.first.replace(day=1)
            self.which.set_value(MONTH)
        self._changed()

    def _remove(self, key: str) -> None:
        self._desk.run(lambda w: agenda.remove_event(w, key), lambda _: self._removed())

    def _removed(self) -> None:
        self.form.kept.give_up()
        self._desk.messages.info("已删除日程。")
        self._changed()

    def _changed(self) -> None:
        self.form.show_new(None)
        self.refresh(self._period)
        self.data_changed.emit()

    def _export(self) -> None:
        workspace = self._desk.workspace
        name = self._found.name if self._found else f"{workspace.identity.year}年日程"
        file = self._desk.files.save(
            "导出日历文件", f"{name}.ics", ("日历文件 (*.ics)",), "calendar"
        )
        if file is None:
            return
        self._desk.runner.run(
            lambda: agenda.write_calendar(workspace, file),
            lambda count: self._desk.tell_written(
                f"已导出 {count} 项日程，可导入手机和各种日历；再次导入时更新，不会重复。", file
            ),
        )


def _day_facts(days: Sequence[date], found: Agenda) -> Mapping[date, DayFacts]:
    return {
        day: DayFacts(
            working_calendar.is_working_day(day),
            working_calendar.day_name(day),
            tuple(_mark(event, found.today) for event in found.events if event.on(day)),
        )
        for day in days
    }


def _mark(event: Event, today: date) -> DayMark:
    tone = "red" if event.is_overdue(today) else "muted" if event.done else "accent"
    return DayMark(event.title, tone)


def _column(*parts: object) -> QWidget:
    """Put a line of controls over a part that takes the room, and others below."""
    frame = QWidget()
    column = column_of(parent=frame)
    for place, part in enumerate(parts):
        if isinstance(part, QHBoxLayout):
            column.addLayout(part)
        elif isinstance(part, QWidget):
            column.addWidget(part, 1 if place == 1 else 0)
    return frame


def _dates(event: Event) -> str:
    """Write an event's days as all tables write dates."""
    last = event.last.isoformat()
    return last if event.first == event.last else f"{event.first.isoformat()} 至 {last}"


def _columns(drafts: Drafts) -> tuple[RowColumn[tuple[Event, date]], ...]:
    def title(row: tuple[Event, date]) -> str:
        event = row[0]
        return marked(event.title, unsaved=event.own and drafts.waits(place_of(event.key)))

    def tip(row: tuple[Event, date]) -> str:
        return "\n".join(part for part in (row[0].title, row[0].note) if part)

    return (
        RowColumn("日期", lambda r: _dates(r[0]), lambda r: r[0].last.isoformat(), width=96,
                  tip=lambda r: _dates(r[0])),
        RowColumn("类型", lambda r: r[0].kind.label, width=72),
        RowColumn("内容", title, lambda r: r[0].title, stretch=True, tip=tip),
        RowColumn("情况", lambda r: r[0].standing(r[1]),
                  lambda r: (r[0].done, (r[0].last - r[1]).days), width=88, tip=tip),
    )  # fmt: skip
