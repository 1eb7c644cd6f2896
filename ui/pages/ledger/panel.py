"""The grid of one ledger with its bar above and its totals below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QVBoxLayout, QWidget

from fsdesk.domain.ledger.conditions import EVERYTHING, View
from fsdesk.domain.plan.indicators import number_text
from fsdesk.services.ledger import ledger_grid, ledgers
from ui import icons, remember
from ui.models.ledger_grid import UNIT, LedgerGridModel
from ui.pages.ledger.blocks import LedgerBlocks
from ui.pages.ledger.finder import LedgerFinder
from ui.pages.ledger.steps import LedgerSteps, typing_place
from ui.pages.ledger.views import hint_of, recall_filters, store_filters, view_of, width_of
from ui.theme import SPACE_S
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.flow import FlowLayout
from ui.widgets.label import label
from ui.widgets.tables.grid_view import GridView
from ui.widgets.tables.open_cells import DraftCells
from ui.widgets.undo_buttons import UndoButtons

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.services.ledger.ledger_grid import LedgerView
    from ui.desk import Desk
    from ui.models.rows import Index
    from ui.tasks import BackgroundTask

_REST_MS = 400
_TURN_MS = 30
_UNIT_WIDTH = 130


class LedgerPanel(QWidget):
    """Shows one ledger at a time; `stored` is emitted when rows changed."""

    stored = Signal()

    def __init__(self, desk: Desk) -> None:
        """Make it without a ledger."""
        super().__init__()
        self._desk = desk
        self.ledger: Ledger | None = None
        self.shown = EVERYTHING
        self._last = EVERYTHING
        self._wanted = ""
        self._totals: BackgroundTask | None = None
        self._reading: BackgroundTask | None = None
        self.model = LedgerGridModel(self)
        self.model.read_only = not desk.workspace.may_write
        self.view = GridView()
        self.view.setAccessibleName("台账")
        self.view.setModel(self.model)
        self.steps = LedgerSteps(desk, self.model, self)
        self.view.cells.cells = DraftCells(desk.drafts, self._place_of)
        self.blocks = LedgerBlocks(desk, self.view, self.model, self.steps)
        self.finder = LedgerFinder(desk, self.view, self.model, self)
        self._make_buttons()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._lay_out()
        self._connect()

    def _make_buttons(self) -> None:
        self._history = UndoButtons(self, self.steps.undo, lambda: self.steps.undo(again=True))
        self.undo, self.redo = self._history.both
        self.add = self._button("新增行", self.add_row, "plus", "Ctrl++")
        self.delete = self._button("删除行", self.blocks.delete_rows, "trash-2", "Ctrl+-")
        self.reveal = QPushButton("显示个人信息")
        self.reveal.setCheckable(True)
        self.reveal.setToolTip("涉及公民个人信息的列平时遮盖；每次打开程序都从遮盖开始")
        icons.put(self.reveal, "eye")
        self.reveal.toggled.connect(lambda on: self.model.set_covered(covered=not on))
        self.clear = button("清除筛选", self.view.head.clear_fields, icon="x")
        self.totals = label("", "muted")
        self.doubles = label("", "help", wrap=True)
        self.doubles.hide()
        self.unstored = button("", self._go_to_fault, "link")

    def _button(self, verb: str, action: Callable[[], object], icon: str, keys: str) -> QPushButton:
        made = button(verb, action, icon=icon)
        made.setToolTip(f"{verb}（{keys}）")
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: action())  # noqa: PLW0108
        return made

    def _lay_out(self) -> None:
        tools = QWidget()
        bar = FlowLayout(tools)
        own = (self.reveal, self.undo, self.redo, self.add, self.delete)
        for part in (self.finder, self.clear, *own):
            bar.addWidget(part)
        below = row_of(self.totals, self.unstored)
        below.setStretchFactor(self.totals, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(tools)
        column.addWidget(self.doubles)
        column.addWidget(self.view, 1)
        column.addLayout(below)

    def _connect(self) -> None:
        head = self.view.head
        head.filtered.connect(lambda _texts: self.read())
        head.sortIndicatorChanged.connect(lambda *_: self.read())
        for changed in (head.sectionResized, head.sectionMoved, head.sortIndicatorChanged):
            changed.connect(lambda *_: self._rest.start())
        self._rest.timeout.connect(self._keep_shape)
        self.model.rows_wanted.connect(self._fetch)
        self.view.covered_wanted.connect(self._tell_covered)
        self.steps.moved.connect(self.read)
        self.steps.stored.connect(self._after_storing)
        self.steps.changed.connect(self._enable)

    # Showing

    def show_ledger(self, ledger: Ledger, names: Mapping[str, str], row: str = "") -> None:
        """Show another ledger, or the same one after its declaration changed.

        Args:
            ledger: Its declaration.
            names: Names of units by code.
            row: Id of the row to go to, or words to find; empty for none.
        """
        if not self.steps.idle:
            QTimer.singleShot(_TURN_MS, self, lambda: self.show_ledger(ledger, names, row))
            return
        self._wanted = row
        drafts = self.steps.open(ledger.code)
        self.ledger = None
        self.model.set_ledger(ledger, names, with_unit=self._desk.is_office)
        self.model.put_drafts(dict(drafts))
        columns = self.model.columns
        head = self.view.head
        head.frozen = 0
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        if not remember.restore_header(head, f"ledger-{ledger.code}"):
            for at, column in enumerate(columns):
                head.moveSection(head.visualIndex(at), at)
                own = column.title == UNIT
                head.resizeSection(at, _UNIT_WIDTH if own else width_of(column))
        head.frozen = 2 if columns and columns[0].title == UNIT else 1
        head.set_fields(
            {at: hint_of(column) for at, column in enumerate(columns)},
            recall_filters(ledger.code, columns),
        )
        self.view.horizontalScrollBar().setValue(0)
        self.reveal.setVisible(any(column.personal for column in columns))
        self.ledger = ledger
        self.finder.forget()
        self.read()

    def _place_of(self, index: Index) -> str:
        if self.ledger is None or not index.isValid():
            return ""
        number = self.model.number_at(index.row())
        return typing_place(self.ledger.code, number, self.model.title(index.column()))

    def read(self) -> None:
        """Read anew which rows the filters show, in the background."""
        if self.ledger is None:
            return
        head, columns = self.view.head, self.model.columns
        descending = head.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        order = (head.sortIndicatorSection(), descending)
        texts = head.texts()
        found = view_of(columns, texts, self.model.units, order)
        head.mark_wrong(found.wrong)
        self.clear.setEnabled(bool(texts))
        if found.wrong:
            return
        store_filters(self.ledger.code, columns, texts)
        self.shown = found.view
        workspace, code, view = self._desk.workspace, self.ledger.code, found.view
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._desk.runner.beside(
            lambda: ledger_grid.window(workspace, code, view),
            lambda window: self._show(code, view, window),
        )

    def _show(self, code: str, view: View, window: LedgerView) -> None:
        if self.ledger is None or self.ledger.code != code or view != self.shown:
            return
        here = self.view.currentIndex()
        number = self.model.number_at(here.row()) if here.isValid() else 0
        top = self.view.verticalScrollBar().value()
        self.model.set_numbers(window.numbers, self.model.drafts)
        row = self.model.row_of(number) if here.isValid() else 0
        if row < 0:  # it was removed, or the filter leaves it out
            row = min(here.row(), self.model.rowCount() - 1) if view == self._last else 0
        if self.view.model().rowCount():
            index = self.model.index(row, max(here.column(), 0))
            self.view.setCurrentIndex(index)
        if view == self._last:
            self.view.verticalScrollBar().setValue(top)
        self._last = view
        self.finder.set_view(code, view)
        self._count(window.total)
        self._enable()
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        """Go to the row that another page pointed at."""
        if not self._wanted or self.ledger is None:
            return
        workspace, code, wanted = self._desk.workspace, self.ledger.code, self._wanted
        self._wanted = ""

        def go(number: int) -> None:
            row = self.model.row_of(number) if number >= 0 else -1
            if number < 0:
                self.finder.field.setText(wanted)
            elif row >= 0:
                self.view.go_to(row, self.view.head.logicalIndex(0))
                self.view.setFocus()
            else:
                self._desk.messages.info("这条记录不在当前筛选范围内，请先清除筛选。")

        self._desk.runner.beside(lambda: ledger_grid.number_of(workspace, code, wanted), go)

    def _fetch(self, numbers: list[int]) -> None:
        if self.ledger is None:
            return
        workspace, code = self._desk.workspace, self.ledger.code

        def take(rows: object) -> None:
            if self.ledger is not None and self.ledger.code == code:
                self.model.provide(rows)  # pyright: ignore[reportArgumentType] - what `rows` gives

        self._desk.runner.beside(lambda: ledger_grid.rows(workspace, code, numbers), take)

    # Totals

    def _count(self, total: int = -1) -> None:
        if self.ledger is None:
            return
        workspace, code, view = self._desk.workspace, self.ledger.code, self.shown
        if self._totals is not None:
            self._totals.cancel()

        def job() -> tuple[int, Mapping[str, float], int, str]:
            count, sums = ledgers.summary(workspace, code, view)
            every = total if total >= 0 else ledgers.summary(workspace, code)[0]
            return count, sums, every, ledgers.doubles_text(workspace, code)

        def tell(found: tuple[int, Mapping[str, float], int, str]) -> None:
            count, sums, every, doubles = found
            self.doubles.setText(doubles)
            self.doubles.setVisible(bool(doubles))
            parts = [
                f"共 {every:,} 行" if count == every else f"筛选出 {count:,} 行，共 {every:,} 行"
            ]
            parts += [f"{title}合计 {number_text(value, 4)}" for title, value in sums.items()]
            self.totals.setText("　".join(parts))

        self._totals = self._desk.runner.beside(job, tell)

    def _after_storing(self) -> None:
        self._count()
        self.stored.emit()

    # Reacting

    def add_row(self) -> None:
        """Go to the empty row at the end."""
        if self.ledger is not None:
            column = self.view.columns_from(self.view.head.logicalIndex(0))[0]
            self.view.go_to(self.model.rowCount() - 1, column)
            self.view.setFocus()

    def _go_to_fault(self) -> None:
        for number, title in self.steps.unstored:
            row = self.model.row_of(number)
            titles = [column.title for column in self.model.columns]
            if row >= 0 and title in titles:
                self.view.go_to(row, titles.index(title))
                self.view.setFocus()
                return
        self._desk.messages.info("这些行不在当前筛选范围内，请先清除筛选。")

    def _tell_covered(self) -> None:
        index = self.view.currentIndex()
        if index.isValid() and self.model.is_covered(index):
            self._desk.messages.info("这一列涉及个人信息，已遮盖。要修改请先点“显示个人信息”。")
        else:
            self._desk.messages.info("已保存的记录不能改换单位。")

    def _enable(self) -> None:
        self._history.offer(*("" if possible else None for possible in self.steps.possible))
        is_typing = self.view.state() is QAbstractItemView.State.EditingState
        waiting = len(self.model.faults if is_typing else self.steps.unstored)
        self.unstored.setVisible(bool(waiting))
        self.unstored.setText(f"▲ {waiting} 处还没有保存")

    def _keep_shape(self) -> None:
        if self.ledger is not None:
            remember.store_header(self.view.head, f"ledger-{self.ledger.code}")
