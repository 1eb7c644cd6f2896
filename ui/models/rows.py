"""One table model for lists of records: columns are declared, nothing is looked up in `data`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from ui.widgets.lights import LIGHT_ROLE
from ui.widgets.measures import MEASURE_ROLE
from ui.widgets.pictures.pace_bar import ATTAINMENT_ROLE, PACE_ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QColor

    from fsdesk.domain.status.lights import Light
    from fsdesk.domain.status.measures import Measure

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_ROLE = Qt.ItemDataRole.UserRole + 2
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOTHING = QModelIndex()


class RowColumn(Struct, Generic[Row], frozen=True):
    """One column of a table of rows.

    Attributes:
        text: What a row shows here; where it is empty, the light's word.
        sort: What it is sorted by; without it the text. None sorts first.
        number: Right-aligned.
        stretch: Takes the room that is left.
        width: First width in logical pixels; 0 means by content.
        light: The light that is drawn; the view needs a `LightDelegate` or `PaceDelegate` here,
            which `ReportTable` sets.
        pace: Attainment and pace for a bar, whose percentage is the text.
        ground: Colour behind the cell, such as of a heat map; None leaves it as it is.
        measure: The figure that stands here, for the head's tip and F1.
    """

    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    number: bool = False
    stretch: bool = False
    width: int = 0
    tip: Callable[[Row], str] | None = None
    light: Callable[[Row], Light | None] | None = None
    pace: Callable[[Row], tuple[float | None, float | None]] | None = None
    ground: Callable[[Row], QColor | None] | None = None
    measure: Measure | None = None


class RowsModel(QAbstractTableModel, Generic[Row]):
    """A read-only table of records.

    `SORT_ROLE` gives what to sort by, `ROW_ROLE` the record itself.
    """

    def __init__(self, columns: Sequence[RowColumn[Row]], parent: QObject | None = None) -> None:
        """Make an empty table."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The records in their given order."""
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other records."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def look_again(self) -> None:
        """Show the same records anew, where what is said of them comes from elsewhere."""
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = _NOTHING) -> int:
        """Return the number of records."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own signature
        """Return a column's title, aligned as its cells are."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        answer = _HEAD_ANSWERS.get(role)
        return answer(self.columns[section]) if answer else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return what a cell shows, is sorted by, or is lit by."""
        answer = _ANSWERS.get(role)  # none for half of what Qt asks at each painting
        if answer is None or not index.isValid():
            return None
        return answer(self.columns[index.column()], self._rows[index.row()])


def _shown(column: RowColumn[Any], row: object) -> str:
    """Return the text, or in words what is drawn in its place: copies and readers need it."""
    text = column.text(row)
    light = column.light(row) if column.light and not text else None
    return text if light is None else light.label


def _sort_value(column: RowColumn[Any], row: object) -> object:
    return column.sort(row) if column.sort else column.text(row)


_HEAD_ANSWERS: dict[int, Callable[[RowColumn[Any]], object]] = {
    Qt.ItemDataRole.DisplayRole: lambda column: column.title,
    Qt.ItemDataRole.TextAlignmentRole: lambda column: _RIGHT if column.number else _LEFT,
    Qt.ItemDataRole.ToolTipRole: lambda column: (
        column.measure.explanation if column.measure else None
    ),
    MEASURE_ROLE: lambda column: column.measure,
}
_ANSWERS: dict[int, Callable[[RowColumn[Any], Any], object]] = {
    Qt.ItemDataRole.DisplayRole: _shown,
    Qt.ItemDataRole.TextAlignmentRole: lambda column, _row: _RIGHT if column.number else _LEFT,
    Qt.ItemDataRole.ToolTipRole: lambda column, row: column.tip(row) if column.tip else None,
    Qt.ItemDataRole.BackgroundRole: lambda column, row: (
        column.ground(row) if column.ground else None
    ),
    SORT_ROLE: _sort_value,
    ROW_ROLE: lambda _column, row: row,
    LIGHT_ROLE: lambda column, row: column.light(row) if column.light else None,
    ATTAINMENT_ROLE: lambda column, row: column.pace(row)[0] if column.pace else None,
    PACE_ROLE: lambda column, row: column.pace(row)[1] if column.pace else None,
}


class SortedRows(QSortFilterProxyModel):
    """Sorts by `SORT_ROLE` and keeps the rows that hold a text in any column."""

    def __init__(self, source: QAbstractTableModel, parent: QObject | None = None) -> None:
        """Stand before a model of rows."""
        super().__init__(parent)
        self._wanted = ""
        self.setSourceModel(source)
        self.setSortRole(SORT_ROLE)

    def set_wanted(self, text: str) -> None:
        """Show only rows in which every word of the text occurs."""
        self._wanted = text.casefold()
        self.invalidateFilter()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Tell whether a row holds all words."""
        if not self._wanted:
            return True
        source = self.sourceModel()
        texts = (
            str(source.index(source_row, column, source_parent).data() or "")
            for column in range(source.columnCount())
        )
        whole = "\n".join(texts).casefold()
        return all(word in whole for word in self._wanted.split())

    def lessThan(self, source_left: Index, source_right: Index) -> bool:
        """Compare what is sorted by; what is missing comes first."""
        left, right = source_left.data(SORT_ROLE), source_right.data(SORT_ROLE)
        if left is None or right is None:
            return left is None and right is not None
        return left < right
