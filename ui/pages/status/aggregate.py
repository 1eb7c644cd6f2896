"""汇总: by task, unit and indicator, and why each figure is what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QTabWidget

from fsdesk.domain.output.reporting import basis_line
from fsdesk.domain.output.wording import target_text, value_text
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.drill_down import YEAR, Depth, FigureRef
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.published import LOCKED
from fsdesk.domain.status.results import IndicatorResult, TaskResult, UnitResult
from fsdesk.domain.status.shares import PacedText, paced
from fsdesk.services.ledger.ledger_figures import told_differently
from fsdesk.services.output import charts, heads, publishing
from fsdesk.services.output.charts import ChartNumbers
from fsdesk.services.status import aggregation, published
from ui.models.rows import RowColumn, RowsModel
from ui.page import Page
from ui.pages.status.explain import explain_indicator, explain_task, explain_unit
from ui.pages.status.explain_chart import explain_spot
from ui.pages.status.published_banner import PublishedBanner
from ui.theme import colours
from ui.widgets.boxes import splitter
from ui.widgets.fields import named
from ui.widgets.pictures.chart_view import ChartView
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QSize

    from fsdesk.domain.output.drawing import ChartSpot
    from fsdesk.domain.output.reporting import Reporting
    from fsdesk.domain.status.results import YearStatus
    from fsdesk.services.ledger.ledger_figures import TwoFigures
    from fsdesk.services.output.publishing import PutOut
    from ui.appearance import Theme
    from ui.desk import Desk

_Written: TypeAlias = "Callable[[float | None, float], PacedText]"
_PUBLISH = "以后查看本期以现在的数字为准；此后收到的补报和更正只改变最新数据"
_VIEWS = (("按任务", "sections"), ("按单位", "units"), ("按指标", "indicators"))


class AggregatePage(Page):
    """Three tables; the row that is chosen says below how its figure came about."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        """Build the tables, the explanation, and the chart of each view."""
        super().__init__("汇总")
        self._desk, self._period = desk, ""
        self._status: YearStatus | None = None
        self._differing: Mapping[str, TwoFigures] = {}
        self.models: tuple[RowsModel[Any], ...] = (
            RowsModel(_task_columns(self._written)),
            RowsModel(_unit_columns(self._written)),
            RowsModel(_indicator_columns(self._written, self._value, self._told, self._target)),
        )
        self.tabs = QTabWidget()
        self.tables: list[ReportTable] = []
        # A unit's is of its own alone: there are no units to compare.
        self._views = [view for view in _VIEWS if desk.is_office or view[1] != "units"]
        kept = [
            model for view, model in zip(_VIEWS, self.models, strict=True) if view in self._views
        ]
        for (title, key), model in zip(self._views, kept, strict=True):
            table = ReportTable(f"aggregate-{key}", model)
            table.row_chosen.connect(self._explain)
            table.row_opened.connect(self._open_figure)
            self.tabs.addTab(table, title)
            self.tables.append(table)
        self.why = named(QPlainTextEdit(), "计算说明")
        self.why.setReadOnly(True)
        self.why.setPlaceholderText("选中一行，这里说明数字是怎样算出来的")
        self.chart = ChartView("图")
        self.chart.wanted.connect(self._draw)
        self.chart.opened.connect(self._open_spot)
        theme.changed.connect(self.chart.ask_again)
        self.tabs.currentChanged.connect(self._change_view)
        self.banner = PublishedBanner(desk)
        self.banner.switched.connect(lambda: self.refresh(self._period))
        self.banner.revoked.connect(self._stored)
        self._lay_out()

    def _lay_out(self) -> None:
        self._lower = QStackedWidget()
        self._lower.addWidget(self.why)
        self._lower.addWidget(self.chart)
        self.header.add_quiet("数据溯源", self._open_chosen, "search")
        self.switch = self.header.add_quiet("看图", self._switch, "chart-column-big")
        self.publish = self.header.add_quiet("锁定并发布本月", self._publish, "circle-check")
        self.publish.setVisible(self._desk.is_office)
        self.body.addWidget(self.banner)
        split = splitter((self.tabs, 3), (self._lower, 2), upright=True, collapsible=True)
        self.body.addWidget(split, 1)

    def refresh(self, period: str) -> None:
        """Load the aggregate of a period."""
        self._period = period
        self.banner.show_period(period)
        until = Period.parse(period)
        self.banner.desk.run(
            lambda w: (
                aggregation.status(w, until),
                told_differently(w, until),
                heads.reporting_of(w, until),
            ),
            self._show,
        )
        self._desk.run(lambda w: published.why_not(w, until), self._offer)

    def _offer(self, why_not: str) -> None:
        """Let the month be published once it is over."""
        self.publish.setEnabled(not why_not)
        self.publish.setToolTip(why_not or _PUBLISH)

    def _publish(self) -> None:
        period = Period.parse(self._period)
        self._desk.run(
            lambda w: publishing.publish(w, period, LOCKED),
            self._published,
            title="正在发布并留存表格",
        )

    def _published(self, out: PutOut) -> None:
        words = f"{out.publication.period.label}的数字已{LOCKED}并发布"
        self._desk.messages.info(f"{words}。{out.remark}" if out.remark else words)
        self._stored()

    def _stored(self) -> None:
        self.refresh(self._period)
        self.data_changed.emit()

    def _written(self, reached: float | None, pace: float) -> PacedText:
        """Write a share and its pace by the rules of what is shown."""
        return paced(reached, pace, self._status.rules if self._status else Rules())

    def _value(self, result: IndicatorResult) -> str:
        """Write an indicator's figure, marked where its two sources tell it differently."""
        if self._status is None:
            return ""
        mark = "※" if result.indicator.code in self._differing else ""
        return mark + value_text(result.indicator, result.figure, self._status.period)

    def _target(self, result: IndicatorResult) -> str:
        """Write an indicator's target: in a unit's workspace its own share, where it has one."""
        return target_text(self._status, result) if self._status else ""

    def _told(self, result: IndicatorResult) -> str:
        """Return an indicator's figure, or both with the rule where its sources differ."""
        both = self._differing.get(result.indicator.code)
        if both is None or self._status is None:
            return self._value(result)
        return both.text(self._status.period)

    def _show(self, found: tuple[YearStatus, Mapping[str, TwoFigures], Reporting]) -> None:
        status, self._differing, told = found
        self._status = status
        margin = number_text(status.rules.yellow_margin * 100)
        rule = f"低于序时进度 {margin} 个百分点以内为偏慢"
        self.header.set_note(f"{status.until_text}；{basis_line(status, told)}；{rule}")
        keys: dict[str, tuple[Sequence[Any], Callable[[Any], str]]] = {
            "sections": (status.tasks, lambda row: row.task.code),
            "units": (status.units, lambda row: row.unit),
            "indicators": (status.indicators, lambda row: row.indicator.code),
        }
        here = self.tabs.currentIndex()
        for place, ((_, view), table) in enumerate(zip(self._views, self.tables, strict=True)):
            table.show_again(*keys[view], first=place == here)
        self.chart.ask_again()

    def _change_view(self, _number: int) -> None:
        table = self.tables[self.tabs.currentIndex()]
        if table.current_row() is None:
            table.choose_first()
        else:
            self._explain(table.current_row())
        self.chart.ask_again()

    def _open_figure(self, row: object) -> None:
        """Open what lies under a row's figure."""
        spot = YEAR
        if isinstance(row, TaskResult):
            spot = FigureRef(Depth.TASK, row.task.code)
        elif isinstance(row, UnitResult):
            spot = FigureRef(Depth.UNIT, unit=row.unit)
        elif isinstance(row, IndicatorResult):
            spot = FigureRef(Depth.INDICATOR, row.indicator.code)
        self.open_requested.emit("drill", spot)

    def _open_chosen(self) -> None:
        self._open_figure(self.tables[self.tabs.currentIndex()].current_row())

    def _switch(self) -> None:
        drawn = self._lower.currentWidget() is self.chart
        self._lower.setCurrentWidget(self.why if drawn else self.chart)
        self.switch.setText("看图" if drawn else "看说明")
        self.chart.ask_again()

    def _draw(self, size: QSize, ratio: float) -> None:
        found, dark = self._numbers(), colours().dark
        if found is not None:
            self._desk.runner.beside(
                lambda: charts.drawn(found, (size.width(), size.height()), ratio, dark=dark),
                self.chart.show_drawing,
            )

    def _numbers(self) -> ChartNumbers | None:
        kind = self._views[self.tabs.currentIndex()][1]
        return None if self._status is None else ChartNumbers(kind, self._status)

    def _open_spot(self, spot: ChartSpot) -> None:
        """Show the numbers of what was clicked, in place of the chart."""
        found = self._numbers()
        if found is not None:
            self.why.setPlainText(explain_spot(found, spot))
            self._switch()

    def _explain(self, row: object) -> None:
        if self._status is None:
            return
        if isinstance(row, IndicatorResult):
            both = self._differing.get(row.indicator.code)
            self.why.setPlainText(explain_indicator(self._status, row, both))
        elif isinstance(row, TaskResult):
            self.why.setPlainText(explain_task(row, self._status.rules))
        elif isinstance(row, UnitResult):
            self.why.setPlainText(explain_unit(row, self._status.rules))


