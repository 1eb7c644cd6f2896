"""Finding in a ledger's grid: every word that is typed goes to the next row that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from fsdesk.domain.ledger.cells import cell_text
from fsdesk.domain.ledger.conditions import EVERYTHING, View
from fsdesk.services.ledger import ledger_grid
from ui.theme import SPACE_XS
from ui.widgets.boxes import row_of
from ui.widgets.buttons import tool
from ui.widgets.label import label
from ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.ledger.ledger import LedgerEntry
    from fsdesk.services.ledger.ledger_grid import LedgerView
    from ui.desk import Desk
    from ui.models.ledger_grid import LedgerGridModel
    from ui.widgets.tables.grid_view import GridView

_WIDTH, _NARROWEST = 190, 120


class LedgerFinder(QWidget):
    """A field with 上一个 and 下一个; Ctrl+F from anywhere in the panel."""

    def __init__(self, desk: Desk, view: GridView, model: LedgerGridModel, panel: QWidget) -> None:
        """Find nothing yet."""
        super().__init__()
        self._desk, self._view, self._model = desk, view, model
        self._shown: View = EVERYTHING
        self._found: list[int] = []
        self._code = ""
        self.field = SearchField("查找（Ctrl+F）")
        self.field.setMinimumWidth(_NARROWEST)
        self.field.setMaximumWidth(_WIDTH)
        self.field.searched.connect(self._search)
        self.field.returnPressed.connect(self.next)
        self.note = label("", "muted")
        before = tool("chevron-left", "上一个（Shift+F3）", self.previous)
        after = tool("chevron-right", "下一个（F3）", self.next)
        self.note.setMinimumWidth(self.note.fontMetrics().horizontalAdvance("第 1 / 1 行"))
        row_of(self.field, before, after, self.note, spacing=SPACE_XS, parent=self)
        for keys, action in (
            ("Ctrl+F", self._begin),
            ("F3", self.next),
            ("Shift+F3", self.previous),
        ):
            shortcut = QShortcut(QKeySequence(keys), panel)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def forget(self) -> None:
        """Begin anew in another ledger."""
        self._found = []
        self.note.setText("")
        self.field.clear()

    def set_view(self, code: str, view: View) -> None:
        """Find among the rows that are shown."""
        self._code, self._shown = code, view
        if self.field.text().strip():
            self._search(self.field.text().strip())

    def _begin(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _search(self, text: str) -> None:
        self._found = []
        self.note.setText("")
        if not text or not self._code:
            return
        workspace, code, view = self._desk.workspace, self._code, replace(self._shown, find=text)

        def take(window: LedgerView) -> None:
            if self.field.text().strip() == text and self._code == code:
                self._found = list(window.numbers)
                self.note.setText(f"{len(self._found):,} 行" if self._found else "没有找到")
                self._go(0, include_here=True)

        self._desk.runner.beside(lambda: ledger_grid.window(workspace, code, view), take)

    def next(self) -> None:
        """Go to the next row that holds the text."""
        self._go(1)

    def previous(self) -> None:
        """Go to the one before."""
        self._go(-1)

    def _go(self, by: int, *, include_here: bool = False) -> None:
        if not self._found:
            return
        rows = {number: row for row, number in enumerate(self._model.numbers)}
        places = sorted(rows[number] for number in self._found if number in rows)
        if not places:
            return
        here = max(self._view.currentIndex().row(), 0)
        if by < 0:
            at = next((n for n in reversed(range(len(places))) if places[n] < here), -1)
        else:
            first = here if include_here else here + 1
            at = next((n for n, row in enumerate(places) if row >= first), 0)
        row = places[at]
        self.note.setText(f"第 {at % len(places) + 1:,} / {len(places):,} 行")
        workspace, code, number = self._desk.workspace, self._code, self._model.number_at(row)
        self._desk.runner.beside(
            lambda: ledger_grid.rows(workspace, code, [number]),
            lambda found: self._show(row, found.get(number)),
        )

    def _show(self, row: int, entry: LedgerEntry | None) -> None:
        wanted = self.field.text().strip().casefold()
        values: Mapping[str, object] = entry.values if entry else {}
        column = next(
            (
                at
                for at, column in enumerate(self._model.columns)
                if column.title in values
                and entry
                and wanted in cell_text(entry.values[column.title]).casefold()
            ),
            max(self._view.currentIndex().column(), 0),
        )
        self._view.go_to(row, column)
