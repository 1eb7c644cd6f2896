"""总览: are we on time, who or what lags, what came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from fsdesk.domain.indicators import number_text
from fsdesk.domain.lights import Light
from fsdesk.domain.periods import Period
from fsdesk.services import aggregation, reporting
from ui import remember
from ui.models.rows import Column, RowsModel
from ui.page import Page
from ui.theme import DARK, SPACE_M, colours
from ui.widgets.image_view import ImageView
from ui.widgets.label import label
from ui.widgets.pace_bar import PaceBar, percentage
from ui.widgets.report_table import ReportTable
from ui.widgets.tile import Tile

if TYPE_CHECKING:
    from fsdesk.domain.results import TaskResult, YearStatus
    from fsdesk.services.aggregation import Completeness
    from ui.desk import Desk
    from ui.theme import Theme

_MOST_LAGGING = 8
_MONTH_WIDTH = 37
_STATES = {
    "submitted": "✓",
    "accepted": "✓",
    "late": "迟",
    "returned": "退",
    "draft": "",
}


@dataclass(frozen=True, slots=True)
class Lagging:
    """A task that lags, with who answers for it."""

    result: TaskResult
    units: str

    @property
    def gap(self) -> float:
        """How far it is behind its pace, in points."""
        return (self.result.pace - (self.result.progress or 0.0)) * 100


@dataclass(frozen=True, slots=True)
class UnitMonths:
    """A unit's reports over the year, for the matrix."""

    name: str
    states: tuple[str, ...]


def lagging_tasks(status: YearStatus, unit: str | None = None) -> tuple[Lagging, ...]:
    """Return what is red or yellow, the worst first; of one unit only, if named."""
    plan = status.plan
    results = status.tasks
    if unit is not None:
        results = next((found.tasks for found in status.units if found.unit == unit), ())
    slow = [result for result in results if result.light in (Light.RED, Light.YELLOW)]
    rows = [
        Lagging(result, "、".join(plan.directory.name(a.party) for a in result.task.assignments))
        for result in slow
    ]
    rows.sort(key=lambda row: (row.result.light.urgency, -row.gap))
    return tuple(rows)


