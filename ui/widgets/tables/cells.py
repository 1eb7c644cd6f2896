"""The plain cell of tables: what other delegates build on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Draws the background that a model gives, which Qt leaves out once a style sheet pads cells.

    The ground of a selected row lies above it.
    """

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Fill the cell, then draw it as usual."""
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if ground is not None:
            painter.fillRect(
                option.rect,  # pyright: ignore[reportAttributeAccessIssue]
                QBrush(ground),
            )
        super().paint(painter, option, index)