def _order(value: float | None) -> float:
    """Return what a figure is sorted by: no data comes before zero."""
    return -1.0 if value is None else value


def _task_columns(written: _Written) -> tuple[RowColumn[TaskResult], ...]:
    return (
        RowColumn("亮灯", lambda _: "", lambda r: r.light.urgency, width=84,
                  light=lambda r: r.light),
        RowColumn("编码", lambda r: r.task.code, width=76),
        RowColumn("任务", lambda r: r.task.title, stretch=True, tip=lambda r: r.task.text),
        RowColumn(Measure.COVERAGE.label, lambda r: r.rests_on, lambda r: r.coverage.share,
                  number=True, width=110, measure=Measure.COVERAGE),
        RowColumn(Measure.TASK_PROGRESS.label, lambda r: written(r.progress, r.pace).reached,
                  lambda r: _order(r.progress), number=True, width=220, light=lambda r: r.light,
                  pace=lambda r: (r.progress, r.pace), measure=Measure.TASK_PROGRESS),
        RowColumn(Measure.PACE.label, lambda r: written(r.progress, r.pace).pace, lambda r: r.pace,
                  number=True, width=84, measure=Measure.PACE),
    )  # fmt: skip


def _unit_columns(written: _Written) -> tuple[RowColumn[UnitResult], ...]:
    return (
        RowColumn("亮灯", lambda _: "", lambda r: r.light.urgency, width=84,
                  light=lambda r: r.light),
        RowColumn("单位", lambda r: r.name, stretch=True),
        RowColumn("任务数", lambda r: str(len(r.tasks)), lambda r: len(r.tasks), number=True,
                  width=76),
        RowColumn(Measure.COVERAGE.label, lambda r: r.rests_on, lambda r: r.coverage.share,
                  number=True, width=110, measure=Measure.COVERAGE),
        RowColumn(Measure.UNIT_PROGRESS.label, lambda r: written(r.progress, r.pace).reached,
                  lambda r: _order(r.progress), number=True, width=220, light=lambda r: r.light,
                  pace=lambda r: (r.progress, r.pace), measure=Measure.UNIT_PROGRESS),
        RowColumn(Measure.PACE.label, lambda r: written(r.progress, r.pace).pace, lambda r: r.pace,
                  number=True, width=84, measure=Measure.PACE),
    )  # fmt: skip


