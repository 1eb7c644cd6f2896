"""Choosing a unit that lags, and the number of the letter that presses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from fsdesk.domain.lights import Light
from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.choice import Choice
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.results import YearStatus


class LetterPanel(QWidget):
    """Drafts one reminder (提醒敦促函)."""

    wanted = Signal(str, str, int)  # unit code, its name, number of the letter

    def __init__(self) -> None:
        """Begin without units."""
        super().__init__()
        self.units = Choice("发给", [])
        self.number = QSpinBox()
        self.number.setRange(1, 9999)
        self.number.setAccessibleName("函件序号")
        self.make = QPushButton("生成 Word 文档")
        set_role(self.make, "primary")
        self.make.clicked.connect(self._make)
        self._words = label("", "muted", wrap=True)
        form = QFormLayout()
        form.setSpacing(SPACE_M)
        form.addRow("发给", self.units)
        form.addRow("函件序号", self.number)
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
        column.addStretch()

    def show_units(self, status: YearStatus) -> None:
        """Offer the units that have a red task, the furthest behind first."""
        found = [
            (unit, sum(task.light is Light.RED for task in unit.tasks)) for unit in status.units
        ]
        lagging = sorted((pair for pair in found if pair[1]), key=lambda pair: -pair[1])
        self.units.set_entries(
            [(f"{unit.name}（{count} 项滞后）", (unit.unit, unit.name)) for unit, count in lagging]
        )
        self.make.setEnabled(bool(lagging))
        words = "函件列出该单位滞后的指标和事项、目标、序时和差距，由您核对后印发。"
        self._words.setText(words if lagging else f"截至{status.period.label}没有滞后的单位。")

    def _make(self) -> None:
        unit, name = self.units.value
        self.wanted.emit(unit, name, self.number.value())
