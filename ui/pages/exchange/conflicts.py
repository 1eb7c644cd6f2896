"""Edits made apart, side by side, to be decided one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from fsdesk.domain.clock import clock_text
from fsdesk.domain.periods import Period
from fsdesk.domain.records.checks import item_name
from fsdesk.services.packet.conflict_origins import ConflictSides
from fsdesk.services.packet.conflicts import LedgerConflict
from ui.models.rows import RowColumn, RowsModel
from ui.pages.wording import entry_difference, field_changes
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import named
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.services.packet.conflict_origins import Origin

_SIDE_HEIGHT = 116


class ConflictList(QWidget):
    """Two columns, 本机 and 来件, two buttons, and below by whom and when each was made."""

    decided = Signal(str, bool)  # id of the conflict, whether this PC's version is kept
    all_decided = Signal(bool)  # the same for all

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._plan: Plan | None = None
        self.model: RowsModel[ConflictSides] = RowsModel(self._columns())
        self.table = ReportTable("conflicts", self.model, dense=False, single=True)
        self.table.row_chosen.connect(self._explain)
        self.counted, self.beside = _side_text("本机的内容"), _side_text("来件的内容")
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
            (label("处理前按“本机”一栏计入汇总；处理后可以撤销，直到结果随文件发出。", "muted"), 1),
            self.all_mine,
            self.all_theirs,
            self.mine,
            self.theirs,
            spacing=-1,
        )
        below = row_of((self.counted, 1), (self.beside, 1))
        return boxed(column_of(row, (self.table, 1), below, spacing=-1))

    def show_conflicts(self, plan: Plan | None, conflicts: Sequence[ConflictSides]) -> None:
        """Show what waits for a decision."""
        self._plan = plan
        self.table.show_again(conflicts, lambda row: row.conflict.id)
        self._explain(self.table.current_row())
        self.stack.setCurrentIndex(1 if conflicts else 0)

    def _decide(self, *, keep_mine: bool) -> None:
        row = self.table.current_row()
        if row is not None:
            self.decided.emit(row.conflict.id, keep_mine)

    def named(self, row: ConflictSides) -> str:
        """Say in words whose item of which period a conflict is about."""
        return " ".join(filter(None, (self._unit(row), _period(row), self._item(row))))

    def conflict(self, id_: str) -> ConflictSides | None:
        """Return a conflict that is shown, by its id."""
        return next((row for row in self.model.rows if row.conflict.id == id_), None)

    def said(self, row: ConflictSides, *, keep_mine: bool) -> str:
        """Return what a side says, as far as the two differ."""
        return _sides(self._plan, row)[not keep_mine] if self._plan else ""

    def _explain(self, row: object) -> None:
        """Say of both sides what they hold, by whom, when, and which of them counts now."""
        if not isinstance(row, ConflictSides) or self._plan is None:
            self.counted.setPlainText("")
            self.beside.setPlainText("")
            return
        mine, theirs = _sides(self._plan, row)
        self.counted.setPlainText(
            f"本机（现在计入汇总的是这一份）\n{self._came_by(row.mine)}\n\n{mine}"
        )
        self.beside.setPlainText(f"来件（现在不计入）\n{self._came_by(row.theirs)}\n\n{theirs}")

    def _came_by(self, origin: Origin) -> str:
        at = clock_text(origin.at)
        if origin.packet is None:
            return f"{origin.who}，{at} 在本机填写"
        made, unit = clock_text(origin.packet.made_at), origin.packet.unit
        whose = self._plan.unit_name(unit) if self._plan else unit
        name = f"{whose}的{origin.packet.kind.label}"
        return f"{name}，{made} 生成，{at} 由{origin.who}接收"

    def _unit(self, row: ConflictSides) -> str:
        found = row.conflict
        code = found.mine.unit if isinstance(found, LedgerConflict) else found.mine.key.unit
        return self._plan.unit_name(code) if self._plan else ""

    def _item(self, row: ConflictSides) -> str:
        found = row.conflict
        if self._plan is None:
            return ""
        if isinstance(found, LedgerConflict):
            return f"台账 {found.mine.ledger}：{next(iter(found.mine.values.values()), '')}"
        return item_name(self._plan, found.mine.key)

    def _columns(self) -> tuple[RowColumn[ConflictSides], ...]:
        def ours(row: ConflictSides) -> str:
            return _sides(self._plan, row)[0] if self._plan else ""

        def theirs(row: ConflictSides) -> str:
            return _sides(self._plan, row)[1] if self._plan else ""

        return (
            RowColumn("单位", self._unit, width=150),
            RowColumn("报告期", _period, _order, width=84),
            RowColumn("项目", self._item, width=220),
            RowColumn("本机（现计入）", ours, stretch=True, tip=ours),
            RowColumn("来件", theirs, stretch=True, tip=theirs),
        )


def _period(row: ConflictSides) -> str:
    found = row.conflict
    return "" if isinstance(found, LedgerConflict) else found.mine.key.period


def _order(row: ConflictSides) -> tuple[int, int, int] | None:
    period = _period(row)
    return Period.parse(period).order if period else None


def _sides(plan: Plan, row: ConflictSides) -> tuple[str, str]:
    """Return only that in which the two versions differ."""
    found = row.conflict
    if isinstance(found, LedgerConflict):
        return entry_difference(found.mine, found.theirs)
    fields = field_changes(plan, found.mine.key, found.mine.content, found.theirs.content)
    mine = "；".join(f"{it.field} {it.before}" for it in fields)
    return mine, "；".join(f"{it.field} {it.after}" for it in fields)


def _side_text(name: str) -> QPlainTextEdit:
    made = named(QPlainTextEdit(), name)
    made.setReadOnly(True)
    made.setMaximumHeight(_SIDE_HEIGHT)
    return made
