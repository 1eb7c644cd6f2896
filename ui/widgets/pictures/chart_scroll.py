"""A chart that is as high as its rows need, in a frame that scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QScrollArea

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from ui.widgets.pictures.chart_view import ChartView


class ChartScroll(QScrollArea):
    """Gives a chart all the room there is, and more where its rows would be too low to read."""

    def __init__(self, view: ChartView, parent: QWidget | None = None) -> None:
        """Frame a chart."""
        super().__init__(parent)
        self._view = view
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(view)

    def set_least(self, height: int) -> None:
        """Let the chart be at least so high, in logical pixels."""
        self._view.setMinimumHeight(height)
        self._note_scrolling()

    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        """Scroll by the wheel only while there is something to scroll."""
        super().resizeEvent(arg__1)
        self._note_scrolling()

    def _note_scrolling(self) -> None:
        self._view.in_scroll = self._view.minimumHeight() > self.viewport().height()
