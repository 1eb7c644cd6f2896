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
from ui.widgets.pictures.paper_view import PaperView

if TYPE_CHECKING:
    from ui.desk import Desk


class PosterPanel(OutputPanel):
    """Shows the page as it will be printed."""

    def __init__(self, desk: Desk) -> None:
        """Build choice and preview."""
        super().__init__(desk)
        papers = [(f"{size.name} 纵向", size) for size in PaperSize]
        self.paper = passing(Choice("纸张", papers))
        self.paper.chosen.connect(lambda _size: self._load())
        self.preview = PaperView()
        column_of(
            row_of(label("纸张", "muted"), self.paper, None, spacing=-1),
            (self.preview, 1),
            margins=(SPACE_M, 0, 0, 0),
            parent=self,
        )

    @property
    def chosen(self) -> Chosen | None:
        """What is chosen."""
        return Chosen(arrangement=Arrangement(size=self.paper.value, landscape=False))

    def _load(self) -> None:
        period, size = self._period, self.paper.value
        self._desk.run(
            lambda w: poster.pages(w, period, size, poster.PREVIEW_DPI),
            self.preview.show_pages,
            title="正在生成一图读懂",
        )
