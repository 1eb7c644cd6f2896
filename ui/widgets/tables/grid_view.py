"""A grid as in a spreadsheet: keys, blocks, and first columns that stay while others scroll.

The frozen columns are drawn over the others and answer for their places; there is only one view,
so that selecting, editing and the keyboard know nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.theme import ROW_DENSE, colours
from ui.widgets.tables.grid_cells import GridDelegate
from ui.widgets.tables.grid_header import GridHeader

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.widgets.tables.cells import Index

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NONE = QAbstractItemDelegate.EndEditHint.NoHint
_SIDEWARDS = {
    QAbstractItemDelegate.EndEditHint.EditNextItem: 1,
    QAbstractItemDelegate.EndEditHint.EditPreviousItem: -1,
}
_SUBMIT = QAbstractItemDelegate.EndEditHint.SubmitModelCache


class GridView(QTableView):
    """What keys ask for is told by signals; the grid itself changes nothing but single cells."""

    copy_wanted = Signal()
    paste_wanted = Signal()
    clear_wanted = Signal()
    fill_wanted = Signal()
    covered_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty grid."""
        super().__init__(parent)
        self.head = GridHeader(self)
        self.setHorizontalHeader(self.head)
        self.cells = GridDelegate(self)
        self.setItemDelegate(self.cells)
        self.setWordWrap(False)
        self.setTabKeyNavigation(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_DENSE)
        rows.setDefaultSectionSize(ROW_DENSE)
        rows.setHighlightSections(False)
        self.doubleClicked.connect(self._tell_covered)

    # Blocks

    def block(self) -> tuple[list[int], list[int]]:
        """Return rows and columns of the selected block, columns from left to right."""
        chosen = self.selectionModel()
        rows: set[int] = set()
        columns: set[int] = set()
        for part in chosen.selection().toList() if chosen else ():
            rows.update(range(part.top(), part.bottom() + 1))
            columns.update(range(part.left(), part.right() + 1))
        seen = (c for c in columns if not self.isColumnHidden(c))
        return sorted(rows), sorted(seen, key=self.head.visualIndex)

    def columns_from(self, column: int) -> list[int]:
        """Return the columns from one to the right end, as they are seen."""
        first = self.head.visualIndex(column)
        seen = (self.head.logicalIndex(v) for v in range(first, self.head.count()))
        return [c for c in seen if not self.isColumnHidden(c)]

    def whole_rows(self) -> bool:
        """Tell whether the selection is made of whole rows."""
        model = self.selectionModel()
        return bool(model and model.hasSelection()) and all(
            model.isRowSelected(row, QModelIndex()) for row in self.block()[0][:3]
        )

    def go_to(self, row: int, column: int) -> None:
        """Make a cell current and bring it into view."""
        index = self.model().index(row, max(column, 0))
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, flags)
            self.scrollTo(index)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Know the keys of spreadsheets."""
        if self.state() is QAbstractItemView.State.EditingState:
            # What an editor leaves over is none of the grid's own keys.
            super().keyPressEvent(event)
            return
        wanted = self._wanted(event)
        if wanted is not None:
            wanted.emit()
            return
        if event.key() in _ENTER:
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            return
        super().keyPressEvent(event)

    def _wanted(self, event: QKeyEvent) -> SignalInstance | None:
        keys = QKeySequence.StandardKey
        if event.matches(keys.Copy):
            return self.copy_wanted
        if event.matches(keys.Paste):
            return self.paste_wanted
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return self.clear_wanted
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_D:
            return self.fill_wanted
        index = self.currentIndex()
        locked = index.isValid() and not index.flags() & Qt.ItemFlag.ItemIsEditable
        return self.covered_wanted if event.key() == Qt.Key.Key_F2 and locked else None

    def _tell_covered(self, index: QModelIndex) -> None:
        if not index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.covered_wanted.emit()

    def _step(self, by: int) -> None:
        here = self.currentIndex()
        if here.isValid():
            self.go_to(min(max(here.row() + by, 0), self.model().rowCount() - 1), here.column())

    def _step_sidewards(self, by: int) -> None:
        here = self.currentIndex()
        if not here.isValid():
            return
        seen = self.columns_from(self.head.logicalIndex(0))
        at = seen.index(here.column()) + by if here.column() in seen else 0
        self.go_to(here.row(), seen[min(max(at, 0), len(seen) - 1)])

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """After Enter go down, after Tab right, as in a spreadsheet."""
        super().closeEditor(editor, _NONE)
        if hint is _NONE:
            return
        # A list of choices that hung below its field leaves the focus nowhere.
        self.setFocus()
        if hint is _SUBMIT:
            self._step(1)
        elif hint in _SIDEWARDS:
            self._step_sidewards(_SIDEWARDS[hint])

    # Frozen columns

    def indexAt(self, p: QPoint) -> QModelIndex:
        """Know the frozen columns where they are drawn."""
        frozen = self.head.frozen_at(p.x())
        if frozen < 0:
            return super().indexAt(p)
        row = self.rowAt(p.y())
        return self.model().index(row, frozen) if row >= 0 else QModelIndex()

    def visualRect(self, index: Index) -> QRect:
        """Return where a cell is drawn."""
        rect = super().visualRect(index)
        left = self.head.frozen_left(index.column()) if self.head.frozen_width() else -1
        if left >= 0:
            rect.moveLeft(left)
        return rect

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a cell into view, not beneath the frozen ones."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if self.head.frozen_left(index.column()) >= 0:
            bar.setValue(before)
            return
        hidden = self.head.frozen_length() - super().visualRect(index).left()
        if bar.value() > 0 and hidden > 0:
            bar.setValue(bar.value() - hidden)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Draw the frozen columns anew when others move beneath them."""
        super().scrollContentsBy(dx, dy)
        if dx:
            self.viewport().update()
            self.head.place_fields()
            self.head.viewport().update()

    def selectionChanged(self, selected: object, deselected: object) -> None:
        """Draw the frozen columns anew as well."""
        super().selectionChanged(selected, deselected)  # pyright: ignore[reportArgumentType]
        if self.head.frozen_width():
            self.viewport().update()

    def paintEvent(self, e: QPaintEvent) -> None:
        """Draw the cells, then the frozen columns over them."""
        super().paintEvent(e)
        width = self.head.frozen_width()
        if not width or self.model() is None:
            return
        painter = QPainter(self.viewport())
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        last = self.model().rowCount() - 1 if last < 0 else last
        bottom = self.rowViewportPosition(last) + self.rowHeight(last)
        painter.fillRect(0, 0, width, bottom, QColor(colours().surface))
        for visual in range(self.head.frozen):
            self._draw_column(painter, self.head.logicalIndex(visual), range(first, last + 1))
        painter.setPen(QColor(colours().edge))
        painter.drawLine(width - 1, 0, width - 1, bottom - 1)
        painter.end()

    def _draw_column(self, painter: QPainter, column: int, rows: range) -> None:
        delegate, chosen = self.itemDelegate(), self.selectionModel()
        left, width = self.head.frozen_left(column), self.columnWidth(column)
        painter.setPen(QColor(colours().line))
        for row in rows:
            index = self.model().index(row, column)
            option = QStyleOptionViewItem()
            self.initViewItemOption(option)
            top = self.rowViewportPosition(row)
            option.rect = QRect(  # pyright: ignore[reportAttributeAccessIssue]
                left, top, width - 1, ROW_DENSE - 1
            )
            state = QStyle.StateFlag.State_Enabled
            if chosen.isSelected(index):
                state |= QStyle.StateFlag.State_Selected
            if index == self.currentIndex() and self.hasFocus():
                state |= QStyle.StateFlag.State_HasFocus
            option.state = state  # pyright: ignore[reportAttributeAccessIssue]
            delegate.paint(painter, option, index)
            painter.drawLine(left, top + ROW_DENSE - 1, left + width - 1, top + ROW_DENSE - 1)
            painter.drawLine(left + width - 1, top, left + width - 1, top + ROW_DENSE - 1)
