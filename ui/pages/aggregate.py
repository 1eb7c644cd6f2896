"""汇总: by task, unit and indicator, and why each figure is what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QStackedWidget, QTabWidget

from fsdesk.domain.indicators import IndicatorKind, number_text
from fsdesk.domain.periods import Period
from fsdesk.domain.results import IndicatorResult, TaskResult, UnitResult
from fsdesk.services import aggregation, reporting
from ui import remember
from ui.models.rows import Column, RowsModel
from ui.page import Page
from ui.theme import DARK, colours
from ui.widgets.image_view import ImageView
from ui.widgets.pace_bar import percentage
from ui.widgets.report_table import ReportTable

if TYPE_CHECKING:
    from fsdesk.domain.figures import Figure
    from fsdesk.domain.results import Part, YearStatus
    from ui.desk import Desk
    from ui.theme import Theme

_VIEWS = (("按任务", "sections"), ("按单位", "units"), ("按指标", "indicators"))


class AggregatePage(Page):
    """Three tables; the row that is chosen says below how its figure came about."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        """Build the tables, the explanation, and the chart of each view."""
        super().__init__("汇总")
        self._desk, self._period = desk, ""
        self._status: YearStatus | None = None
        self.models: tuple[RowsModel[Any], ...] = (
            RowsModel(_task_columns()),
            RowsModel(_unit_columns()),
            RowsModel(_indicator_columns()),
        )
        self.tabs = QTabWidget()
        self.tables: list[ReportTable] = []
        for (title, key), model in zip(_VIEWS, self.models, strict=True):
            table = ReportTable(f"aggregate-{key}", dense=True)
            table.show_rows(model)
            table.row_chosen.connect(self._explain)
            self.tabs.addTab(table, title)
            self.tables.append(table)
        self.why = QPlainTextEdit()
        self.why.setReadOnly(True)
        self.why.setAccessibleName("计算说明")
        self.why.setPlaceholderText("选中一行，这里说明数字是怎样算出来的")
        self.chart = ImageView("图")
        self.chart.wanted.connect(self._draw)
        theme.changed.connect(self.chart.ask_again)
        self.tabs.currentChanged.connect(self._change_view)
        self._lay_out()

    def _lay_out(self) -> None:
        self._lower = QStackedWidget()
        self._lower.addWidget(self.why)
        self._lower.addWidget(self.chart)
        self.switch = self.header.add_quiet("看图", self._switch, "chart-column-big")
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.tabs)
        split.addWidget(self._lower)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        remember.keep_splitter(split, "aggregate")
        self.body.addWidget(split, 1)

    def refresh(self, period: str) -> None:
        """Load the aggregate of a period."""
        self._period = period
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: aggregation.status(workspace, Period.parse(period)), self._show
        )
        self.chart.ask_again()

    def _show(self, status: YearStatus) -> None:
        self._status = status
        margin = number_text(status.rules.yellow_margin * 100)
        self.header.set_note(f"截至{status.period.label}；低于序时进度 {margin} 个百分点以内为偏慢")
        for model, rows in zip(
            self.models, (status.tasks, status.units, status.indicators), strict=True
        ):
            model.set_rows(rows)
        self.tables[self.tabs.currentIndex()].choose_first()

    def _change_view(self, _number: int) -> None:
        self.tables[self.tabs.currentIndex()].choose_first()
        self.chart.ask_again()

    def _switch(self) -> None:
        drawn = self._lower.currentWidget() is self.chart
        self._lower.setCurrentWidget(self.why if drawn else self.chart)
        self.switch.setText("看图" if drawn else "看说明")
        self.chart.ask_again()

    def _draw(self, size: QSize, ratio: float) -> None:
        if not self._period:
            return
        workspace, period = self._desk.workspace, Period.parse(self._period)
        kind, dark = _VIEWS[self.tabs.currentIndex()][1], colours() is DARK
        self._desk.runner.beside(
            lambda: reporting.chart_png(
                workspace, kind, period, (size.width(), size.height()), ratio, dark=dark
            ),
            self.chart.show_png,
        )

    def _explain(self, row: object) -> None:
        if self._status is None:
            return
        if isinstance(row, IndicatorResult):
            self.why.setPlainText(explain_indicator(self._status, row))
        elif isinstance(row, TaskResult):
            self.why.setPlainText(explain_task(row))
        elif isinstance(row, UnitResult):
            self.why.setPlainText(explain_unit(row))


def explain_task(result: TaskResult) -> str:
    """Say in words how a task's progress came about."""
    lines = [
        f"{result.task.code} {result.task.title}：进度 {percentage(result.progress)}，"
        f"序时 {percentage(result.pace)}，{result.light.label}",
        f"进度是下列 {result.known_parts} 项有数据的指标完成率（最多计 100%）和事项进度的平均数：",
    ]
    return "\n".join(lines + [_part_line(part) for part in result.parts])


def _part_line(part: Part) -> str:
    shown = "无数据，不计入" if part.progress is None else percentage(part.progress)
    missed = "，已过期限" if part.deadline_missed else ""
    return f"  {part.light.mark} {part.code} {part.name}：{shown}（序时 {percentage(part.pace)}{missed}）"


