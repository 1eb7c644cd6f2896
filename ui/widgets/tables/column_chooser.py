"""A button whose list says which columns are shown, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from ui import icons

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE = (240, 320)


class ColumnChooser(QToolButton):
    """Columns are ticked, and pulled to their place; `changed` is emitted when the list closes."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it without columns."""
        super().__init__(parent)
        self.setText("列")
        self.setToolTip("选择列，拖动调整顺序")
        self.setAccessibleName("列")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        icons.put(self, "columns-3")
        self.list = QListWidget()
        self.list.setAccessibleName("要打印的列")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setFixedSize(*_SIZE)
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(self.list)
        menu.addAction(action)
        menu.aboutToHide.connect(self._tell)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._all: tuple[str, ...] = ()
        self._told: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The ticked columns in their order; empty for all in their own order."""
        items = (self.list.item(row) for row in range(self.list.count()))
        ticked = tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)
        return () if ticked == self._all or not ticked else ticked

    def set_columns(self, known: Sequence[str], ticked: Sequence[str]) -> None:
        """Offer columns; the ticked come first, in their order. None ticked means all are."""
        self._all = tuple(known)
        shown = [title for title in ticked if title in known] or list(known)
        self.list.clear()
        for title in (*shown, *(title for title in known if title not in shown)):
            item = QListWidgetItem(title)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )
            state = Qt.CheckState.Checked if title in shown else Qt.CheckState.Unchecked
            item.setCheckState(state)
            self.list.addItem(item)
        self._told = self.columns

    def _tell(self) -> None:
        if self.columns != self._told:
            self._told = self.columns
            self.changed.emit()
