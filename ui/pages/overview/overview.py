"""总览: are we on time, who or what lags, what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QSplitter, QStackedWidget, QWidget

from fsdesk.domain.output.reporting import Reporting, none_line
from fsdesk.domain.output.wording import NO_DATA, gap_text
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.naming import level_word
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced, share_text
from fsdesk.services.agenda import agenda
from fsdesk.services.output import charts, heads
from fsdesk.services.output.charts import ChartNumbers
from fsdesk.services.records import opinions
from fsdesk.services.status import aggregation, unit_forms
from ui.models.rows import RowColumn, RowsModel
from ui.page import Page
from ui.pages.exchange.places import ExchangePlace
from ui.pages.overview.due_tasks import (
    NEAR_DAYS,
    DueTask,
    due_columns,
    due_tasks,
    report_words,
)
from ui.pages.overview.on_the_way import OnTheWay
from ui.pages.overview.pending_panel import PendingPanel, place_of
from ui.pages.overview.report_matrix import LEGEND, UnitMonths, matrix_columns, matrix_rows
from ui.pages.overview.returned_note import ReturnedNote
from ui.pages.plan.draft_bar import DraftBar
from ui.pages.status.published_banner import PublishedBanner
from ui.theme import ROW, ROW_DENSE, SPACE_M, colours
from ui.widgets.boxes import boxed, column_of, row_of, scrolling, splitter
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import label
from ui.widgets.pictures.chart_view import ChartView
from ui.widgets.pictures.pace_bar import PaceBar
from ui.widgets.tables.report_table import ReportTable
from ui.widgets.tile import Tile

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from fsdesk.domain.output.drawing import ChartSpot
    from fsdesk.domain.status.results import TaskResult, YearStatus
    from fsdesk.services.agenda.agenda import Agenda
    from fsdesk.services.pending import PendingWork
    from fsdesk.services.records.opinions import ReturnedReport
    from fsdesk.services.status.aggregation import Completeness
    from ui.appearance import Theme
    from ui.desk import Desk

    _OfUnit = tuple[YearStatus, tuple[DueTask, ...], str, tuple[ReturnedReport, ...]]

_MOST_LAGGING = 8
# Below so many logical pixels the chart stands under the lists, not beside them.
_NARROW = 900
# What the chart's twenty lines need to be read, in logical pixels; the page scrolls before that.
_CHART_HEIGHT = 370
_LIST_HEIGHT = ROW + 4 * ROW_DENSE
_UNIT_NOTE = "仅按本单位数据计算，多单位共同完成的指标以汇总端的合计为准"


class LaggingRow(Struct, frozen=True):
    """A task that lags, who answers for it, and how far it is behind, in words."""

    result: TaskResult
    units: str
    words: str

    @property
    def gap(self) -> float:
        """How far it is behind its pace, as a fraction."""
        return self.result.pace - (self.result.progress or 0.0)


def lagging_tasks(status: YearStatus) -> tuple[LaggingRow, ...]:
    """Return what is red or yellow, the worst first."""
    plan = status.plan
    slow = [result for result in status.tasks if result.light in (Light.RED, Light.YELLOW)]
    rows = [
        LaggingRow(
            result,
            "、".join(plan.directory.name(a.party) for a in result.task.assignments),
            gap_text(result, status.rules),
        )
        for result in slow
    ]
    rows.sort(key=lambda row: (row.result.light.urgency, -row.gap))
    return tuple(rows)


def week_words(found: Agenda) -> tuple[str, str, Light | None]:
    """Return how many things are due this week, the first of all, and red when one is overdue.

    What was due before this week is told beside the number, not within it.
    """
    late = sum(event.is_overdue(found.today) for event in found.due)
    earlier = len(found.pressing) - len(found.due)
    if not found.pressing:
        return "0", "本周没有到期事项", None
    first = found.pressing[0]
    words = f"{first.title}（{first.standing(found.today)}）"
    if earlier:
        return str(len(found.due)), f"另有以前已逾期的 {earlier} 项：{words}", Light.RED
    if late:
        return str(len(found.due)), f"其中 {late} 项已逾期：{words}", Light.RED
    return str(len(found.due)), words, None


class OverviewPage(Page):
    """One screen that answers three questions."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        """Build tiles, list, matrix and chart."""
        super().__init__("总览" if desk.is_office else "今日")
        self._desk, self._period = desk, ""
        self.draft = DraftBar(at_office=desk.is_office)
        self.draft.document_wanted.connect(lambda: self.open_requested.emit("plan-document", None))
        self.draft.confirmed.connect(lambda: self.open_requested.emit("plan", None))
        self.banner = PublishedBanner(desk)
        self.banner.switched.connect(lambda: self.refresh(self._period))
        self.banner.revoked.connect(self._after_revoking)
        self.pending = PendingPanel(desk) if desk.is_office else None
        if self.pending is not None:
            self.pending.chosen.connect(self._do)
        self._whose = Measure.OVERALL if desk.is_office else Measure.UNIT_PROGRESS
        self.progress = Tile(self._whose)
        self._lagging = Measure.LAGGING_TASKS if desk.is_office else Measure.LAGGING_OWN
        self.lights = Tile(self._lagging)
        self.reporting = Tile(Measure.REPORTING_RATE)
        self.timeliness = Tile(Measure.TIMELINESS)
        self.week = Tile(Measure.DUE_THIS_WEEK)
        self._lead_on()
        self.bar = PaceBar(self._whose)
        self.lagging_model: RowsModel[LaggingRow] = RowsModel(_lagging_columns())
        self.lagging = ReportTable("overview-lagging", self.lagging_model)
        self.lagging.row_opened.connect(self._open_task)
        self.matrix_model: RowsModel[UnitMonths] = RowsModel(matrix_columns())
        self.matrix = ReportTable("overview-matrix", self.matrix_model)
        self.due_model: RowsModel[DueTask] = RowsModel(due_columns())
        self.due = ReportTable("overview-due", self.due_model)
        self._due_words = label("", "help", wrap=True)
        self.due.row_opened.connect(lambda row: self.open_requested.emit("recording", row.code))
        self._slow_words = label("", "help", wrap=True)
        self.first = self.lagging if desk.is_office else self.due
        self.on_the_way = OnTheWay(desk)
        self.returned = ReturnedNote()
        self.returned.wanted.connect(self._mend)
        self.chart = self._make_chart(theme)
        self._numbers: ChartNumbers | None = None
        self.empty = _nothing_yet()
        self.empty.next_step.connect(self._take_next_step)
        self._lay_out()

    def _lead_on(self) -> None:
        """Let each tile lead to what lies behind it."""
        # Where a tile leads, and what is shown there.
        behind: tuple[tuple[Tile, str, object], ...] = (
            (self.progress, "drill", None),
            (self.lights, "plan", Light.RED),
            (self.reporting, "exchange", ExchangePlace.REVIEW),
            (self.timeliness, "exchange", ExchangePlace.REVIEW),
            (self.week, "calendar", None),
        )
        for tile, key, item in behind:
            tile.clicked.connect(
                lambda _checked=False, key=key, item=item: self.open_requested.emit(key, item)
            )

    def _make_chart(self, theme: Theme) -> ChartView:
        chart = ChartView("指标完成率图")
        chart.wanted.connect(self._draw)
        chart.opened.connect(self._open_spot)
        theme.changed.connect(chart.ask_again)
        return chart

    def _lay_out(self) -> None:
        self.on_the_way.note.export_wanted.connect(self.export_requested)
        tiles = QGridLayout()
        tiles.setSpacing(SPACE_M)
        shown = [self.progress, self.lights]
        if self._desk.is_office:
            shown += [self.reporting, self.timeliness]
        shown.append(self.week)
        for column, tile in enumerate(shown):
            tiles.addWidget(tile, 0, column)
        content = QWidget()
        column_of(
            self.returned,
            tiles,
            row_of(
                label(f"{self._whose.label}与{Measure.PACE.label}", "muted"),
                (self.bar, 1),
                spacing=-1,
            ),
            0 if self._desk.is_office else self.on_the_way,
            (self._lists(), 1),
            spacing=SPACE_M,
            parent=content,
        )
        self.stack = QStackedWidget()
        self.body.addWidget(self.draft)
        self.body.addWidget(self.banner)
        self.stack.addWidget(content)
        self.stack.addWidget(self.empty)
        waiting = () if self.pending is None else (self.pending,)
        inside = boxed(column_of(*waiting, (self.stack, 1), spacing=SPACE_M))
        self.body.addWidget(scrolling(inside), 1)

    def _lists(self) -> QSplitter:
        for table in (self.lagging, self.matrix, self.due):
            table.setMinimumHeight(_LIST_HEIGHT)
        self.chart.setMinimumHeight(_CHART_HEIGHT)
        self._whole = QSplitter(Qt.Orientation.Horizontal)
        self._whole.setChildrenCollapsible(False)
        title = f"偏慢和滞后的任务（最多列 {_MOST_LAGGING} 项，双击查看）"
        slow = _titled(title, self.lagging, below=self._slow_words)
        if self._desk.is_office:
            left = splitter(
                slow, _titled("单位报送情况", self.matrix, label(LEGEND, "help")), upright=True
            )
            self._whole.addWidget(left)
            self._whole.addWidget(_titled("主要指标完成率", self.chart))
        else:
            self._whole.addWidget(
                _titled(f"{Measure.OPEN_TASKS.label}（双击填报）", self.due, self._due_words)
            )
            self._whole.addWidget(slow)
        self._whole.setSizes([640, 560])
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the right side below the left where the window is narrow."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self._whole.orientation() is not wanted:
            self._whole.setOrientation(wanted)

    def refresh(self, period: str) -> None:
        """Load the aggregate of a period."""
        self._period = period
        self.banner.show_period(period)
        if self._desk.is_office:
            self._desk.runner.run(self._office_job(period), self._show_office)
        else:
            self._desk.runner.run(self._unit_job(period), self._show_unit)
            self.on_the_way.refresh(period)
        self._desk.run(agenda.agenda, self._show_week)
        if self.pending is not None:
            self.pending.refresh()

    def _office_job(self, period: str) -> Callable[[], tuple[YearStatus, Completeness, Reporting]]:
        workspace, until = self.banner.desk.workspace, Period.parse(period)

        def job() -> tuple[YearStatus, Completeness, Reporting]:
            return (
                aggregation.status(workspace, until),
                aggregation.completeness(workspace, until),
                heads.reporting_of(workspace, until),
            )

        return job

    def _mend(self, report: ReturnedReport) -> None:
        """Go to a report that was returned, to the first opinion that waits for its answer."""
        self.period_requested.emit(str(report.period))
        waiting = (opinion.item for opinion in report.opinions if opinion.open and opinion.item)
        self.open_requested.emit("recording", next(waiting, None))

    def _unit_job(self, period: str) -> Callable[[], _OfUnit]:
        workspace, unit = self._desk.workspace, self._desk.unit

        def job() -> _OfUnit:
            until = Period.parse(period)
            form = unit_forms.unit_form(workspace, unit, until)
            due = aggregation.report_day(workspace, unit, until)
            today = workspace.clock().astimezone().date()
            status = aggregation.status(workspace, until)
            waiting, words = due_tasks(form, today), report_words(form, due, today)
            return status, waiting, words, opinions.returned(workspace)

        return job

    def _show_office(self, found: tuple[YearStatus, Completeness, Reporting]) -> None:
        status, complete, told = found
        self._numbers = ChartNumbers("indicators", status)
        self.chart.ask_again()
        self._show_tiles(status, told.words)
        self._show_lagging(status, told)
        self.matrix_model.set_rows(matrix_rows(complete, status.period))
        nothing = status.progress is None and not complete.states
        self.stack.setCurrentIndex(1 if nothing else 0)

    def _show_unit(self, found: _OfUnit) -> None:
        status, waiting, report, returned = found
        self.returned.show_reports(returned)
        self._show_tiles(status, _UNIT_NOTE)
        self._show_lagging(status, Reporting())
        self.due_model.set_rows(waiting)
        words = f"{len(waiting)} 项待办"
        if not waiting:
            words = f"任务都已填写，{NEAR_DAYS} 天内没有到时限的事项"
        presses = sum(each.presses for each in returned)
        if presses:
            words = f"{presses} 期报送被退回，等待改正；{len(waiting)} 项待办"
        self._due_words.setText(f"{report}；{words}")

    def _show_lagging(self, status: YearStatus, told: Reporting) -> None:
        """List what is behind; where nothing is, say on how much that rests."""
        rows = lagging_tasks(status)[:_MOST_LAGGING]
        self.lagging_model.set_rows(rows)
        self._slow_words.setText("" if rows else none_line(status, told, "偏慢和滞后的任务"))
        self._slow_words.setVisible(not rows)

    def _show_week(self, found: Agenda) -> None:
        """Say how many things are due from Monday to Sunday, and what comes first."""
        figure, sub, light = week_words(found)
        self.week.set_values(figure, "项", sub, light)
        lines = [f"{e.last.month}月{e.last.day}日　{e.title}" for e in found.pressing]
        told = [*lines, "点击打开日程", Measure.DUE_THIS_WEEK.explanation]
        self.week.setToolTip("\n".join(told))

    def _after_revoking(self) -> None:
        self.refresh(self._period)
        self.data_changed.emit()

    def _take_next_step(self) -> None:
        self.open_requested.emit("exchange", None)

    def _show_tiles(self, status: YearStatus, note: str) -> None:
        self.draft.show_plan(status.plan)
        progress, pace, light, tasks = status.progress, status.pace, status.light, status.tasks
        rests = status.units[0].rests_on if status.unit and status.units else str(status.coverage)
        known = f"{len(tasks)}项任务中{status.known_tasks}项有数据，{Measure.COVERAGE.label}{rests}"
        self.header.set_note("；".join(each for each in (status.until_text, known, note) if each))
        shown = paced(progress, pace, status.rules)
        words = f"{light.label}，{Measure.PACE.label} {shown.pace}"
        self.progress.set_share(shown.reached, words, light)
        self.bar.set_values(progress, pace, light, status.rules)
        counts = {each: sum(task.light is each for task in tasks) for each in Light}
        words = " ".join(f"{each.label}{counts[each]}" for each in Light)
        pairs = sum(task.light is Light.RED for unit in status.units for task in unit.tasks)
        if self._desk.is_office:
            words = f"{Measure.LAGGING_PAIRS.label} {pairs} 项次；{words}"
        lagging = str(counts[Light.RED]) if status.coverage.known else NO_DATA
        self.lights.set_title(self._lagging.at(level_word(status.plan)))
        self.lights.set_values(lagging, "项", words)
        reports = f"本期已报送 {status.reports.known} ÷ 应报送 {status.reports.expected}"
        if not status.reports.expected:
            reports = "本期不要求报送"
        self.reporting.set_share(share_text(status.reporting_rate), reports)
        self.timeliness.set_share(share_text(status.timeliness), "本期按时报送 ÷ 应报送")

    def _do(self, item: PendingWork) -> None:
        """Go where a thing is done, with the period in which it lies."""
        if item.period is not None:
            self.period_requested.emit(str(item.period))
        self.open_requested.emit(*place_of(item))

    def _open_task(self, row: LaggingRow) -> None:
        self.open_requested.emit("plan", row.result.task.code)

    def _open_spot(self, spot: ChartSpot) -> None:
        """Open the task of the indicator that was clicked."""
        if self._numbers is not None:
            task = self._numbers.status.plan.task_of[spot.target[1]]
            self.open_requested.emit("plan", task.code)

    def _draw(self, size: QSize, ratio: float) -> None:
        found, dark = self._numbers, colours().dark
        if found is not None:
            self._desk.runner.beside(
                lambda: charts.drawn(found, (size.width(), size.height()), ratio, dark=dark),
                self.chart.show_drawing,
            )


def _titled(
    title: str, content: QWidget, note: QWidget | None = None, below: QWidget | None = None
) -> QWidget:
    head = row_of((label(title, "section"), 1), spacing=-1)
    if note is not None:
        head.addWidget(note)
    parts = (head, (content, 1)) if below is None else (head, below, (content, 1))
    return boxed(column_of(*parts, spacing=-1))


def _nothing_yet() -> EmptyState:
    return EmptyState(
        "inbox",
        "还没有各单位的数据",
        "先把计划下发给各单位；收到报送包并接收后，这里显示总进度、滞后任务和报送情况。",
        "去下发计划",
    )


def _lagging_columns() -> tuple[RowColumn[LaggingRow], ...]:
    return (
        RowColumn("亮灯", lambda _: "", lambda r: r.result.light.urgency, width=84,
                  light=lambda r: r.result.light),
        RowColumn("任务", lambda r: f"{r.result.task.code} {r.result.task.title}", stretch=True,
                  tip=lambda r: r.result.task.text),
        RowColumn("责任单位", lambda r: r.units, width=150, tip=lambda r: r.units),
        RowColumn(Measure.GAP.label, lambda r: r.words, lambda r: r.gap, number=True, width=110,
                  measure=Measure.GAP),
    )  # fmt: skip