def _indicator_columns(
    written: _Written,
    value: Callable[[IndicatorResult], str],
    told: Callable[[IndicatorResult], str],
    target: Callable[[IndicatorResult], str],
) -> tuple[RowColumn[IndicatorResult], ...]:
    return (
        RowColumn("亮灯", lambda _: "", lambda r: r.light.urgency, width=84,
                  light=lambda r: r.light),
        RowColumn("编码", lambda r: r.indicator.code, width=76),
        RowColumn("指标", lambda r: r.indicator.name, stretch=True),
        RowColumn("目标", target, lambda r: r.indicator.target, number=True, width=120),
        RowColumn(Measure.VALUE.label, value, lambda r: _order(r.figure.value), number=True,
                  width=150, tip=told, measure=Measure.VALUE),
        RowColumn("已报单位", lambda r: str(r.coverage),
                  lambda r: r.reported_units, number=True, width=88),
        RowColumn(Measure.ATTAINMENT.label, lambda r: written(r.attainment, r.pace).reached,
                  lambda r: _order(r.attainment), number=True, width=200, light=lambda r: r.light,
                  pace=lambda r: (r.attainment, r.pace), measure=Measure.ATTAINMENT),
        RowColumn(Measure.PACE.label, lambda r: written(r.attainment, r.pace).pace,
                  lambda r: r.pace, number=True, width=84, measure=Measure.PACE),
    )  # fmt: skip
