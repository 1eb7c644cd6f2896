"""The one page for leaders (一图读懂): paper and preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fsdesk.domain.output.pages import PaperSize
from fsdesk.domain.periods import Period
from fsdesk.services.output import poster
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.choice import Choice
from ui.widgets.label import label
from ui.widgets.pictures.chart_view import ChartView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QSize

    from ui.desk import Desk

_PRINTER_DPI = 300.0


class PosterPanel(QWidget):
    """Shows the page as it will be printed, fitted to the window."""

    def __init__(self, desk: Desk) -> None:
        """Build choice and preview."""
        super().__init__()
        self._desk, self._period = desk, ""
        self.paper = Choice("纸张", [(f"{size.name} 纵向", size) for size in PaperSize])
        self.view = ChartView("一图读懂")
        self.view.wanted.connect(self.draw)
        row = QHBoxLayout()
        row.addWidget(label("纸张", "muted"))
        row.addWidget(self.paper)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(row)
        column.addWidget(self.view, 1)

    @property
    def size_of_paper(self) -> PaperSize:
        """The chosen paper."""
        return PaperSize(self.paper.value)

    def show_output(self, period: str) -> None:
        """Show the page of a period."""
        self._period = period
        self.view.ask_again()

    def draw(self, size: QSize, ratio: float) -> None:
        """Have the page drawn to fit a size."""
        if not self._period:
            return
        workspace, period = self._desk.workspace, Period.parse(self._period)
        pixels = (size.width() * ratio, size.height() * ratio)
        self._desk.runner.run(
            lambda: poster.drawn(workspace, period, pixels),
            self.view.show_drawing,
            title="正在生成一图读懂",
        )

    def writer(self) -> Callable[[Path], object]:
        """Return what writes the page to a file."""
        workspace, period = self._desk.workspace, Period.parse(self._period)
        paper = self.size_of_paper
        return lambda file: poster.write_poster(workspace, period, file, paper)

    def picture(self) -> bytes:
        """Return the page as a picture for the printer; call it in the background."""
        period = Period.parse(self._period)
        return poster.poster(self._desk.workspace, period, "png", dpi=_PRINTER_DPI)
