"""Cells of the grid: a red corner where the text is not stored, and editors by column type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QCompleter,
    QLineEdit,
    QMenu,
    QStyleOptionViewItem,
    QWidget,
    QWidgetAction,
)

from fsdesk.domain.ledger.cells import masked
from fsdesk.domain.ledger.ledger import NO, YES, ColumnType, LedgerColumn
from ui import icons
from ui.models.ledger_grid import COLUMN_ROLE, FAULT_ROLE
from ui.theme import colours
from ui.widgets.tables.open_cells import OpenCellDelegate, draw_corner

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

    from ui.widgets.tables.cells import Index


class GridDelegate(OpenCellDelegate):
    """Draws cells of a ledger and edits them."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, and a red corner where something is wrong."""
        super().paint(painter, option, index)
        if index.data(FAULT_ROLE):
            draw_corner(painter, option.rect, colours().red)  # pyright: ignore[reportAttributeAccessIssue]

    def words_of(self, index: Index, text: str) -> str:
        """Mask what names citizens, while that is masked."""
        column, model = index.data(COLUMN_ROLE), index.model()
        named = isinstance(column, LedgerColumn) and column.personal
        return masked(text) if named and getattr(model, "covered", False) else text

    def make_editor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Give a list for choices, a field with a calendar for dates, a field for the rest."""
        del option
        column = index.data(COLUMN_ROLE)
        if not isinstance(column, LedgerColumn):
            return QLineEdit(parent)
        if column.type in (ColumnType.CHOICE, ColumnType.FLAG):
            words = column.choices if column.type is ColumnType.CHOICE else (YES, NO)
            return _list_editor(parent, column.title, words)
        field = DateField(parent) if column.type is ColumnType.DATE else QLineEdit(parent)
        if column.type is ColumnType.NUMBER:
            field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        field.setAccessibleName(column.title)
        return field

    def fill_editor(self, editor: QWidget, index: Index) -> None:
        """Put the cell's text into its editor."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setEditText(text)
            field = editor.lineEdit()
        else:
            field = editor
        if isinstance(field, QLineEdit):
            field.setText(text)
            field.selectAll()

    def hand_over(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand over what was typed, whatever it is: the column judges it."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


def _list_editor(parent: QWidget, name: str, words: tuple[str, ...]) -> QComboBox:
    """Return a drop-down in which one can also type; parts of words are completed."""
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.addItems(words)
    box.setCurrentIndex(-1)
    completer = box.completer()
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    return box


class DateField(QLineEdit):
    """A date typed in any usual form, or chosen from a calendar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show the field with a small calendar at its end."""
        super().__init__(parent)
        open_ = QAction(self)
        open_.setToolTip("选择日期")
        icons.put(open_, "calendar-days", "muted")
        open_.triggered.connect(self.choose)
        self.addAction(open_, QLineEdit.ActionPosition.TrailingPosition)

    def choose(self) -> None:
        """Open the calendar below the field."""
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        known = QDate.fromString(self.text().strip(), Qt.DateFormat.ISODate)
        calendar.setSelectedDate(known if known.isValid() else QDate.currentDate())
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def take(day: QDate) -> None:
            self.setText(day.toString(Qt.DateFormat.ISODate))
            menu.close()

        calendar.clicked.connect(take)
        calendar.activated.connect(take)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
