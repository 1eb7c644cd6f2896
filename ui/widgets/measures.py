"""Which figure a widget or a table's column shows, so that tips and F1 can say what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from fsdesk.domain.status.measures import Measure

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

# A model gives the figure of a column under this role of its head.
MEASURE_ROLE = Qt.ItemDataRole.UserRole + 110
_PROPERTY = "measure"


def shows(widget: QWidget, measure: Measure) -> None:
    """Note which figure a widget shows."""
    widget.setProperty(_PROPERTY, measure.value)


def measure_at_hand() -> Measure | None:
    """Return the figure that the mouse is on, else the one that has the keyboard's focus."""
    under, focus = QApplication.widgetAt(QCursor.pos()), QApplication.focusWidget()
    found = _measure_of(under, QCursor.pos()) if under is not None else None
    return found or (_measure_of(focus) if focus is not None else None)


def _measure_of(widget: QWidget, spot: QPoint | None = None) -> Measure | None:
    """Return the figure of a widget or what it lies in; of a table, that of the column.

    `spot`: where the mouse is; without it a table's current column counts.
    """
    held: QWidget | None = widget
    while held is not None:
        value = held.property(_PROPERTY)
        if value:
            return Measure(value)
        if isinstance(held, QTableView) and held.model() is not None:
            return _measure_of_column(held, spot)
        held = held.parentWidget()
    return None


def _measure_of_column(table: QTableView, spot: QPoint | None) -> Measure | None:
    column = table.currentIndex().column()
    if spot is not None:
        column = table.columnAt(table.viewport().mapFromGlobal(spot).x())
    found = table.model().headerData(column, Qt.Orientation.Horizontal, MEASURE_ROLE)
    return Measure(found) if found else None  # Qt hands on a plain text
