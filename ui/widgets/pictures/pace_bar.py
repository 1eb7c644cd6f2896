"""A bar that shows how far a figure has come, with a mark where it should be by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QStyleOptionViewItem, QWidget

from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced
from ui.theme import SPACE_S, SPACE_XS, colours
from ui.widgets.lights import light_at
from ui.widgets.measures import shows
from ui.widgets.tables.cells import CellDelegate, Index

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from fsdesk.domain.settings import Rules

# A model gives attainment and pace of a cell under these roles, as fractions or None.
ATTAINMENT_ROLE = Qt.ItemDataRole.UserRole + 102
PACE_ROLE = Qt.ItemDataRole.UserRole + 103

_BAR = 8.0
_CELL_TEXT = 56


def paint_pace_bar(
    painter: QPainter, box: QRectF, attainment: float | None, pace: float | None, light: Light
) -> None:
    """Draw the bar in the middle of a box: track, part reached, and the mark of the pace.

    What is above 1 fills the bar; what is None leaves the track empty or draws no mark.
    """
    tones = colours()
    top = box.center().y() - _BAR / 2
    track = QRectF(box.left(), top, box.width(), _BAR)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tones.edge), 1))
    painter.setBrush(QColor(tones.raised))
    painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setPen(Qt.PenStyle.NoPen)
    if attainment:
        reached = QRectF(track)
        reached.setWidth(max(3.0, track.width() * min(max(attainment, 0.0), 1.0)))
        painter.setBrush(tones.light(light))
        painter.drawRoundedRect(reached, 3, 3)
    if pace is not None:
        middle = track.left() + (track.width() - 2) * min(max(pace, 0.0), 1.0)
        painter.fillRect(QRectF(middle - 1, top - 4, 4, _BAR + 8), QColor(tones.surface))
        painter.fillRect(QRectF(middle, top - 4, 2, _BAR + 8), QColor(tones.text))
    painter.restore()


class PaceBar(QWidget):
    """The bar as a widget; what it says is also its tip and its accessible name."""

    def __init__(self, figure: Measure, parent: QWidget | None = None) -> None:
        """Make an empty bar for a figure."""
        super().__init__(parent)
        self._measure = figure
        shows(self, figure)
        self._attainment: float | None = None
        self._pace: float | None = None
        self._light = Light.GREY
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(figure.label)

    def set_values(self, attainment: float | None, pace: float, light: Light, rules: Rules) -> None:
        """Show attainment and pace, both as fractions, coloured by the light that rules give."""
        self._attainment, self._pace, self._light = attainment, pace, light
        shown = paced(attainment, pace, rules)
        pace_words = f"{Measure.PACE.label} {shown.pace}"
        words = f"{self._measure.label} {shown.reached}，{pace_words}，{light.label}"
        self.setToolTip(f"{words}\n{self._measure.explanation}")
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable length and just enough height for the mark."""
        return QSize(160, round(_BAR) + 2 * SPACE_XS + 2)

    def minimumSizeHint(self) -> QSize:
        """Let it shrink in narrow columns."""
        return QSize(48, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Draw the bar."""
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(1, 0, -1, 0)
        paint_pace_bar(painter, box, self._attainment, self._pace, self._light)
        painter.end()


class PaceDelegate(CellDelegate):
    """Draws the bar in a cell, and its text, the percentage, right of it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell's ground and its text as usual, then the bar in the room left of it."""
        super().paint(painter, option, index)
        light = light_at(index)
        if light is None:
            return
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        bar = box.adjusted(SPACE_S, 0, -_CELL_TEXT - SPACE_S, 0)
        paint_pace_bar(painter, bar, index.data(ATTAINMENT_ROLE), index.data(PACE_ROLE), light)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Put the percentage at the right."""
        super().initStyleOption(option, index)
        option.displayAlignment = (  # pyright: ignore[reportAttributeAccessIssue]
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Make room for a bar that can be read."""
        size = super().sizeHint(option, index)
        size.setWidth(max(size.width(), 160))
        return size
