"""A tile: title, one big figure with its unit, a line below; a click opens what lies behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme import RADIUS, SPACE_L, SPACE_M, SPACE_S, TYPE_BODY, TYPE_FIGURE, TYPE_HELP, colours
from ui.widgets.lights import paint_shape
from ui.widgets.measures import shows

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from fsdesk.domain.status.lights import Light
    from fsdesk.domain.status.measures import Measure

_SHAPE = 10


class Tile(QAbstractButton):
    """A button that shows a figure; `clicked` opens the page behind it."""

    def __init__(self, figure: Measure, parent: QWidget | None = None) -> None:
        """Make a tile for a figure, without its value."""
        super().__init__(parent)
        self._measure, title = figure, figure.label
        shows(self, figure)
        self._title, self._figure, self._unit, self._sub = title, "—", "", ""
        self._light: Light | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Show the figure under another name: that of the plan's own level."""
        self._title = title
        self.setAccessibleName(title)

    def set_values(
        self, figure: str, unit: str = "", sub: str = "", light: Light | None = None
    ) -> None:
        """Show a figure as text, ``—`` without data; the measure unit follows in grey.

        `sub` is one line below; a light before it goes with words that hold its own.
        """
        self._figure, self._unit, self._sub, self._light = figure, unit, sub, light
        self.setAccessibleName(f"{self._title}：{figure}{unit}，{sub}".rstrip("，"))
        self.setToolTip(f"{sub}\n{self._title}：{self._measure.definition}".lstrip())
        self.update()

    def set_share(self, text: str, sub: str = "", light: Light | None = None) -> None:
        """Show a share that was written with its sign, or the dash that stands for one."""
        number = text.removesuffix("%")
        self.set_values(number, text[len(number) :], sub, light)

    def sizeHint(self) -> QSize:
        """Return a size that four tiles of a 1366 pixel wide window share."""
        return QSize(240, 2 * SPACE_M + 20 + 40 + 20)

    def minimumSizeHint(self) -> QSize:
        """Let tiles shrink; texts are cut with an ellipsis then."""
        return QSize(132, self.sizeHint().height())

    def keyPressEvent(self, e: QKeyEvent) -> None:
        """Take Enter as well as the space bar."""
        if e.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(e)

    def paintEvent(self, e: QPaintEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Draw ground, border and the three lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        inside = QRectF(self.rect()).adjusted(SPACE_L, SPACE_M, -SPACE_L, -SPACE_M)
        self._paint_line(
            painter, QRectF(inside.topLeft(), QSize(int(inside.width()), 20)), self._title
        )
        self._paint_figure(painter, inside)
        below = QRectF(inside.left(), inside.bottom() - 20, inside.width(), 20)
        if self._light is not None:
            shape = QRectF(below.left(), below.center().y() - _SHAPE / 2, _SHAPE, _SHAPE)
            paint_shape(painter, shape, self._light)
            below.adjust(_SHAPE + 6, 0, 0, 0)
        self._paint_line(painter, below, self._sub, TYPE_HELP)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        tones = colours()
        raised = self.isDown() or self.underMouse()
        painter.setBrush(QColor(tones.raised if raised else tones.surface))
        width = 2.0 if self.hasFocus() else 1.0
        painter.setPen(QPen(QColor(tones.accent if self.hasFocus() else tones.line), width))
        half = width / 2
        frame = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)

    def _paint_line(self, painter: QPainter, box: QRectF, text: str, size: int = TYPE_BODY) -> None:
        painter.setFont(self._font(size))
        painter.setPen(QColor(colours().muted))
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_figure(self, painter: QPainter, inside: QRectF) -> None:
        painter.setFont(self._font(TYPE_FIGURE))
        painter.setPen(QColor(colours().text))
        baseline = inside.top() + 20 + 31
        painter.drawText(QPointF(inside.left(), baseline), self._figure)
        after = inside.left() + QFontMetrics(painter.font()).horizontalAdvance(self._figure)
        painter.setFont(self._font(TYPE_BODY))
        painter.setPen(QColor(colours().muted))
        start = after + SPACE_S / 2
        room = int(inside.right() - start)
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(self._unit, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(start, baseline), shown)

    def _font(self, size: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(size)
        return font
