"""设置: district figures, rules, appearance, and care for the data."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from fsdesk import __version__
from fsdesk.services.care import maintenance
from fsdesk.services.care.restoring import BACKUP_NAME
from fsdesk.services.plan import planning
from fsdesk.services.status import aggregation, plan_effects
from ui.appearance import Mode
from ui.page import Page
from ui.pages.plan_effect import Change, EffectBar
from ui.pages.settings.office_fields import OfficeFields
from ui.pages.settings.rule_fields import RuleFields, align, fixed
from ui.system.scaling import SCALES, scale, set_scale
from ui.theme import SPACE_L, SPACE_M
from ui.widgets.boxes import column_of, row_of, scrolling
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping, passing
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label
from ui.widgets.passphrase import ask_passphrase
from ui.workspaces.restoring import RestoreDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fsdesk.domain.plan.plan import Plan, PlanConstant
    from fsdesk.domain.settings import Rules
    from ui.appearance import Theme
    from ui.desk import Desk


_MOST = 20  # of the head, against 1 for the words after the title
_PLACE = "settings"  # where what is typed here is kept
_NO_OTHER_WAY = (
    "备份用这个口令加密，恢复时要输入。口令不保存在任何地方：忘记口令，任何人都不能打开这份备份，"
    "包括汇总端和软件开发者。请另外记下，妥善保管。"
)


class SettingsPage(Page):
    """The office changes figures and rules; a unit reads them."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        """Build the fields."""
        super().__init__("设置")
        self._desk = desk
        self._rules: Rules | None = None
        self.constants: dict[str, QDoubleSpinBox] = {}
        self._figures = QFormLayout()
        self.effect = EffectBar(desk)
        if not desk.is_office:
            self.effect.hide()
        self.office = OfficeFields(desk)
        if not desk.is_office:
            self.office.hide()
        self.office.stored.connect(self.data_changed.emit)
        self.rules = RuleFields(enabled=desk.is_office)
        self.kept = KeptFields(desk.drafts, self)
        for name, field in self.rules.fields.items():
            self.kept.add(name, field)
        self.mode = Choice("外观", [(mode.label, mode) for mode in Mode])
        self.mode.set_value(theme.mode)
        self.mode.chosen.connect(theme.set_mode)
        fixed(keeping(self.mode, Keeping.STORED))
        self.scale = Choice("界面缩放", [(f"{percent}%", percent) for percent in SCALES])
        self.scale.set_value(scale())
        self.scale.chosen.connect(self._change_scale)
        fixed(keeping(self.scale, Keeping.STORED))
        self.backing = button("备份…", self._back_up)
        self.encrypted = passing(QCheckBox("用口令加密"))
        self.encrypted.setToolTip("备份里有全部数据和签名密钥，放在 U 盘上或交给别人保管时建议加密")
        self._lay_out()
        if desk.is_office:
            # The room that it keeps for itself would be an empty line above the fields.
            self.header.add_widget(self.kept.note, stretch=_MOST)
            self.header.add_quiet("恢复默认规则", self._show_defaults, "rotate-ccw")
            self.header.set_primary("保存设置", self._save, "save")
        else:
            self.header.set_note("计划参数和规则由汇总端设置，随下发包更新")

    def _lay_out(self) -> None:
        looks = QFormLayout()
        looks.addRow("外观", self.mode)
        looks.addRow("界面缩放", self.scale)
        content = self._content = QWidget()
        self.body.addWidget(scrolling(content), 1)  # while it is empty; see `splitter`
        align(looks)
        more = button("更新内容和许可", lambda: self.open_requested.emit("about", None))
        column_of(
            self.office,
            label("计划参数", "section"),
            self._figures,
            self.effect,
            self.rules,
            label("外观", "section"),
            looks,
            label("数据", "section"),
            label(f"保存位置：{self._desk.workspace.folder}", wrap=True),
            self._care(),
            label("关于", "section"),
            row_of(label(f"食药安工作台 {__version__} 版"), more, None, spacing=-1),
            None,
            spacing=SPACE_M,
            margins=(0, 0, SPACE_L, 0),
            parent=content,
        )

    def _care(self) -> QHBoxLayout:
        return row_of(
            button("打开文件夹", lambda: self._desk.files.reveal(self._desk.workspace.folder)),
            self.backing,
            self.encrypted,
            button("从备份恢复…", self._restore),
            button("检查数据", self._verify),
            None,
            spacing=-1,
        )

    def refresh(self, period: str) -> None:
        """Load figures and rules; the period makes no difference."""
        del period
        if self._desk.is_office:
            self.office.refresh()
        self._desk.run(
            lambda w: (planning.current_plan(w), w.rules, aggregation.year_of(w, ()).since),
            self._show,
        )

    def _show(self, found: tuple[Plan, Rules, date | None]) -> None:
        plan, self._rules, since = found
        self.rules.show_since(plan.year, since)
        for constant in plan.constants:
            self._field(constant)
        figures = {_figure(constant.code): constant.value for constant in plan.constants}
        self.kept.show(
            _PLACE if self._desk.is_office else "", {**figures, **self.rules.values(self._rules)}
        )
        self.rules.note_stored(self._rules)
        buttons: list[QWidget] = [*self._content.findChildren(QPushButton)]
        buttons.insert(buttons.index(self.backing) + 1, self.encrypted)
        # The figures are made after all the others, but stand first.
        effect = self.effect.findChildren(QWidget)
        fields = [*self.constants.values(), *effect, *self.rules.fields.values()]
        order = [*fields, self.mode, self.scale, *buttons]
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
            fixed(field)
            self.constants[constant.code] = self.kept.add(_figure(constant.code), field)
            self._figures.addRow(constant.name, field)
            align(self._figures)
        return self.constants[constant.code]

    def _save(self) -> None:
        if self._rules is None:
            return
        figures = {code: field.value() for code, field in self.constants.items()}
        rules = self.rules.changed(self._rules)
        stored = self.kept.handed_over()
        self.effect.give(
            Change(
                lambda w, since: plan_effects.effects_of_edit(
                    w, lambda plan, _: planning.with_figures(plan, figures), since
                ),
                lambda w, since: planning.change_settings(w, figures, rules, since),
            ),
            lambda _: self._saved(stored),
            lambda: None,
        )

    def _show_defaults(self) -> None:
        self.kept.fill(self.rules.defaults())
        self._desk.messages.info("已填入默认规则，点“保存设置”后生效。")

    def _saved(self, stored: Callable[[], None]) -> None:
        stored()
        self._desk.messages.info("设置已保存，重新下发计划后各单位同步更新。")
        self.refresh("")
        self.data_changed.emit()

    def _change_scale(self, percent: object) -> None:
        set_scale(int(str(percent)))
        self._desk.messages.info(f"界面缩放已改为 {percent}%，重新打开程序后生效。")

    def _back_up(self) -> None:
        workspace = self._desk.workspace
        name = f"{BACKUP_NAME}-{workspace.clock().astimezone():%Y%m%d}.zip"
        file = self._desk.files.save("备份到", name, ("备份文件 (*.zip)",), "backup")
        if file is None:
            return
        passphrase = ""
        if self.encrypted.isChecked():
            least = maintenance.LEAST_PASSPHRASE
            passphrase = ask_passphrase(self, _NO_OTHER_WAY, "加密备份", least=least)
            if not passphrase:
                return
        words = "备份完成，已用口令加密。" if passphrase else "备份完成。"

        def tell(lacking: str) -> None:
            if not lacking:
                self._desk.tell_written(words, file)
                return
            reveal = self._desk.files.reveal
            self._desk.messages.warn(f"{words}{lacking}", "打开所在文件夹", lambda: reveal(file))

        self._desk.runner.run(
            lambda: maintenance.back_up(workspace, file, passphrase), tell, title="正在备份"
        )

    def _restore(self) -> None:
        RestoreDialog(self.window(), self._desk, self._desk.workspace.folder).open()

    def _verify(self) -> None:
        self._desk.run(maintenance.verify, self._verified, title="正在检查数据")

    def _verified(self, problems: tuple[str, ...]) -> None:
        if problems:
            self._desk.messages.warn("检查发现问题：" + "；".join(problems))
        else:
            self._desk.messages.info("数据完好：数据库、变更记录和文件都没有问题。")


def _figure(code: str) -> str:
    return f"figure-{code}"
