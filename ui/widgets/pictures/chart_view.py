"""A chart that can be looked at closely: zoom, the numbers under the mouse, a click opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from ui.theme import colours
from ui.widgets.pictures.image_view import ImageView
from ui.widgets.pictures.lens import Lens

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from fsdesk.domain.output.drawing import ChartSpot, Drawing, Place2D

_STEP = 1.25
# A press that moves less than this is a click, not a pull.
_STILL = 5.0


class ChartView(ImageView):
    """Shows a drawing of a chart.

    The wheel zooms about the mouse, with Ctrl where the chart is higher than its frame; a pull
    moves, a double click shows the whole again. Without a mouse: + − 0 zoom, the arrows go from
    spot to spot, Enter opens, Ctrl+C copies.
    """

    opened = Signal(object)  # the spot that was clicked
    copy_wanted = Signal()  # Ctrl+C
    pointed = Signal(str)  # what is under the mouse, in words; empty beside the chart

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make it empty."""
        super().__init__(parent=parent, name=name)
        self.drawing: Drawing | None = None
        self.lens = Lens()
        self.in_scroll = False  # then the wheel scrolls, and zooms with Ctrl
        self._pressed: QPointF | None = None
        self._pulled = False
        self._spot: tuple[Place2D, ChartSpot] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_drawing(self, drawing: Drawing) -> None:
        """Show a chart; what was zoomed stays zoomed."""
        image = QImage(
            drawing.pixels,
            drawing.width,
            drawing.height,
            drawing.width * 4,
            QImage.Format.Format_RGBA8888,
        )
        self.drawing, self._spot, self._text = drawing, None, ""
        self.lens.set_sizes(self.size(), QSize(drawing.width, drawing.height))
        self._picture = QPixmap.fromImage(image)
        self._picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.setAccessibleDescription(drawing.title)
        self.update()

    def show_text(self, text: str) -> None:
        """Show words in place of a chart, such as why there is none."""
        self.drawing = self._spot = None
        super().show_text(text)

    @property
    def spot(self) -> ChartSpot | None:
        """The spot that is pointed at."""
        return self._spot[1] if self._spot else None

    @property
    def zoom(self) -> float:
        """How much larger than fitted to the widget the chart is shown."""
        return self.lens.zoom

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom about a point; the picture is drawn anew once it rests."""
        self.lens.zoom_by(factor, about)
        self._rest.start()
        self.update()

    def zoom_whole(self) -> None:
        """Show the whole chart."""
        self.zoom_by(1.0 / self.zoom)

    def _ask_when_new(self) -> None:
        ratio = self.devicePixelRatioF()
        now = (self.size(), ratio * self.lens.sharpness(ratio))
        if self.isVisible() and now != self._asked:
            self._asked = now
            self.wanted.emit(QSize(now[0]), now[1])

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chart, and a frame around the spot that is pointed at."""
        if self.drawing is None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.lens.set_sizes(self.size(), self._picture.size())
        painter.drawPixmap(self.lens.whole, self._picture, QRectF(self._picture.rect()))
        if self._spot is not None:
            painter.setPen(QPen(QColor(colours().accent), 2))
            painter.drawRect(self.lens.box(self._spot[0]))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours().accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    # Mouse and keys

    def _found(self, point: QPointF) -> tuple[Place2D, ChartSpot] | None:
        if self.drawing is None:
            return None
        x, y = self.lens.share_of(point)
        return next((pair for pair in self.drawing.spots if pair[0].holds(x, y)), None)

    def _point_at(self, found: tuple[Place2D, ChartSpot] | None) -> None:
        if found == self._spot:
            return
        self._spot = found
        self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
        words = found[1].words if found else ""
        self.setAccessibleDescription(words)
        self.pointed.emit(words)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse; while pressed, pull."""
        point = event.position()
        if self._pressed is not None and self.zoom > 1:
            moved = point - self._pressed
            if self._pulled or moved.manhattanLength() > _STILL:
                self._pulled = True
                self.lens.pull(moved)
                self._pressed = point
                self.update()
                return
        self._point_at(self._found(point))
        if self._spot:
            QToolTip.showText(event.globalPosition().toPoint(), self._spot[1].words, self)
        else:
            QToolTip.hideText()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a pull."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._pulled = event.position(), False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the numbers of what was clicked."""
        if event.button() is Qt.MouseButton.LeftButton and self._pressed is not None:
            if not self._pulled:
                self._point_at(self._found(event.position()))
                self._open()
            self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Show the whole chart again."""
        self.zoom_whole()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget what was pointed at."""
        super().leaveEvent(event)
        self._point_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the mouse."""
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        scrolls = self.in_scroll and not held and self.zoom <= 1
        if self.drawing is None or not event.angleDelta().y() or scrolls:
            event.ignore()
            return
        self.zoom_by(_STEP if event.angleDelta().y() > 0 else 1 / _STEP, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do without the mouse."""
        keys = Qt.Key
        steps = {keys.Key_Right: 1, keys.Key_Down: 1, keys.Key_Left: -1, keys.Key_Up: -1}
        zooms = {
            keys.Key_Plus: _STEP,
            keys.Key_Equal: _STEP,
            keys.Key_Minus: 1 / _STEP,
            keys.Key_0: 1 / self.zoom,
        }
        copies = event.key() == keys.Key_C and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        )
        if copies:
            self.copy_wanted.emit()
        elif event.key() in steps:
            self._step(steps[keys(event.key())])
        elif event.key() in zooms:
            self.zoom_by(zooms[keys(event.key())])
        elif event.key() in (keys.Key_Return, keys.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        if self.drawing is None or not self.drawing.spots:
            return
        spots = self.drawing.spots
        here = spots.index(self._spot) if self._spot in spots else -1 if by > 0 else 0
        self._point_at(spots[(here + by) % len(spots)])

    def _open(self) -> None:
        if self._spot is not None:
            self.opened.emit(self._spot[1])
