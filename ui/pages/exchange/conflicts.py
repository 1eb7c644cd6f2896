"""Edits made apart, side by side, to be decided one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from fsdesk.domain.records.checks import item_name
from fsdesk.services.packet.conflicts import LedgerConflict
from ui.models.rows import RowColumn, RowsModel
from ui.pages.wording import entry_difference, field_changes
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.services.packet.conflicts import Conflict

    _Row = Conflict | LedgerConflict


class ConflictList(QWidget):
    """Two columns, 本机 and 来件, and two buttons."""

    decided = Signal(str, bool)  # id of the conflict, whether this PC's version is kept
    all_decided = Signal(bool)  # the same for all

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._plan: Plan | None = None
        self.model: RowsModel[_Row] = RowsModel(self._columns())
        self.table = ReportTable("conflicts", self.model, dense=False)
        self.mine = button("保留本机", lambda: self._decide(keep_mine=True))
        self.theirs = button("采用来件", lambda: self._decide(keep_mine=False))
        self.all_mine = button("全部按本机", lambda: self.all_decided.emit(True), "link")
        self.all_theirs = button("全部按来件", lambda: self.all_decided.emit(False), "link")
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "circle-check",
                "没有待处理的差异",
                "同一项在本机和来件中都改过时，两个版本都会保留，并列在这里由您选择一个。",
            )
        )
        self.stack.addWidget(self._decisions())
        column_of(self.stack, margins=(0, SPACE_S, 0, 0), parent=self)
        self.show_conflicts(None, ())

    def _decisions(self) -> QWidget:
        row = row_of(
            (label("两边都改过同一项时，两个版本都保留，由您选择一个。", "muted"), 1),
            self.all_mine,
            self.all_theirs,
            self.mine,
            self.theirs,
            spacing=-1,
        )
        return boxed(column_of(row, (self.table, 1), spacing=-1))

    def show_conflicts(self, plan: Plan | None, conflicts: Sequence[_Row]) -> None:
        """Show what waits for a decision."""
        self._plan = plan
        self.model.set_rows(conflicts)
        self.table.choose_first()
        self.stack.setCurrentIndex(1 if conflicts else 0)

    def _decide(self, *, keep_mine: bool) -> None:
        row = self.table.current_row()
        if row is not None:
            self.decided.emit(row.id, keep_mine)

    def _columns(self) -> tuple[RowColumn[_Row], ...]:
        def unit(row: _Row) -> str:
            code = row.mine.unit if isinstance(row, LedgerConflict) else row.mine.key.unit
            return self._plan.unit_name(code) if self._plan else ""

        def item(row: _Row) -> str:
            if self._plan is None:
                return ""
            if isinstance(row, LedgerConflict):
                return f"台账 {row.mine.ledger}：{next(iter(row.mine.values.values()), '')}"
            return item_name(self._plan, row.mine.key)

        def ours(row: _Row) -> str:
            return _sides(self._plan, row)[0] if self._plan else ""

        def theirs(row: _Row) -> str:
            return _sides(self._plan, row)[1] if self._plan else ""

        return (
            RowColumn("单位", unit, width=150),
            RowColumn("报告期", _period, width=84),
            RowColumn("项目", item, width=220),
            RowColumn("本机", ours, stretch=True, tip=ours),
            RowColumn("来件", theirs, stretch=True, tip=theirs),
        )


def _period(row: _Row) -> str:
    return "" if isinstance(row, LedgerConflict) else row.mine.key.period


def _sides(plan: Plan, row: _Row) -> tuple[str, str]:
    """Return only that in which the two versions differ."""
    if isinstance(row, LedgerConflict):
        return entry_difference(row.mine, row.theirs)
    found = field_changes(plan, row.mine.key, row.mine.content, row.theirs.content)
    mine = "；".join(f"{it.field} {it.before}" for it in found)
    return mine, "；".join(f"{it.field} {it.after}" for it in found)
