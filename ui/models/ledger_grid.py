"""The rows of a ledger as a table: row numbers in memory, rows fetched as they come into view.

Stored rows come first, then rows that were begun but can't be stored yet, then an empty one to
type in. What was typed and could not be stored stays in its cell with the reason.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer, Signal

from fsdesk.domain.ledger.cells import cell_text, masked
from fsdesk.domain.ledger.ledger import ColumnType, LedgerColumn, fits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry
    from ui.models.rows import Index

UNIT = "责任单位"
FAULT_ROLE = Qt.ItemDataRole.UserRole + 1
COLUMN_ROLE = Qt.ItemDataRole.UserRole + 2
_PAGE = 100
_MOST_HELD = 6000
_REST_MS = 10
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOTHING = QModelIndex()
_LONG = 24


class CellDraft(Struct, frozen=True):
    """What was typed into a cell and is not stored: on its way, or refused with a reason."""

    text: str
    message: str = ""


# Number of the row, below 0 for one that is not stored; and title of the column.
CellKey = tuple[int, str]


class LedgerRows(QAbstractTableModel):
    """The rows of a ledger by their numbers, and what stands unstored in their cells.

    `rows_wanted` asks for rows by number and is answered by `provide`; `typed` tells of a cell
    that was changed, by its key and text.
    """

    rows_wanted = Signal(list)
    typed = Signal(int, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        """Make an empty grid."""
        super().__init__(parent)
        self.columns: tuple[LedgerColumn, ...] = ()
        self.numbers: array[int] = array("q")
        self.drafts: dict[CellKey, CellDraft] = {}
        self.covered = True
        self._pending: list[int] = []
        self._held: dict[int, LedgerEntry] = {}
        self._names: Mapping[str, str] = {}
        self._next = -1
        self._wanted: set[int] = set()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)

    # What is shown

    def set_ledger(self, ledger: Ledger, names: Mapping[str, str], *, with_unit: bool) -> None:
        """Show another ledger, with no rows yet; the columns that identify a row come first."""
        self.beginResetModel()
        keys = [c for title in ledger.key for c in ledger.columns if c.title == title]
        rest = [c for c in ledger.columns if c.title not in ledger.key]
        own = [LedgerColumn(UNIT, ColumnType.CHOICE, tuple(names.values()))]
        self.columns = (*(own if with_unit and ledger.column(UNIT) is None else ()), *keys, *rest)
        self._names = names
        self.numbers, self._pending, self._held, self.drafts = array("q"), [], {}, {}
        self.endResetModel()

    def set_numbers(self, numbers: Sequence[int], drafts: Mapping[CellKey, CellDraft]) -> None:
        """Show other rows, and what was typed into them and not stored."""
        self.beginResetModel()
        self.numbers = array("q", numbers)
        self.drafts = dict(drafts)
        self._held.clear()
        self._sort_pending()
        self.endResetModel()

    def provide(self, rows: Mapping[int, LedgerEntry]) -> None:
        """Take rows that were fetched or changed."""
        if len(self._held) + len(rows) > _MOST_HELD:
            for number in list(self._held)[: _MOST_HELD // 2]:
                del self._held[number]
        self._held |= rows
        self._tell_changed()

    @property
    def stored(self) -> int:
        """How many of the rows are stored."""
        return len(self.numbers)

    @property
    def faults(self) -> list[CellKey]:
        """The cells whose text could not be stored."""
        return [key for key, draft in self.drafts.items() if draft.message]

    @property
    def units(self) -> Mapping[str, str]:
        """Names of units by code."""
        return self._names

    def number_at(self, row: int) -> int:
        """Return the number of a row; below 0 for one that is not stored."""
        stored = len(self.numbers)
        if row < stored:
            return self.numbers[row]
        waiting = row - stored
        return self._pending[waiting] if waiting < len(self._pending) else self._next

    def row_of(self, number: int) -> int:
        """Return where a row stands; -1 when it is not shown."""
        if number < 0:
            if number == self._next:
                return self.rowCount() - 1
            found = self._pending.index(number) if number in self._pending else -1
            return found + len(self.numbers) if found >= 0 else -1
        try:
            return self.numbers.index(number)
        except ValueError:
            return -1

    def entry(self, number: int) -> LedgerEntry | None:
        """Return a row if it was fetched."""
        return self._held.get(number)

    def new_numbers(self, count: int) -> list[int]:
        """Return numbers for rows that are begun now, the empty one's first."""
        return [self._next - turn for turn in range(count)]

    def rowCount(self, parent: Index = _NOTHING) -> int:
        """Return the number of rows, with the empty one."""
        if parent.isValid() or not self.columns:
            return 0
        return len(self.numbers) + len(self._pending) + 1

    def columnCount(self, parent: Index = _NOTHING) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    # What was typed

    def put_drafts(self, drafts: Mapping[CellKey, CellDraft | None]) -> None:
        """Put texts into cells, or take them away (None)."""
        self._note_drafts(drafts)
        self._change_pending()

    def _note_drafts(self, drafts: Mapping[CellKey, CellDraft | None]) -> None:
        for key, draft in drafts.items():
            if draft is None:
                self.drafts.pop(key, None)
            else:
                self.drafts[key] = draft

    def take_stored(
        self,
        numbers: Mapping[int, int],
        rows: Mapping[int, LedgerEntry],
        drafts: Mapping[CellKey, CellDraft | None],
    ) -> None:
        """Take rows that were just stored: begun ones move up behind the stored ones.

        Args:
            numbers: Numbers of the stored rows by those that they had.
            rows: The stored rows by their numbers.
            drafts: What stands unstored in them, by the numbers that they had; see `put_drafts`.
        """
        self._held |= rows
        self._note_drafts(drafts)
        moved = [key for key in self.drafts if numbers.get(key[0], key[0]) != key[0]]
        for key in moved:
            self.drafts[numbers[key[0]], key[1]] = self.drafts.pop(key)
        known = set(self.numbers) if any(old < 0 for old in numbers) else set()
        stored = [old for old, new in numbers.items() if old < 0 and new not in known]
        born = [numbers[old] for old in stored]
        if born and stored == self._pending[: len(born)]:
            # They stay where they stand, and an editor that is open in one stays too.
            self._pending = self._pending[len(born) :]
            self.numbers.extend(born)
        elif born:
            first = len(self.numbers)
            self.beginInsertRows(_NOTHING, first, first + len(born) - 1)
            self.numbers.extend(born)
            self.endInsertRows()
        self._change_pending()

    def _change_pending(self) -> None:
        before = list(self._pending)
        wanted = {number for number, _ in self.drafts if number < 0}
        if wanted == set(before):
            self._tell_changed()
            return
        first = len(self.numbers)
        if before:
            self.beginRemoveRows(_NOTHING, first, first + len(before) - 1)
            self._pending = []
            self.endRemoveRows()
        if wanted:
            self.beginInsertRows(_NOTHING, first, first + len(wanted) - 1)
            self._sort_pending()
            self.endInsertRows()
        self._tell_changed()

    def _sort_pending(self) -> None:
        self._pending = sorted({number for number, _ in self.drafts if number < 0}, reverse=True)
        self._next = min([*self._pending, self._next + 1]) - 1

    # Fetching

    def _ask(self) -> None:
        """Ask for the pages that were looked at since."""
        pages = sorted(self._wanted)
        self._wanted.clear()
        numbers = [n for p in pages for n in self.numbers[p * _PAGE : (p + 1) * _PAGE]]
        wanted = [number for number in numbers if number not in self._held]
        if wanted:
            self.rows_wanted.emit(wanted)

    def _tell_changed(self) -> None:
        if self.columns and self.rowCount():
            last = self.index(self.rowCount() - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


class LedgerGridModel(LedgerRows):
    """One ledger as a grid: what Qt asks of it."""

    read_only = False
    """Whether the account may change nothing."""

    def set_covered(self, *, covered: bool) -> None:
        """Mask what names citizens, or show it."""
        self.covered = covered
        self._tell_changed()

    def title(self, column: int) -> str:
        """Return the title of a column."""
        return self.columns[column].title

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let everything be typed in but the unit of a stored row and what is masked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        number, column = self.number_at(index.row()), self.columns[index.column()]
        locked = self.read_only or (column.title == UNIT and number >= 0)
        return found if locked or self.is_covered(index) else found | Qt.ItemFlag.ItemIsEditable

    def is_covered(self, index: Index) -> bool:
        """Tell whether a cell holds something that is masked now."""
        column = self.columns[index.column()]
        if not (column.personal and self.covered):
            return False
        entry = self._held.get(self.number_at(index.row()))
        return entry is not None and entry.values.get(column.title) is not None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own signature
        """Return a column's title, or a row's place; rows that are not stored have a mark."""
        if orientation is Qt.Orientation.Vertical:
            return self._row_head(section) if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.type is ColumnType.NUMBER else _LEFT
        return _hint(column) if role == Qt.ItemDataRole.ToolTipRole else None

    def _row_head(self, row: int) -> str:
        if row < len(self.numbers):
            return str(row + 1)
        return "＊" if row == self.rowCount() - 1 else "…"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return what a cell shows, and why its text is not stored."""
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        number = self.number_at(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            if number >= 0 and number not in self._held:
                self._wanted.add(index.row() // _PAGE)
                if not self._rest.isActive():
                    self._rest.start()
            return self._shown(number, column)
        if role == Qt.ItemDataRole.EditRole:
            return self._text(number, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.type is ColumnType.NUMBER else _LEFT
        if role in (FAULT_ROLE, Qt.ItemDataRole.ToolTipRole):
            return self._told(number, column, tip=role != FAULT_ROLE)
        return column if role == COLUMN_ROLE else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Note what was typed and tell of it; the same text as before is nothing."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        number, column = self.number_at(index.row()), self.columns[index.column()]
        text = str(value or "").strip()
        waits = (number, column.title) in self.drafts  # what was refused is tried again
        if text == self._text(number, column).strip() and not waits:
            return False
        self.typed.emit(number, column.title, text)
        return True

    def _text(self, number: int, column: LedgerColumn) -> str:
        draft = self.drafts.get((number, column.title)) if self.drafts else None
        if draft is not None:
            return draft.text
        entry = self._held.get(number)
        if entry is None:
            return ""
        if column.title == UNIT and UNIT not in entry.values:
            return self._names.get(entry.unit, entry.unit)
        return cell_text(entry.values.get(column.title))

    def _shown(self, number: int, column: LedgerColumn) -> str:
        text = self._text(number, column)
        return masked(text) if column.personal and self.covered else text

    def _told(self, number: int, column: LedgerColumn, *, tip: bool) -> str | None:
        draft = self.drafts.get((number, column.title)) if self.drafts else None
        if draft is not None and draft.message:
            return f"没有保存：{draft.message}" if tip else draft.message
        entry = self._held.get(number)
        value = entry.values.get(column.title) if entry else None
        if value is not None and column.title != UNIT and not fits(column, value):
            return f"与列的类型（{column.type.label}）不符，请改正"
        text = self._shown(number, column) if tip else ""
        return text if len(text) > _LONG else None


def _hint(column: LedgerColumn) -> str:
    """Return what a column takes, for the tip of its head."""
    words = {
        ColumnType.TEXT: "文字",
        ColumnType.NUMBER: "数字",
        ColumnType.DATE: "日期，如 2026-03-05 或 3月5日",
        ColumnType.FLAG: "填“是”或“否”",
        ColumnType.CHOICE: f"可选：{'、'.join(column.choices)}",
    }[column.type]
    return f"{column.title}：{words}{'（个人信息，屏幕上遮盖）' if column.personal else ''}"