def explain_unit(result: UnitResult) -> str:
    """Say in words how a unit's progress came about."""
    known = sum(task.progress is not None for task in result.tasks)
    lines = [
        f"{result.name}：进度 {percentage(result.progress)}，序时 {percentage(result.pace)}，"
        f"{result.light.label}",
        f"进度是下列 {known} 项有数据的任务进度的平均数：",
    ]
    for task in result.tasks:
        lines.append(
            f"{task.light.mark} {task.task.code} {task.task.title}：{percentage(task.progress)}"
        )
        lines += [f"  {_part_line(part)}" for part in task.parts]
    return "\n".join(lines)


def explain_indicator(status: YearStatus, result: IndicatorResult) -> str:
    """Say in words how an indicator's figure came about."""
    indicator, figure = result.indicator, result.figure
    lines = [
        f"{indicator.code} {indicator.name}：{figure_text(result)}，目标 {indicator.target_text}，"
        f"完成率 {percentage(result.attainment)}，序时 {percentage(result.pace)}"
        f"（{indicator.pace.rule.label}），{result.light.label}",
        _formula(result),
        "",
    ]
    if figure.numerator is not None and figure.denominator is not None:
        sums = f"{number_text(figure.numerator)} ÷ {number_text(figure.denominator)}"
        lines.insert(2, f"合计：{sums}")
    for part in result.by_unit:
        name = status.plan.directory.name(part.unit)
        share = (
            ""
            if indicator.share_of(part.unit) is None
            else f"，分解目标 {number_text(part.target or 0)}"
        )
        lines.append(f"  {name}：{_unit_text(part.figure)}{share}")
    return "\n".join(lines)


def _formula(result: IndicatorResult) -> str:
    indicator = result.indicator
    over = indicator.aggregation.label
    if indicator.kind is IndicatorKind.RATIO:
        above = indicator.numerator_name or "分子"
        below = indicator.denominator_name or "分母"
        return f"算法：各单位{above}之和 ÷ {below}之和（{over}，不取各单位比率的平均）"
    if indicator.kind is IndicatorKind.DERIVED:
        return f"算法：各单位数量之和 ÷ 人口（千人）（{over}）"
    return f"算法：各单位数值之和（{over}）"


def _unit_text(figure: Figure) -> str:
    if not figure.reported:
        return "未报"
    if figure.numerator is not None and figure.denominator is not None:
        return f"{number_text(figure.numerator)} ÷ {number_text(figure.denominator)}"
    return "无此项" if figure.value is None else number_text(figure.value)


def figure_text(result: IndicatorResult) -> str:
    """Return an indicator's figure with its unit; 无数据 without one."""
    value = result.figure.value
    if value is None:
        return "无数据"
    return f"{number_text(value)}{result.indicator.measure_unit}"


def _task_columns() -> tuple[Column[TaskResult], ...]:
    return (
        Column("亮灯", lambda _: "", lambda r: r.light.urgency, width=84, light=lambda r: r.light),
        Column("编码", lambda r: r.task.code, width=76),
        Column("任务", lambda r: r.task.title, stretch=True, tip=lambda r: r.task.text),
        Column("有数据", lambda r: f"{r.known_parts}/{len(r.parts)}", lambda r: r.known_parts,
               number=True, width=76),
        Column("进度", lambda _: "", lambda r: -1 if r.progress is None else r.progress, number=True,
               width=220, light=lambda r: r.light, pace=lambda r: (r.progress, r.pace)),
        Column("序时", lambda r: percentage(r.pace), lambda r: r.pace, number=True, width=76),
    )  # fmt: skip


def _unit_columns() -> tuple[Column[UnitResult], ...]:
    return (
        Column("亮灯", lambda _: "", lambda r: r.light.urgency, width=84, light=lambda r: r.light),
        Column("单位", lambda r: r.name, stretch=True),
        Column("任务数", lambda r: str(len(r.tasks)), lambda r: len(r.tasks), number=True, width=76),
        Column("进度", lambda _: "", lambda r: -1 if r.progress is None else r.progress, number=True,
               width=220, light=lambda r: r.light, pace=lambda r: (r.progress, r.pace)),
        Column("序时", lambda r: percentage(r.pace), lambda r: r.pace, number=True, width=76),
    )  # fmt: skip


def _indicator_columns() -> tuple[Column[IndicatorResult], ...]:
    return (
        Column("亮灯", lambda _: "", lambda r: r.light.urgency, width=84, light=lambda r: r.light),
        Column("编码", lambda r: r.indicator.code, width=76),
        Column("指标", lambda r: r.indicator.name, stretch=True),
        Column("目标", lambda r: r.indicator.target_text, number=True, width=120),
        Column("完成", figure_text, lambda r: -1 if r.figure.value is None else r.figure.value,
               number=True, width=120),
        Column("已报单位", lambda r: f"{r.reported_units}/{len(r.by_unit)}", lambda r: r.reported_units,
               number=True, width=88),
        Column("完成率", lambda _: "", lambda r: -1 if r.attainment is None else r.attainment,
               number=True, width=200, light=lambda r: r.light,
               pace=lambda r: (r.attainment, r.pace)),
    )  # fmt: skip
