"""One chart with its tools: zoom, copy, the numbers of what was clicked; and its pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget

from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.output.arrangement import Arrangement
from fsdesk.domain.output.pages import Paper, PaperSize
from fsdesk.services.care import other_years
from fsdesk.services.output import charts
from fsdesk.services.output.outputs import Chosen
from ui import remember
from ui.pages.printing.panel import ItemPanel
from ui.pages.status.explain_chart import explain_spot
from ui.theme import SPACE_M, colours
from ui.widgets.boxes import boxed, column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import passing
from ui.widgets.label import label
from ui.widgets.pictures.chart_scroll import ChartScroll
from ui.widgets.pictures.chart_view import ChartView
from ui.widgets.pictures.paper_view import PaperView

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from fsdesk.domain.output.drawing import ChartSpot, Drawing
    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.domain.periods import Period
    from fsdesk.services.output.charts import ChartNumbers
    from fsdesk.services.output.outputs import Output
    from fsdesk.workspace import Workspace
    from ui.desk import Desk

_HINT = "点图中任一处，这里列出它的数字。滚轮（图很高时按住 Ctrl）缩放，拖动平移，双击还原。"
# The chart to be looked into, or its pages as they are printed.
_SHOWN = (
    ("看数字", None),
    *((f"{paper.label}页面", paper) for paper in map(Paper, PaperSize)),
)
_STEP = 1.5


class ChartPanel(ItemPanel):
    """Takes a chart's numbers once, and has it drawn from them as often as it is looked at."""

    def __init__(self, desk: Desk) -> None:
        """Build tools, chart and numbers."""
        super().__init__(desk)
        self._found: ChartNumbers | None = None
        self._known_earlier: Path | None = None
        self.earlier = button("选上一年度工作区", self._choose_earlier, icon="folder-open")
        self.view = ChartView("图")
        self.view.wanted.connect(self.draw)
        self.view.opened.connect(self._open)
        self.view.copy_wanted.connect(self.copy)
        self.numbers = QPlainTextEdit()
        self.numbers.setReadOnly(True)
        self.numbers.setAccessibleName("数字")
        self.numbers.setPlaceholderText(_HINT)
        self.shown = passing(Choice("显示", _SHOWN))
        self.shown.chosen.connect(lambda _paper: self._show_chosen())
        self.preview = PaperView()
        self.frame = ChartScroll(self.view)
        self._lay_out()

    def _lay_out(self) -> None:
        tools = row_of()
        look = label("显示", "muted")
        whole = row_of(self.item_label, self.item, self.earlier, look, self.shown, None)
        for verb, icon, action in (
            ("放大", "zoom-in", lambda: self.view.zoom_by(_STEP)),
            ("缩小", "zoom-out", lambda: self.view.zoom_by(1 / _STEP)),
            ("还原", "maximize", self.view.zoom_whole),
            ("复制图", "copy", self.copy),
        ):
            tools.addWidget(button(verb, action, icon=icon))
        self._tools = boxed(tools)
        whole.addWidget(self._tools)
        self._split = splitter(
            (self.frame, 4), (self.numbers, 1), sizes=[500, 90], upright=True, collapsible=True
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._split)
        self._stack.addWidget(self.preview)
        column_of(whole, (self._stack, 1), margins=(SPACE_M, 0, 0, 0), parent=self)

    @property
    def chosen(self) -> Chosen:
        """What is chosen."""
        paper = self.shown.value or Paper()
        return Chosen(
            item=self.item_code,
            arrangement=Arrangement(size=paper.size, landscape=paper.landscape),
            earlier=self._earlier_folder or self._known_earlier,
        )

    def show_output(self, output: Output, period: Period) -> None:
        """Show a chart of a period."""
        if output.kind != self._kind:
            self.view.zoom_whole()
        self.earlier.setVisible(output.kind == charts.YEARS)
        super().show_output(output, period)

    def _load(self) -> None:
        kind, period = self._kind, self._period
        item, earlier = self.item_code, self._earlier_folder

        def job(workspace: Workspace) -> tuple[ChartNumbers, Path | None]:
            place = earlier
            if kind == charts.YEARS and place is None:
                place = other_years.workspace_of(workspace, period.year - 1)
            return charts.numbers(workspace, kind, period, item, place), place

        self._desk.run(job, self._show, self._say)

    @property
    def _earlier_folder(self) -> Path | None:
        """Folder of last year's workspace, remembered for this year."""
        kept = remember.recall(f"folders/last-year/{self._period.year}")
        return Path(kept) if kept and self._kind == charts.YEARS else None

    def _choose_earlier(self) -> None:
        folder = self._desk.files.folder("选择上一年度的工作区文件夹", "workspaces")
        if folder is not None:
            remember.store(f"folders/last-year/{self._period.year}", str(folder))
            self._load()

    def _show(self, made: tuple[ChartNumbers, Path | None]) -> None:
        self._found, self._known_earlier = made
        self.numbers.clear()
        self.frame.set_least(charts.least_height(self._found))
        self._show_chosen()

    def _show_chosen(self) -> None:
        """Show the chart to be looked into, or its pages."""
        found, paper = self._found, self.shown.value
        looked_into = paper is None or found is None
        self._tools.setVisible(looked_into)
        self._stack.setCurrentWidget(self._split if looked_into else self.preview)
        if paper is None or found is None:
            self.view.ask_again()
            return
        self._desk.runner.beside(
            lambda: (found, paper, charts.pages(found, paper, charts.PREVIEW_DPI)),
            self._put_pages,
            title="正在排版",
        )

    def _put_pages(self, made: tuple[ChartNumbers, Paper, tuple[PaperPage, ...]]) -> None:
        found, paper, pages = made
        if found is self._found and paper == self.shown.value:
            self.preview.show_pages(pages)

    def _say(self, problem: Exception) -> None:
        """Show why there is no chart, where it would stand."""
        self._found = None
        self.numbers.clear()
        self.frame.set_least(0)
        self._show_chosen()
        if isinstance(problem, FsdeskError):
            self.view.show_text("\n".join(f.message for f in problem.findings))
        else:
            self._desk.messages.error(problem)

    def draw(self, size: QSize, ratio: float) -> None:
        """Have the chart drawn for a size."""
        found, dark = self._found, colours().dark
        if found is None:
            return
        self._desk.runner.beside(
            lambda: (found, charts.drawn(found, (size.width(), size.height()), ratio, dark=dark)),
            self._put,
        )

    def _put(self, made: tuple[ChartNumbers, Drawing]) -> None:
        found, drawing = made
        if found is self._found:
            self.view.show_drawing(drawing)

    def _open(self, spot: ChartSpot) -> None:
        if self._found is not None:
            self.numbers.setPlainText(explain_spot(self._found, spot))

    def copy(self) -> None:
        """Put the chart as it is printed, on white, into the clipboard."""
        found = self._found
        if found is not None:
            self._desk.runner.beside(lambda: charts.print_png(found), self._put_away)

    def _put_away(self, png: bytes) -> None:
        QGuiApplication.clipboard().setImage(QImage.fromData(png))
        self._desk.messages.info("图已复制，可粘贴到文档中")
