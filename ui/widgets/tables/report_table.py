"""The table of the house: calm lines, remembered columns, copying as a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, QLine, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QTableView,
)

from ui import remember
from ui.models.rows import ROW_ROLE, RowsModel
from ui.theme import ROW, ROW_DENSE, colours
from ui.widgets.lights import LightDelegate
from ui.widgets.pictures.pace_bar import PaceDelegate
from ui.widgets.tables.cells import CellDelegate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

_NAMING = 3
_NARROWEST = 32
_HEAD_PADDING = 24
_WIDE_ENOUGH = 120  # for eight characters: by them a row is known


class ReportTable(QTableView):
    """A read-only table in which whole rows are chosen.

    `row_opened` gives the record of a row by double click or Enter, `row_chosen` the record of the
    row that became current; both work with `show_rows`.
    """

    row_opened = Signal(object)
    row_chosen = Signal(object)

    def __init__(
        self,
        key: str,
        rows: RowsModel[Any] | None = None,
        name: str = "",
        *,
        dense: bool = True,
        single: bool = False,
    ) -> None:
        """Make a table, empty without rows; its columns are remembered under the key.

        The name is what a screen reader says; dense rows have 26 in place of 32 pixels; in a single
        one no more than one row is chosen, where what is done is done with one.
        """
        super().__init__()
        if single:
            self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._key = key
        self._stretched: list[int] = []
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table, arrows move in it
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        lines = self.verticalHeader()
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setMinimumSectionSize(ROW_DENSE)
        lines.setDefaultSectionSize(ROW_DENSE if dense else ROW)
        columns = _Head()
        self.setHorizontalHeader(columns)
        columns.setMinimumSectionSize(_NARROWEST)
        columns.setSectionsMovable(True)
        columns.setFixedHeight(ROW)
        self.setItemDelegate(CellDelegate(self))
        self._plain = QStyledItemDelegate(self)  # draws without asking Python
        self.activated.connect(self._open)
        if rows is not None:
            self.show_rows(rows)

    def show_rows(self, model: RowsModel[Any]) -> None:
        """Show records: sortable by a click on a head, with lights, bars, remembered widths."""
        self.setModel(model)
        model.sort(-1)
        columns = self.horizontalHeader()
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        columns.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        for place, column in enumerate(model.columns):
            if column.pace:
                self.setItemDelegateForColumn(place, PaceDelegate(self))
            elif column.light:
                self.setItemDelegateForColumn(place, LightDelegate(self))
            elif not column.ground:
                self.setItemDelegateForColumn(place, self._plain)
            if column.width:
                columns.resizeSection(place, column.width)
            if column.stretch:
                columns.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self._stretched = [n for n, column in enumerate(model.columns) if column.stretch]
        if not self.accessibleName():
            titles = [column.title for column in model.columns if column.title]
            self.setAccessibleName("列表：" + "、".join(titles[:_NAMING]))
        self.remember_columns()
        self.selectionModel().currentRowChanged.connect(self._choose)

    def show_again(
        self, rows: Sequence[Any], key: Callable[[Any], object], *, first: bool = True
    ) -> None:
        """Show other records; what was chosen stays chosen, known by its key.

        Where none of it is left, the row at its place is chosen in its stead; where nothing was
        chosen, the first one, if it is to be.
        """
        chosen = {key(row) for row in self.selected_rows()}
        place, top = self.currentIndex().row(), self.verticalScrollBar().value()
        model: RowsModel[Any] = self.model()  # pyright: ignore[reportAssignmentType]
        model.set_rows(rows)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(top)
        if not self.choose_rows(lambda row: key(row) in chosen) and (first or chosen):
            self.selectRow(min(max(place, 0), model.rowCount() - 1))

    def remember_columns(self) -> None:
        """Restore and remember the columns of a model that was set by `setModel`."""
        remember.keep_columns(self, self._key)

    def current_row(self) -> Any:  # noqa: ANN401 - the record, whatever it is
        """Return the current row's record; None when there is none."""
        return self.currentIndex().data(ROW_ROLE) if self.currentIndex().isValid() else None

    def selected_rows(self) -> list[Any]:
        """Return the records of the selected rows, from top to bottom."""
        chosen = self.selectionModel().selectedRows() if self.selectionModel() else []
        return [index.data(ROW_ROLE) for index in sorted(chosen, key=lambda index: index.row())]

    def choose_rows(self, wanted: Callable[[Any], bool]) -> bool:
        """Select the rows of some records, the first of them current; False where there is none."""
        flags = QItemSelectionModel.SelectionFlag
        found = [
            index
            for row in range(self.model().rowCount())
            if wanted((index := self.model().index(row, 0)).data(ROW_ROLE))
        ]
        if found:
            first = flags.ClearAndSelect | flags.Rows
            self.selectionModel().setCurrentIndex(found[0], first)
            for index in found[1:]:
                self.selectionModel().select(index, flags.Select | flags.Rows)
        return bool(found)

    def selected_text(self) -> str:
        """Return the selected cells as lines with tabs, with the heads when rows are whole."""
        chosen = self.selectionModel().selection() if self.selectionModel() else None
        places = sorted({(it.row(), it.column()) for it in chosen.indexes()}) if chosen else []
        header = self.horizontalHeader()
        columns = sorted(
            {column for _row, column in places if not header.isSectionHidden(column)},
            key=header.visualIndex,
        )
        model = self.model()
        lines = [
            "\t".join(_one_line(model.index(row, column).data()) for column in columns)
            for row in sorted({row for row, _column in places})
        ]
        if lines and len(columns) > 1:
            heads = (model.headerData(c, Qt.Orientation.Horizontal) for c in columns)
            lines.insert(0, "\t".join(str(head or "") for head in heads))
        return "\n".join(lines)

    def choose_first(self) -> None:
        """Make the first row current."""
        if self.model() is not None and self.model().rowCount():
            self.selectionModel().setCurrentIndex(
                self.model().index(0, 0),
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows,
            )

    def choose_row(self, record: object) -> None:
        """Make the row of a record current, wherever it stands now; nothing where there is none."""
        for row in range(self.model().rowCount()):
            if self.model().index(row, 0).data(ROW_ROLE) is record:
                self.selectRow(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give what takes the rest of the room enough to be known by; then the table scrolls."""
        super().resizeEvent(event)
        head, modes = self.horizontalHeader(), QHeaderView.ResizeMode
        others = sum(
            head.sectionSize(n)
            for n in range(head.count())
            if n not in self._stretched and not head.isSectionHidden(n)
        )
        for place in self._stretched:
            title = str(self.model().headerData(place, Qt.Orientation.Horizontal) or "")
            title_width = head.fontMetrics().horizontalAdvance(title) + _HEAD_PADDING
            needed = max(title_width, _WIDE_ENOUGH)
            room = (self.viewport().width() - others) // len(self._stretched)
            fits = room >= needed
            head.setSectionResizeMode(place, modes.Stretch if fits else modes.Interactive)
            if not fits:
                head.resizeSection(place, needed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the selected rows by Ctrl+C; Enter opens."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def paintEvent(self, e: QPaintEvent) -> None:
        """Draw the cells, then a hairline below each row that is seen."""
        super().paintEvent(e)
        painter = QPainter(self.viewport())
        painter.setPen(QColor(colours().line))
        right = min(self.horizontalHeader().length(), self.viewport().width()) - 1
        rows = self.verticalHeader()
        height, seen = rows.defaultSectionSize(), self.viewport().height()
        top = -rows.offset() % height  # all rows are of one height
        bottoms = range(top - 1, min(seen + height, rows.length() - rows.offset()), height)
        # At once: a working thread may come between each two calls of Qt.
        painter.drawLines([QLine(0, bottom, right, bottom) for bottom in bottoms])
        painter.end()

    def _open(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE) if index.isValid() else None
        if row is not None:
            self.row_opened.emit(row)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_chosen.emit(index.data(ROW_ROLE))


class _Head(QHeaderView):
    """The titles, of one height: Qt would ask for each title at each styling to find it."""

    def __init__(self) -> None:
        """Take clicks, as the head does that Qt makes."""
        super().__init__(Qt.Orientation.Horizontal)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        """Return the height that all have."""
        return QSize(self.length(), ROW)


def _one_line(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())
