"""Lights by shape, word and colour: as a badge and in the cells of tables and trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from fsdesk.domain.status.lights import Light
from ui.theme import RADIUS, SPACE_S, SPACE_XS, colours
from ui.widgets.tables.cells import CellDelegate, Index

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

# A model gives the light of a cell under this role; None draws nothing beside the text.
LIGHT_ROLE = Qt.ItemDataRole.UserRole + 101

_SHAPE = 9.0
_GAP = 5.0


def paint_shape(painter: QPainter, box: QRectF, light: Light) -> None:
    """Draw the light's shape: a disc, a triangle, a square, or a ring for no data."""
    colour = colours().light(light)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if light is Light.GREEN:
        painter.drawEllipse(box)
    elif light is Light.YELLOW:
        top = QPointF(box.center().x(), box.top())
        painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))
    elif light is Light.RED:
        painter.drawRect(box)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.5))
        painter.drawEllipse(box.adjusted(0.75, 0.75, -0.75, -0.75))
    painter.restore()


def paint_light(painter: QPainter, box: QRectF, light: Light, text: str | None = None) -> None:
    """Draw shape and word from the left, in the middle of the box's height."""
    top = box.center().y() - _SHAPE / 2
    paint_shape(painter, QRectF(box.left(), top, _SHAPE, _SHAPE), light)
    words = box.adjusted(_SHAPE + _GAP, 0, 0, 0)
    metrics = QFontMetrics(painter.font())
    shown = metrics.elidedText(
        light.label if text is None else text, Qt.TextElideMode.ElideRight, int(words.width()) + 1
    )
    painter.setPen(colours().light(light))
    painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def light_width(metrics: QFontMetrics, text: str) -> int:
    """Return the width of shape and word together."""
    return round(_SHAPE + _GAP) + metrics.horizontalAdvance(text)


def light_at(index: Index) -> Light | None:
    """Return the light that a model gives for a cell; Qt hands it on as plain text."""
    value = index.data(LIGHT_ROLE)
    return Light(value) if value else None


class LightBadge(QWidget):
    """A light on its own ground: ● 正常, ▲ 偏慢, ■ 滞后, ○ 无数据."""

    def __init__(self, light: Light = Light.GREY, parent: QWidget | None = None) -> None:
        """Show a light."""
        super().__init__(parent)
        self._light = light
        self._text = ""
        self.set_light(light)

    @property
    def light(self) -> Light:
        """The light that is shown."""
        return self._light

    def set_light(self, light: Light, text: str = "", reason: str = "") -> None:
        """Show another light, with words in place of its own; rule and figures are a tip."""
        self._light = light
        self._text = text or light.label
        self.setAccessibleName(f"亮灯：{self._text}")
        self.setToolTip(reason)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Return shape, word and margins."""
        metrics = QFontMetrics(self.font())
        return QSize(light_width(metrics, self._text) + 2 * SPACE_S, metrics.height() + SPACE_XS)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Draw the ground, then shape and word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours().light_ground(self._light))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        inside = QRectF(self.rect()).adjusted(SPACE_S, 0, -SPACE_XS, 0)
        paint_light(painter, inside, self._light, self._text)
        painter.end()


class LightDelegate(CellDelegate):
    """Draws the light of `LIGHT_ROLE` with the cell's text, or with the light's own word."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell's ground as usual, then the light in place of the text."""
        super().paint(painter, option, index)
        light = light_at(index)
        if light is None:
            return
        painter.save()
        painter.setFont(option.font)  # pyright: ignore[reportAttributeAccessIssue]
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        paint_light(painter, box.adjusted(SPACE_S, 0, -SPACE_XS, 0), light, _words(index, light))
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Leave the text to `paint` where there is a light."""
        super().initStyleOption(option, index)
        if light_at(index) is not None:
            option.text = ""  # pyright: ignore[reportAttributeAccessIssue]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Make room for the shape."""
        size = super().sizeHint(option, index)
        light = light_at(index)
        if light is not None:
            metrics = QFontMetrics(option.font)  # pyright: ignore[reportAttributeAccessIssue]
            size.setWidth(light_width(metrics, _words(index, light)) + 2 * SPACE_S)
        return size


def _words(index: Index, light: Light) -> str:
    text = index.data(Qt.ItemDataRole.DisplayRole)
    return light.label if text is None or text == "" else str(text)
