"""分解下达: to which own units a task from above goes, and how its targets are split."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from fsdesk.domain.ladder.handing_down import HandingDown, asked_of, evenly, own_target
from fsdesk.domain.plan.indicators import IndicatorKind, number_text
from fsdesk.domain.plan.plan import Assignment, Role
from ui.theme import SPACE_L, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.choice import Choice
from ui.widgets.fields import named, passing
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.services.ladder.matching import MatchDesk

_CODE = Qt.ItemDataRole.UserRole
_WIDTH, _HEIGHT = 680, 520
_RULE = (
    "在本级计划中新建这项任务，指标和事项一并带来，两边互相对应；"
    "完成后请在本级工作区重新下发计划。目标和责任分工以后可以在本级的“编辑计划”中修改。"
)


class HandDownDialog(QDialog):
    """Asks who of the level's own units answers for a task from above."""

    def __init__(self, parent: QWidget, desk: MatchDesk, task: str, unit: str) -> None:
        """Begin with nobody chosen; `unit` is the own code in the plan above."""
        super().__init__(parent)
        self._desk, self._unit = desk, unit
        self._task = desk.upper.tasks_by_code[task]
        self.setWindowTitle("分解下达")
        self.resize(_WIDTH, _HEIGHT)
        self.units = passing(named(QListWidget(), "承担任务的本级单位"))
        for each in desk.lower.directory.units:
            line = QListWidgetItem(each.name)
            line.setData(_CODE, each.code)
            line.setFlags(line.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            line.setCheckState(Qt.CheckState.Unchecked)
            self.units.addItem(line)
        self.units.itemChanged.connect(lambda _line: self._offer())
        self.lead = passing(Choice("牵头单位", [("不设牵头单位", "")]))
        self.lead.chosen.connect(lambda _unit: self._offer())
        self.split = passing(QCheckBox("把数量目标平均分解到所选单位"))
        self.split.setChecked(True)
        self.split.toggled.connect(lambda _on: self._offer())
        self.targets = label("", wrap=True)
        buttons = QDialogButtonBox()
        self.hand_down = buttons.addButton("下达", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.hand_down, "primary")
        buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column_of(
            label(f"{self._task.code}　{self._task.title}", "section", wrap=True),
            label("承担任务的本级单位", "muted"),
            (self.units, 1),
            row_of(label("牵头", "muted"), self.lead, None),
            self.split,
            self.targets,
            label(_RULE, "help", wrap=True),
            buttons,
            margins=SPACE_L,
            parent=self,
        )
        self._offer()

    @property
    def wanted(self) -> HandingDown:
        """What shall be handed down to whom."""
        chosen, lead = self._chosen(), str(self.lead.value or "")
        role = Role.SUPPORT if lead else (Role.SOLE if len(chosen) == 1 else Role.SHARED)
        parties = tuple(
            Assignment(code, Role.LEAD if code == lead else role)
            for code in sorted(chosen, key=lambda each: each != lead)
        )
        return HandingDown(self._task.code, parties, shares=self._shares())

    def _indicators(self) -> tuple[Indicator, ...]:
        return asked_of(self._desk.upper, self._task, self._unit)

    def _shares(self) -> Mapping[str, Mapping[str, float]]:
        if not self.split.isChecked():
            return {}
        return {
            each.code: evenly(
                own_target(each, self._unit), self._chosen(), whole=each.whole_numbers
            )
            for each in self._indicators()
            if each.kind is IndicatorKind.COUNT
        }

    def _chosen(self) -> list[str]:
        lines = (self.units.item(row) for row in range(self.units.count()))
        return [
            str(line.data(_CODE)) for line in lines if line.checkState() is Qt.CheckState.Checked
        ]

    def _offer(self) -> None:
        chosen, directory = self._chosen(), self._desk.lower.directory
        self.lead.set_entries(
            [("不设牵头单位", ""), *((directory.name(code), code) for code in chosen)]
        )
        self.hand_down.setEnabled(bool(chosen))
        shares, lines = self._shares(), list[str]()
        for each in self._indicators():
            target = own_target(each, self._unit)
            words = f"{each.name}：本级目标 {number_text(target, 4)}{each.measure_unit}"
            if each.share_of(self._unit) is None and each.kind is not IndicatorKind.RATIO:
                words += "（上级没有分解，按全额）"
            parts = shares.get(each.code, {})
            if parts:
                most, least = max(parts.values()), min(parts.values())
                split = number_text(least, 4)
                split += f" 至 {number_text(most, 4)}" if most != least else ""
                words += f"，每个单位 {split}"
            lines.append(words)
        self.targets.setText("\n".join(lines))
