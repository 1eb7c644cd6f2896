"""Edits made apart, side by side, to be decided one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.models.rows import Column, RowsModel
from ui.pages.wording import field_changes, item_name
from ui.theme import SPACE_S
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import label
from ui.widgets.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.plan import Plan
    from fsdesk.services.deciding import Conflict


class ConflictList(QWidget):
    """Two columns, 本机 and 来件, and two buttons."""

    decided = Signal(str, bool)  # id of the conflict, whether this PC's version is kept

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._plan: Plan | None = None
        self.model: RowsModel[Conflict] = RowsModel(self._columns())
        self.table = ReportTable("conflicts")
        self.table.show_rows(self.model)
        self.mine = QPushButton("保留本机")
        self.theirs = QPushButton("采用来件")
        self.mine.clicked.connect(lambda: self._decide(keep_mine=True))
        self.theirs.clicked.connect(lambda: self._decide(keep_mine=False))
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "circle-check",
                "没有待处理的差异",
                "同一项在本机和来件中都改过时，两个版本都会保留，并列在这里由您选择一个。",
            )
        )
        self.stack.addWidget(self._decisions())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_S, 0, 0)
        column.addWidget(self.stack)
        self.show_conflicts(None, ())

    def _decisions(self) -> QWidget:
        row = QHBoxLayout()
        row.addWidget(label("两边都改过同一项时，两个版本都保留，由您选择一个。", "muted"), 1)
        row.addWidget(self.mine)
        row.addWidget(self.theirs)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        return page

    def show_conflicts(self, plan: Plan | None, conflicts: Sequence[Conflict]) -> None:
        """Show what waits for a decision."""
        self._plan = plan
        self.model.set_rows(conflicts)
        self.table.choose_first()
        self.stack.setCurrentIndex(1 if conflicts else 0)

    def _decide(self, *, keep_mine: bool) -> None:
        row = self.table.current_row()
        if row is not None:
            self.decided.emit(row.id, keep_mine)

    def _columns(self) -> tuple[Column[Conflict], ...]:
        def unit(row: Conflict) -> str:
            return self._plan.directory.name(row.mine.key.unit) if self._plan else ""

        def item(row: Conflict) -> str:
            return item_name(self._plan, row.mine.key) if self._plan else ""

        def side(row: Conflict, *, mine: bool) -> str:
            if self._plan is None:
                return ""
            key = row.mine.key
            differing = field_changes(self._plan, key, row.mine.content, row.theirs.content)
            return "；".join(f"{it.field} {it.before if mine else it.after}" for it in differing)

        def ours(row: Conflict) -> str:
            return side(row, mine=True)

        def theirs(row: Conflict) -> str:
            return side(row, mine=False)

        return (
            Column("单位", unit, width=150),
            Column("报告期", lambda r: r.mine.key.period, width=84),
            Column("项目", item, width=220),
            Column("本机", ours, stretch=True, tip=ours),
            Column("来件", theirs, stretch=True, tip=theirs),
        )
