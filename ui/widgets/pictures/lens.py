"""How a picture is looked at: whole, or a part of it larger; plain geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt

if TYPE_CHECKING:
    from fsdesk.domain.output.drawing import Place2D

MOST_ZOOM = 6.0
# No picture is asked for that is wider or higher than this, in device pixels.
_MOST_PIXELS = 6000


class Lens:
    """Zoom and place of a picture in its frame; the picture never leaves the frame empty."""

    def __init__(self) -> None:
        """Look at the whole."""
        self.zoom = 1.0
        self._shift = QPointF()
        self._frame = QSizeF(1, 1)
        self._picture = QSizeF(1, 1)

    def set_sizes(self, frame: QSize, picture: QSize) -> None:
        """Take the frame's size, and the picture's in any unit."""
        self._frame = QSizeF(max(frame.width(), 1), max(frame.height(), 1))
        self._picture = QSizeF(max(picture.width(), 1), max(picture.height(), 1))
        self._hold()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom about a point of the frame; its middle unless given."""
        centre = about or QPointF(self._frame.width() / 2, self._frame.height() / 2)
        before = self.zoom
        self.zoom = min(max(before * factor, 1.0), MOST_ZOOM)
        self._shift = centre - (centre - self._shift) * (self.zoom / before)
        self._hold()

    def pull(self, by: QPointF) -> None:
        """Move the picture."""
        self._shift += by
        self._hold()

    def sharpness(self, ratio: float) -> float:
        """Return how much sharper than the screen, of that pixel ratio, a picture should be."""
        longest = max(self._frame.width(), self._frame.height()) * ratio
        return max(min(self.zoom, _MOST_PIXELS / longest), 1.0)

    @property
    def whole(self) -> QRectF:
        """Where the whole picture lies, parts of it outside the frame when zoomed."""
        size = self._picture.scaled(self._frame, Qt.AspectRatioMode.KeepAspectRatio)
        left = (self._frame.width() - size.width()) / 2
        top = (self._frame.height() - size.height()) / 2
        return QRectF(
            left * self.zoom + self._shift.x(),
            top * self.zoom + self._shift.y(),
            size.width() * self.zoom,
            size.height() * self.zoom,
        )

    def box(self, place: Place2D) -> QRectF:
        """Return where a part of the picture lies."""
        whole = self.whole
        left = whole.left() + place.left * whole.width()
        top = whole.top() + place.top * whole.height()
        right = whole.left() + place.right * whole.width()
        bottom = whole.top() + place.bottom * whole.height()
        return QRectF(QPointF(left, top), QPointF(right, bottom))

    def share_of(self, point: QPointF) -> tuple[float, float]:
        """Return a point of the frame in shares of the picture's width and height."""
        whole = self.whole
        x = (point.x() - whole.left()) / whole.width()
        return x, (point.y() - whole.top()) / whole.height()

    def _hold(self) -> None:
        left = self._frame.width() * (1 - self.zoom)
        top = self._frame.height() * (1 - self.zoom)
        self._shift = QPointF(min(max(self._shift.x(), left), 0), min(max(self._shift.y(), top), 0))
