"""修订记录: what changed when; and what left the plan, to be brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from fsdesk.domain.clock import clock_text
from fsdesk.services.plan import plan_editing
from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_S
from ui.widgets.boxes import column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.fields import named
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.plan.changes import PlanDifference
    from fsdesk.domain.plan.history import PlanRevision
    from fsdesk.services.plan.plan_editing import RetiredItem
    from ui.desk import Desk


class HistoryPanel(QWidget):
    """The states of the plan, newest first; the chosen one says below what it changed."""

    def __init__(self, desk: Desk) -> None:
        """Begin without a plan."""
        super().__init__()
        self._desk = desk
        self.model: RowsModel[PlanRevision] = RowsModel(
            (
                RowColumn(
                    "版本", lambda row: str(row.number), lambda row: row.id, number=True, width=60
                ),
                RowColumn("时间", lambda row: clock_text(row.at), lambda row: row.at, width=150),
                RowColumn("修改人", lambda row: row.who, width=150),
                RowColumn(
                    "修改内容", lambda row: row.label, stretch=True, tip=lambda row: row.label
                ),
            )
        )
        self.table = ReportTable("plan-history", self.model, "修订记录")
        self.table.row_chosen.connect(self._choose)
        self.words = named(QPlainTextEdit(), "这次修订的内容")
        self.words.setReadOnly(True)
        self.words.setPlaceholderText("选中一次修订，这里逐项列出修改前后的内容")
        split = splitter(self.table, self.words, sizes=[360, 200], upright=True, collapsible=True)
        column_of(split, margins=(0, SPACE_S, 0, 0), parent=self)

    def show_history(self, history: Sequence[PlanRevision]) -> None:
        """Show the states."""
        self.words.clear()
        self.table.show_again(history, lambda row: row.id, first=False)

    def _choose(self, row: PlanRevision) -> None:
        self._desk.run(lambda w: plan_editing.difference_at(w, row.id), self._show)

    def _show(self, difference: PlanDifference) -> None:
        lines = difference.lines()
        words = [
            *(f"新增　{line}" for line in lines["added"]),
            *(f"修改　{line}" for line in lines["changed"]),
            *(f"移出　{line}" for line in lines["removed"]),
        ]
        self.words.setPlainText("\n".join(words) or "内容没有变化，或只调整了顺序。")


class RetiredPanel(QWidget):
    """What left the plan: its records are kept, and it can be brought back."""

    back_wanted = Signal(object)  # RetiredItem

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.model: RowsModel[RetiredItem] = RowsModel(
            (
                RowColumn("编码", lambda row: row.code, width=100),
                RowColumn("类别", lambda row: row.kind, width=70),
                RowColumn("名称", lambda row: row.title, stretch=True, tip=lambda row: row.title),
                RowColumn("移出时的版本", lambda row: f"第 {row.revision} 版",
                          lambda row: row.revision, width=120),
                RowColumn("保留的填报", lambda row: f"{row.records} 条", lambda row: row.records,
                          number=True, width=100),
            )
        )  # fmt: skip
        self.table = ReportTable("plan-retired", self.model, "已移出计划的内容", single=True)
        self.restore = button("恢复到计划", self._bring_back)
        words = "移出计划的内容不再填报和汇总，已填的数据都保留；恢复后重新计入。"
        row = row_of((label(words, "muted"), 1), self.restore, spacing=-1)
        column_of(row, (self.table, 1), margins=(0, SPACE_S, 0, 0), parent=self)

    def show_items(self, items: Sequence[RetiredItem]) -> None:
        """Show what left the plan."""
        self.table.show_again(items, lambda row: row.code)
        self.restore.setEnabled(bool(items))

    def _bring_back(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.back_wanted.emit(row)