class OverviewPage(Page):
    """One screen that answers three questions."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        """Build tiles, list, matrix and chart."""
        super().__init__("总览")
        self._desk, self._period = desk, ""
        self.progress = Tile("总进度")
        self.lights = Tile("任务亮灯")
        self.reporting = Tile("报送率")
        self.timeliness = Tile("及时率")
        self.progress.clicked.connect(lambda: self.open_requested.emit("aggregate", None))
        self.lights.clicked.connect(lambda: self.open_requested.emit("plan", None))
        self.reporting.clicked.connect(lambda: self.open_requested.emit("exchange", None))
        self.timeliness.clicked.connect(lambda: self.open_requested.emit("exchange", None))
        self.bar = PaceBar()
        self.lagging_model: RowsModel[Lagging] = RowsModel(_lagging_columns())
        self.lagging = ReportTable("overview-lagging", dense=True)
        self.lagging.show_rows(self.lagging_model)
        self.lagging.row_opened.connect(self._open_task)
        self.matrix_model: RowsModel[UnitMonths] = RowsModel(_matrix_columns())
        self.matrix = ReportTable("overview-matrix", dense=True)
        self.matrix.show_rows(self.matrix_model)
        self.chart = ImageView("指标完成率图")
        self.chart.wanted.connect(self._draw)
        theme.changed.connect(self.chart.ask_again)
        self._lay_out()

    def _lay_out(self) -> None:
        tiles = QGridLayout()
        tiles.setSpacing(SPACE_M)
        for column, tile in enumerate(
            (self.progress, self.lights, self.reporting, self.timeliness)
        ):
            tiles.addWidget(tile, 0, column)
        reports = _titled("单位报送情况", self.matrix)
        if not self._desk.is_office:
            for widget in (reports, self.reporting, self.timeliness):
                widget.hide()
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(_titled("落后任务（双击查看）", self.lagging))
        left.addWidget(reports)
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(left)
        whole.addWidget(_titled("主要指标完成率", self.chart))
        whole.setSizes([640, 560])
        remember.keep_splitter(left, "overview-left")
        remember.keep_splitter(whole, "overview-whole")
        line = QHBoxLayout()
        line.addWidget(label("总进度与序时进度", "muted"))
        line.addWidget(self.bar, 1)
        self.body.addLayout(tiles)
        self.body.addLayout(line)
        self.body.addWidget(whole, 1)

    def refresh(self, period: str) -> None:
        """Load the aggregate of a period."""
        self._period = period
        workspace = self._desk.workspace

        def job() -> tuple[YearStatus, Completeness]:
            status = aggregation.status(workspace, Period.parse(period))
            return status, aggregation.completeness(workspace)

        self._desk.runner.run(job, self._show)
        self.chart.ask_again()

    def _show(self, found: tuple[YearStatus, Completeness]) -> None:
        status, complete = found
        self._show_tiles(status)
        own = None if self._desk.is_office else self._desk.unit
        self.lagging_model.set_rows(lagging_tasks(status, own)[:_MOST_LAGGING])
        self.matrix_model.set_rows(
            [
                UnitMonths(
                    name,
                    tuple(
                        _STATES[complete.states.get((unit, str(m)), "draft")]
                        for m in complete.months
                    ),
                )
                for unit, name in zip(complete.units, complete.names, strict=True)
            ]
        )

    def _show_tiles(self, status: YearStatus) -> None:
        progress, pace, light = status.progress, status.pace, status.light
        tasks = status.tasks
        if not self._desk.is_office:
            own = next((u for u in status.units if u.unit == self._desk.unit), None)
            if own is not None:
                progress, pace, light, tasks = own.progress, own.pace, own.light, own.tasks
        self.header.set_note(f"截至{status.period.label}")
        number = "—" if progress is None else number_text(progress * 100, 1)
        unit = "" if progress is None else "%"
        self.progress.set_values(number, unit, f"{light.label}，序时进度 {percentage(pace)}", light)
        self.bar.set_values(progress, pace, light)
        counts = {each: sum(task.light is each for task in tasks) for each in Light}
        words = "，".join(f"{each.label} {counts[each]}" for each in Light)
        self.lights.set_values(str(counts[Light.RED]), "项滞后", words)
        self._show_rate(self.reporting, status.reporting_rate, "本期已报送 ÷ 应报送")
        self._show_rate(self.timeliness, status.timeliness, "本期按时报送 ÷ 应报送")

    def _show_rate(self, tile: Tile, rate: float | None, sub: str) -> None:
        text = "—" if rate is None else number_text(rate * 100, 1)
        tile.set_values(text, "" if rate is None else "%", sub)

    def _open_task(self, row: Lagging) -> None:
        self.open_requested.emit("plan", row.result.task.code)

    def _draw(self, size: QSize, ratio: float) -> None:
        if not self._period:
            return
        workspace, period = self._desk.workspace, Period.parse(self._period)
        dark = colours() is DARK
        self._desk.runner.beside(
            lambda: reporting.chart_png(
                workspace, "indicators", period, (size.width(), size.height()), ratio, dark=dark
            ),
            lambda png: self.chart.show_png(png, f"截至{period.label}各指标完成率"),
        )


def _titled(title: str, content: QWidget) -> QWidget:
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(label(title, "section"))
    column.addWidget(content, 1)
    return frame


def _lagging_columns() -> tuple[Column[Lagging], ...]:
    return (
        Column("亮灯", lambda _: "", lambda r: r.result.light.urgency, width=84,
               light=lambda r: r.result.light),
        Column("任务", lambda r: f"{r.result.task.code} {r.result.task.title}", stretch=True,
               tip=lambda r: r.result.task.text),
        Column("责任单位", lambda r: r.units, width=150, tip=lambda r: r.units),
        Column("差距", lambda r: f"{number_text(r.gap, 1)} 点", lambda r: r.gap, number=True,
               width=80),
    )  # fmt: skip


def _matrix_columns() -> tuple[Column[UnitMonths], ...]:
    months = tuple(
        Column[UnitMonths](
            f"{month}", lambda r, m=month: r.states[m - 1], width=_MONTH_WIDTH,
            tip=lambda r, m=month: f"{r.name} {m} 月：{_WORDS[r.states[m - 1]]}",
        )
        for month in range(1, 13)
    )  # fmt: skip
    return (Column[UnitMonths]("单位 ＼ 月份", lambda r: r.name, stretch=True), *months)


_WORDS = {"✓": "按时报送", "迟": "逾期报送", "退": "已退回", "": "未报"}
