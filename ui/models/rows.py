"""One table model for lists of records: columns are declared, nothing is looked up in `data`."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
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

ROW_ROLE = Qt.ItemDataRole.UserRole + 2
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOTHING = QModelIndex()
_DIGITS = re.compile(r"(\d{1,18})")


class RowColumn(Struct, Generic[Row], frozen=True):
    """One column of a table of rows.

    Attributes:
        text: What a row shows here; where it is empty, the light's word.
        sort: What it is sorted by; without it the text. None sorts first. Whole numbers within a
            text count as numbers: 2号 stands before 10号.
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
    """A read-only table of records, which sorts and filters them.

    `ROW_ROLE` gives the record itself. What stands between another
    model and the view would ask for the number of rows and columns with every answer, and a working
    thread may come between each two questions.
    """

    def __init__(
        self,
        columns: Sequence[RowColumn[Row]],
        parent: QObject | None = None,
        *,
        last: Callable[[Row], bool] | None = None,
    ) -> None:
        """Make an empty table; rows that are `last` stay behind the others in any order."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self._last = last
        self._rows: tuple[Row, ...] = ()
        self._shown: Sequence[int] = ()  # places in these, in the order that is seen
        self._sorted_by, self._falling = -1, False
        self._wanted: list[str] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """The records in their given order."""
        return self._rows

    @property
    def shown(self) -> tuple[Row, ...]:
        """The records as they are seen: sorted, without those that a filter leaves out."""
        return tuple(self._rows[place] for place in self._shown)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other records."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self._shown = self._arranged()
        self.endResetModel()

    def set_wanted(self, text: str) -> None:
        """Show only records of which some column holds each word of the text."""
        self._wanted = text.casefold().split()
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, what is missing first; by none (-1) records stand as they were given.

        What is equal keeps its order.
        """
        self._sorted_by, self._falling = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def look_again(self) -> None:
        """Show the same records anew, where what is said of them comes from elsewhere.

        Each stays at its place: it may be the one that is just clicked, or typed about.
        """
        if self._shown:
            last = self.index(len(self._shown) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _arrange(self) -> None:
        """Put the records in order; what is chosen stays chosen where it is still seen."""
        self.layoutAboutToBeChanged.emit()
        before, held = self._shown, self.persistentIndexList()
        self._shown = self._arranged()
        places = {row: place for place, row in enumerate(self._shown)}
        now = (places.get(before[each.row()], -1) for each in held)  # of -1 there is no index
        pairs = zip(now, held, strict=True)
        self.changePersistentIndexList(held, [self.index(row, it.column()) for row, it in pairs])
        self.layoutChanged.emit()

    def _arranged(self) -> Sequence[int]:
        found: Sequence[int] = range(len(self._rows))
        if self._wanted:
            found = [place for place in found if self._is_wanted(self._rows[place])]
        if self._sorted_by >= 0:
            column = self.columns[self._sorted_by]
            found = sorted(
                found, key=lambda at: _sort_key(column, self._rows[at]), reverse=self._falling
            )
        if self._last is not None:
            last = self._last
            found = sorted(found, key=lambda at: last(self._rows[at]))
        return found

    def _is_wanted(self, row: Row) -> bool:
        whole = "\n".join(_shown(column, row) for column in self.columns).casefold()
        return all(word in whole for word in self._wanted)

    def rowCount(self, parent: Index = _NOTHING) -> int:
        """Return the number of records that are seen."""
        return 0 if parent.isValid() else len(self._shown)

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
        return answer(self.columns[index.column()], self._rows[self._shown[index.row()]])


def amount_or_day(goal: float | date | None) -> tuple[bool, float | date] | None:
    """Return what a goal is sorted by: amounts stand before days."""
    return None if goal is None else (isinstance(goal, date), goal)


def _shown(column: RowColumn[Any], row: object) -> str:
    """Return the text, or in words what is drawn in its place: copies and readers need it."""
    text = column.text(row)
    light = column.light(row) if column.light and not text else None
    return text if light is None else light.label


def _sort_key(column: RowColumn[Any], row: object) -> tuple[bool, Any]:
    value = column.sort(row) if column.sort else column.text(row)
    return value is not None, _natural(value) if isinstance(value, str) else value


def _natural(text: str) -> list[str | int]:
    """Return words and numbers in turn, so that words only ever meet words."""
    return [int(part) if at % 2 else part for at, part in enumerate(_DIGITS.split(text))]


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
    ROW_ROLE: lambda _column, row: row,
    LIGHT_ROLE: lambda column, row: column.light(row) if column.light else None,
    ATTAINMENT_ROLE: lambda column, row: column.pace(row)[0] if column.pace else None,
    PACE_ROLE: lambda column, row: column.pace(row)[1] if column.pace else None,
}
