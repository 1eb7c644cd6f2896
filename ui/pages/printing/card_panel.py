"""The one-page cards (使用卡): a look at what will be printed, nothing to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.services.output import cards
from ui.pages.printing.panel import OutputPanel
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of
from ui.widgets.pictures.paper_view import PaperView

if TYPE_CHECKING:
    from ui.desk import Desk


class CardPanel(OutputPanel):
    """Shows the page as it will be printed."""

    def __init__(self, desk: Desk) -> None:
        """Build the preview."""
        super().__init__(desk)
        self.preview = PaperView()
        column_of((self.preview, 1), margins=(SPACE_M, 0, 0, 0), parent=self)

    def _load(self) -> None:
        kind = self._kind
        self._desk.run(
            lambda w: cards.pages(w, kind), self.preview.show_pages, title="正在生成使用卡"
        )
