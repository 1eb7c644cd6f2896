"""设置: district figures, rules, appearance, and care for the data."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from fsdesk import __version__
from fsdesk.domain.duty import FREQUENCIES, LEVELS, frequency
from fsdesk.services import maintenance, planning
from ui.page import Page
from ui.scaling import SCALES, scale, set_scale
from ui.theme import SPACE_L, SPACE_M, Mode
from ui.widgets.choice import Choice
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.plan import Plan, PlanConstant
    from fsdesk.domain.settings import Rules
    from ui.desk import Desk
    from ui.theme import Theme

_POINTS = 100
_FIELD, _LABEL = 200, 200


class SettingsPage(Page):
    """The office changes figures and rules; a unit reads them."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        """Build the fields."""
        super().__init__("设置")
        self._desk = desk
        self._rules: Rules | None = None
        self.constants: dict[str, QDoubleSpinBox] = {}
        self._figures = QFormLayout()
        self.margin = _number("偏慢界限（个百分点）", 0, 100)
        self.due = _number("按时截止日（报告期结束后几天）", 0, 60)
        self.lock = _number("锁定日（报告期结束后几天）", 0, 180)
        rules = QFormLayout()
        for field in (self.margin, self.due, self.lock):
            rules.addRow(field.accessibleName(), field)
            field.setEnabled(desk.is_office)
        self.shift = QCheckBox("截止日、锁定日逢休息日顺延至下一个工作日")
        self.shift.setEnabled(desk.is_office)
        rules.addRow("休息日", self.shift)
        self.duties = _duties(rules, enabled=desk.is_office)
        self.mode = Choice("外观", [(mode.label, mode) for mode in Mode])
        self.mode.set_value(theme.mode)
        self.mode.chosen.connect(theme.set_mode)
        self.mode.setFixedWidth(_FIELD)
        self.scale = Choice("界面缩放", [(f"{percent}%", percent) for percent in SCALES])
        self.scale.set_value(scale())
        self.scale.chosen.connect(self._change_scale)
        self.scale.setFixedWidth(_FIELD)
        self._lay_out(rules)
        if desk.is_office:
            self.header.set_primary("保存设置", self._save, "save")
        else:
            self.header.set_note("计划参数和规则由区食药安办设置，随下发包更新")

    def _lay_out(self, rules: QFormLayout) -> None:
        looks = QFormLayout()
        looks.addRow("外观", self.mode)
        looks.addRow("界面缩放", self.scale)
        content = self._content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SPACE_L, 0)
        column.setSpacing(SPACE_M)
        for title, form in (("计划参数", self._figures), ("规则", rules), ("外观", looks)):
            column.addWidget(label(title, "section"))
            column.addLayout(form)
            _align(form)
        column.addWidget(label("数据", "section"))
        column.addWidget(label(f"保存位置：{self._desk.workspace.folder}", wrap=True))
        column.addLayout(self._care())
        column.addWidget(label("关于", "section"))
        column.addLayout(self._about())
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(content)
        self.body.addWidget(area, 1)

    def _about(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(f"食药安工作台 {__version__} 版"))
        more = QPushButton("更新内容和许可")
        more.clicked.connect(lambda: self.open_requested.emit("about", None))
        row.addWidget(more)
        row.addStretch()
        return row

    def _care(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for verb, action in (
            ("打开文件夹", lambda: self._desk.files.reveal(self._desk.workspace.folder)),
            ("备份…", self._back_up),
            ("检查数据", self._verify),
        ):
            button = QPushButton(verb)
            button.clicked.connect(action)
            row.addWidget(button)
        row.addStretch()
        return row

    def refresh(self, period: str) -> None:
        """Load figures and rules; the period makes no difference."""
        del period
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: (planning.current_plan(workspace), workspace.rules), self._show
        )

    def _show(self, found: tuple[Plan, Rules]) -> None:
        plan, self._rules = found
        for constant in plan.constants:
            self._field(constant).setValue(constant.value)
        self.margin.setValue(round(self._rules.yellow_margin * _POINTS))
        self.due.setValue(self._rules.due_days)
        self.lock.setValue(self._rules.lock_days)
        self.shift.setChecked(self._rules.shift_to_working)
        for level, field in self.duties.items():
            field.set_value(frequency(self._rules, level))
        rules = (self.margin, self.due, self.lock, self.shift, *self.duties.values())
        buttons = self._content.findChildren(QPushButton)
        # The figures are made after all the others, but stand first.
        order = [*self.constants.values(), *rules, self.mode, self.scale, *buttons]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _field(self, constant: PlanConstant) -> QDoubleSpinBox:
        if constant.code not in self.constants:
            field = QDoubleSpinBox()
            field.setRange(0, 1e12)
            field.setDecimals(0)
            field.setGroupSeparatorShown(True)
            field.setSuffix(f" {constant.measure_unit}")
            field.setAccessibleName(constant.name)
            field.setEnabled(self._desk.is_office)
            field.setFixedWidth(_FIELD)
            self.constants[constant.code] = field
            self._figures.addRow(constant.name, field)
            _align(self._figures)
        return self.constants[constant.code]

    def _save(self) -> None:
        if self._rules is None:
            return
        workspace = self._desk.workspace
        figures = {code: field.value() for code, field in self.constants.items()}
        rules = replace(
            self._rules,
            yellow_margin=self.margin.value() / _POINTS,
            due_days=self.due.value(),
            lock_days=self.lock.value(),
            shift_to_working=self.shift.isChecked(),
            **{f"duty_{level.lower()}": field.value for level, field in self.duties.items()},
        )
        self._desk.runner.run(
            lambda: planning.change_settings(workspace, figures, rules), lambda _: self._saved()
        )

    def _saved(self) -> None:
        self._desk.messages.info("设置已保存，重新下发计划后各单位同步更新。")
        self.refresh("")
        self.data_changed.emit()

    def _change_scale(self, percent: object) -> None:
        set_scale(int(str(percent)))
        self._desk.messages.info(f"界面缩放已改为 {percent}%，重新打开程序后生效。")

    def _back_up(self) -> None:
        workspace = self._desk.workspace
        name = f"食药安工作台备份-{workspace.clock().astimezone():%Y%m%d}.zip"
        file = self._desk.files.save("备份到", name, ("备份文件 (*.zip)",), "backup")
        if file is None:
            return
        self._desk.runner.run(
            lambda: maintenance.back_up(workspace, file),
            lambda _: self._desk.messages.info(
                "备份完成。", "打开所在文件夹", lambda: self._desk.files.reveal(file)
            ),
            title="正在备份",
        )

    def _verify(self) -> None:
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: maintenance.verify(workspace), self._verified, title="正在检查数据"
        )

    def _verified(self, problems: tuple[str, ...]) -> None:
        if problems:
            self._desk.messages.warn("检查发现问题：" + "；".join(problems))
        else:
            self._desk.messages.info("数据完好：数据库、变更记录和文件都没有问题。")


def _duties(form: QFormLayout, *, enabled: bool) -> dict[str, Choice]:
    """Add how often subjects of each level are supervised."""
    made: dict[str, Choice] = {}
    for level, who in LEVELS.items():
        name = f"包保督导频次：{level}级（{who}）"
        field = Choice(name, [(f"{word}一次", months) for months, word in FREQUENCIES.items()])
        field.setEnabled(enabled)
        field.setFixedWidth(_FIELD)
        form.addRow(name, field)
        made[level] = field
    return made


def _align(form: QFormLayout) -> None:
    """Give all forms of the page the same left column."""
    for row in range(form.rowCount()):
        item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        if item is not None and item.widget() is not None:
            item.widget().setMinimumWidth(_LABEL)


def _number(name: str, least: int, most: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(least, most)
    field.setAccessibleName(name)
    field.setFixedWidth(_FIELD)
    return field
