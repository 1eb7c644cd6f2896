"""Shows a chart as a picture, and asks for a new one when its size has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import colours

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent

_REST_MS = 120


class ImageView(QWidget):
    """A picture drawn elsewhere, pixel by pixel for this screen.

    `wanted` is emitted with the size in logical pixels and the device pixel ratio once the widget
    rests in a new size; the answer comes by `show_png`. Until then the old picture is shown
    fitted, never distorted.
    """

    wanted = Signal(QSize, float)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make it empty; the name is what a screen reader says."""
        super().__init__(parent)
        self._name = name
        self._picture = QPixmap()
        self._text = ""
        self._asked: tuple[QSize, float] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask_when_new)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)

    def show_png(self, picture: bytes, description: str = "") -> None:
        """Show a picture; the description says in words what it shows."""
        made = QPixmap()
        made.loadFromData(picture)
        made.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture, self._text = made, ""
        self.setAccessibleDescription(description)
        self.update()

    def show_text(self, text: str) -> None:
        """Show words in place of the picture, such as why there is none."""
        self._picture, self._text = QPixmap(), text
        self.setAccessibleDescription(text)
        self.update()

    def ask_again(self) -> None:
        """Ask for a new picture of the same size: the data or the theme has changed."""
        self._asked = None
        if self.isVisible():
            self._rest.start()

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture."""
        return not self._picture.isNull()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wait until the size rests."""
        super().resizeEvent(event)
        self._rest.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the first picture when it is first seen."""
        super().showEvent(event)
        self._rest.start()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Draw the picture as it is when it fits, else fitted."""
        painter = QPainter(self)
        if self._picture.isNull():
            painter.setPen(QColor(colours().muted))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(centred), self._text)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self._place(), self._picture, QRectF(self._picture.rect()))
        painter.end()

    def _place(self) -> QRectF:
        size = self._picture.deviceIndependentSize()
        if size.toSize() != self.size():
            size = size.scaled(self.size().toSizeF(), Qt.AspectRatioMode.KeepAspectRatio)
        left = (self.width() - size.width()) / 2
        return QRectF(left, (self.height() - size.height()) / 2, size.width(), size.height())

    def _ask_when_new(self) -> None:
        now = (self.size(), self.devicePixelRatioF())
        if self.isVisible() and now != self._asked:
            self._asked = now
            self.wanted.emit(*now)
