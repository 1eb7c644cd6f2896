"""Drafting a reminder to a unit that lags, and the register of those drafted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from fsdesk.domain.lights import Light
from fsdesk.domain.units import Directory
from ui.models.rows import Column, RowsModel
from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.choice import Choice
from ui.widgets.label import label
from ui.widgets.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.results import YearStatus
    from fsdesk.domain.supervision import Letter


class LetterPanel(QWidget):
    """Drafts one reminder (提醒敦促函)."""

    wanted = Signal(str, str)  # unit code, its name

    def __init__(self) -> None:
        """Begin without units."""
        super().__init__()
        self.units = Choice("发给", [])
        self.model: RowsModel[Letter] = RowsModel(self._columns())
        self._names: Directory = Directory()
        table = ReportTable("letters", dense=True)
        table.show_rows(self.model)
        self.make = QPushButton("生成 Word 文档")
        set_role(self.make, "primary")
        self.make.clicked.connect(self._make)
        self._words = label("", "muted", wrap=True)
        form = QFormLayout()
        form.setSpacing(SPACE_M)
        form.addRow("发给", self.units)
        row = QHBoxLayout()
        row.addWidget(self.make)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(label("提醒敦促函", "section"))
        column.addWidget(self._words)
        column.addLayout(form)
        column.addLayout(row)
        column.addWidget(label("已拟函件", "section"))
        column.addWidget(table, 1)

    def show_units(self, status: YearStatus, drafted: Sequence[Letter]) -> None:
        """Offer the units that have a red task, the furthest behind first; show the register."""
        self._names = status.plan.directory
        self.model.set_rows(drafted)
        found = [
            (unit, sum(task.light is Light.RED for task in unit.tasks)) for unit in status.units
        ]
        lagging = sorted((pair for pair in found if pair[1]), key=lambda pair: -pair[1])
        self.units.set_entries(
            [(f"{unit.name}（{count} 项滞后）", (unit.unit, unit.name)) for unit, count in lagging]
        )
        self.make.setEnabled(bool(lagging))
        words = "函件列出该单位滞后的工作和差距，文号按年度顺序自动编排，由您核对后印发。"
        self._words.setText(words if lagging else f"截至{status.period.label}没有滞后的单位。")

    def _make(self) -> None:
        unit, name = self.units.value
        self.wanted.emit(unit, name)

    def _columns(self) -> tuple[Column[Letter], ...]:
        return (
            Column("文号", lambda r: r.document_number, width=220),
            Column("发给", lambda r: self._names.name(r.unit), stretch=True),
            Column("报告期", lambda r: r.period, width=90),
            Column("拟稿日期", lambda r: r.drafted_on.isoformat(), width=110),
            Column("回复期限", lambda r: r.reply_by.isoformat(), width=110),
            Column("状态", lambda r: r.state.label, width=80),
        )
