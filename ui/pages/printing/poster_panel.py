"""The one page for leaders (一图读懂): paper and preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.arrangement import Arrangement
from fsdesk.domain.output.pages import PaperSize
from fsdesk.services.output import poster
from fsdesk.services.output.outputs import Chosen
from ui.pages.printing.panel import OutputPanel
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of
from ui.widgets.choice import Choice
from ui.widgets.fields import passing
from ui.widgets.label import label
from ui.widgets.pictures.chart_view import ChartView

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from ui.desk import Desk


class PosterPanel(OutputPanel):
    """Shows the page as it will be printed, fitted to the window."""

    def __init__(self, desk: Desk) -> None:
        """Build choice and preview."""
        super().__init__(desk)
        self.paper = passing(Choice("纸张", [(f"{size.name} 纵向", size) for size in PaperSize]))
        self.view = ChartView("一图读懂")
        self.view.wanted.connect(self.draw)
        column_of(
            row_of(label("纸张", "muted"), self.paper, None, spacing=-1),
            (self.view, 1),
            margins=(SPACE_M, 0, 0, 0),
            parent=self,
        )

    @property
    def chosen(self) -> Chosen | None:
        """What is chosen."""
        return Chosen(arrangement=Arrangement(size=self.paper.value, landscape=False))

    def _load(self) -> None:
        self.view.ask_again()

    def draw(self, size: QSize, ratio: float) -> None:
        """Have the page drawn to fit a size."""
        if not self._kind:
            return
        period = self._period
        pixels = (size.width() * ratio, size.height() * ratio)
        self._desk.run(
            lambda w: poster.drawn(w, period, pixels),
            self.view.show_drawing,
            title="正在生成一图读懂",
        )
