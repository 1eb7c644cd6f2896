"""Pages of paper below one another; each is drawn when it is first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.theme import SPACE_M, colours
from ui.widgets.boxes import column_of
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from fsdesk.domain.output.pages import PaperPage

_WIDTH, _UPRIGHT_WIDTH, _LEAST_WIDTH = 860, 640, 320


class PaperSheet(QWidget):
    """One page, drawn by what draws it on the printer."""

    def __init__(self, page: PaperPage, room: int) -> None:
        """Take the room of a page, which is so wide at most."""
        super().__init__()
        self.page = page
        self._picture = QPixmap()
        self.fit(room)

    def fit(self, room: int) -> None:
        """Take another room; the picture is drawn anew where that changes its size."""
        page = self.page
        width = min(_WIDTH if page.width > page.height else _UPRIGHT_WIDTH, room)
        if width != self.width():
            self._picture = QPixmap()
        self.setFixedSize(width, round(width * page.height / page.width))

    @property
    def drawn(self) -> bool:
        """Whether it has been seen."""
        return not self._picture.isNull()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Draw the page once, then its picture."""
        ratio = self.devicePixelRatioF()
        if self._picture.isNull() or self._picture.devicePixelRatio() != ratio:
            from ui.printing import page_image

            self._picture = QPixmap.fromImage(page_image(self.page, self.width(), ratio))
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(QColor(colours().edge))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class PaperView(QScrollArea):
    """Shows pages and how many they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show none."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName("页面预览")
        self.sheets: tuple[PaperSheet, ...] = ()

    def show_pages(self, pages: Sequence[PaperPage]) -> None:
        """Show other pages, from the first."""
        frame = QWidget()
        column = column_of(
            label(f"共 {len(pages)} 页", "help", centred=True),
            spacing=SPACE_M,
            margins=-1,
            parent=frame,
        )
        self.sheets = tuple(PaperSheet(page, self._room()) for page in pages)
        for sheet in self.sheets:
            column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        # The scroll area deletes the frame that it had.
        self.setWidget(frame)

    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        """Let the pages be as wide as there is room."""
        super().resizeEvent(arg__1)
        for sheet in self.sheets:
            sheet.fit(self._room())

    def _room(self) -> int:
        """Return how wide a page may be beside the bar and within the frame's margins."""
        bar = self.verticalScrollBar().sizeHint().width()
        return max(self.width() - bar - 4 * SPACE_M, _LEAST_WIDTH)
