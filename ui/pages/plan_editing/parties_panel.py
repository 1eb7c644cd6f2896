"""单位: units and groups of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from fsdesk.domain.plan import unit_edits
from fsdesk.domain.plan.bases import bases_text, read_bases
from fsdesk.domain.plan.units import Unit, UnitGroup, UnitKind
from ui.models.rows import RowColumn, RowsModel
from ui.pages.plan_editing.asking import ask_choice, ask_text
from ui.pages.plan_editing.fields import Fields
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.boxes import boxed, column_of, splitter
from ui.widgets.buttons import button
from ui.widgets.fields import named
from ui.widgets.flow import FlowLayout
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.plan.plan import Plan
    from ui.desk import Desk

Party = Unit | UnitGroup
_CODE = Qt.ItemDataRole.UserRole
_MARK = "、"


class PartiesPanel(QWidget):
    """The list at the left, the chosen unit or group at the right."""

    edit_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        """Begin without a plan."""
        super().__init__()
        self._desk = desk
        self._plan: Plan | None = None
        self._chosen: Party | None = None
        self._follow_new = False
        self.model: RowsModel[Party] = RowsModel(
            (
                RowColumn("名称", lambda row: row.name, stretch=True),
                RowColumn("类别", _kind, width=110),
                RowColumn("任务数", self._tasks, self._count, number=True, width=70),
            )
        )
        self.table = ReportTable("plan-parties", self.model, "单位和单位组", single=True)
        self.table.row_chosen.connect(self._choose)
        self.fields = Fields(desk.drafts)
        self.fields.add_line("name", "名称")
        self.fields.add_choice("kind", "类别", [(kind.label, kind) for kind in UnitKind])
        self.fields.add_line("aliases", "别名", "文件中出现的其他叫法，用顿号隔开")
        self.fields.add_line(
            "former_names", "曾用名", "改名时自动记下，文件里写曾用名的仍按这个单位识别，用顿号隔开"
        )
        self.fields.add_line(
            "bases",
            "基数",
            "本单位的人口、监管对象等，按“参数 数”写，用分号隔开；用于单位均量比较，不知道的不写",
        )
        self.fields.add_switch("quarterly", "按季度报送（每季度报一次，不报月度）")
        self.fields.committed.connect(self._commit)
        self.members = named(QListWidget(), "单位组的成员")
        self.members.itemChanged.connect(self._change_members)
        self.members_name = label("成员", "section")
        self.ended = label("", "muted", wrap=True)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for words, action in (
            ("添加单位", self.add_unit),
            ("添加单位组", self.add_group),
            ("上移", lambda: self._move(-1)),
            ("下移", lambda: self._move(1)),
            ("并入其他单位…", self.merge),
            ("移出计划", self._remove),
        ):
            flow.addWidget(button(words, action))
        left = boxed(column_of(buttons, (self.table, 1)))
        right = QWidget()
        column_of(
            self.fields,
            self.ended,
            self.members_name,
            (self.members, 1),
            None,
            margins=(SPACE_M, 0, 0, 0),
            parent=right,
        )
        split = splitter(left, right, sizes=[620, 520], collapsible=True)
        column_of(split, margins=(0, SPACE_S, 0, 0), parent=self)

    def show_plan(self, plan: Plan) -> None:
        """Show a plan's units; the chosen one stays chosen, or a new one becomes so."""
        before = {row.code for row in self.model.rows}
        chosen = self._chosen.code if self._chosen else ""
        self._plan = plan
        rows = (*plan.directory.units, *plan.directory.groups)
        self.table.show_again(rows, lambda row: row.code)
        new = [row.code for row in rows if row.code not in before]
        if self._follow_new and new:
            chosen = new[-1]
        self._follow_new = False
        self.table.choose_rows(lambda row: row.code == chosen)

    def _choose(self, row: Party) -> None:
        self._chosen = row
        is_group = isinstance(row, UnitGroup)
        values: dict[str, object] = {"name": row.name, "aliases": _MARK.join(row.aliases)}
        if isinstance(row, Unit):
            former = _MARK.join(row.former_names)
            values |= {"kind": row.kind, "quarterly": row.quarterly, "former_names": former}
            values["bases"] = bases_text(self._plan, row.bases) if self._plan else ""
        self.fields.show_values(values, f"plan-editing/party/{row.code}")
        for key in ("kind", "quarterly", "former_names", "bases"):
            self.fields.set_shown(key, shown=not is_group)
        successor = row.successor if isinstance(row, Unit) else ""
        self.ended.setText(f"已并入“{self._named(successor)}”，其任务由该单位接续。")
        self.ended.setVisible(bool(successor))
        self.members_name.setVisible(is_group)
        self.members.setVisible(is_group)
        if isinstance(row, UnitGroup) and self._plan is not None:
            self._show_members(self._plan, row)

    def _show_members(self, plan: Plan, group: UnitGroup) -> None:
        self.members.blockSignals(True)
        self.members.clear()
        for unit in plan.directory.working:
            line = QListWidgetItem(unit.name)
            line.setData(_CODE, unit.code)
            member = unit.code in group.members
            line.setCheckState(Qt.CheckState.Checked if member else Qt.CheckState.Unchecked)
            self.members.addItem(line)
        self.members.blockSignals(False)

    def _named(self, code: str) -> str:
        return self._plan.unit_name(code) if self._plan else code

    def _count(self, row: Party) -> int:
        plan = self._plan
        if plan is None:
            return 0
        if isinstance(row, Unit):
            return len(plan.tasks_for(row.code))
        return sum(any(a.party == row.code for a in task.assignments) for task in plan.tasks)

    def _tasks(self, row: Party) -> str:
        return str(self._count(row))

    def _commit(self, key: str, value: Any) -> None:  # noqa: ANN401 - as the field gives it
        chosen = self._chosen
        if chosen is None:
            return
        if key in {"aliases", "former_names"}:
            value = tuple(part for part in value.replace("，", _MARK).split(_MARK) if part)
        if key == "kind":
            value = UnitKind(value)
        self._put(chosen.code, {key: value})

    def _change_members(self, _line: QListWidgetItem) -> None:
        lines = [self.members.item(row) for row in range(self.members.count())]
        members = tuple(
            str(line.data(_CODE)) for line in lines if line.checkState() == Qt.CheckState.Checked
        )
        if self._chosen is not None:
            self._put(self._chosen.code, {"members": members})

    def _put(self, code: str, changes: dict[str, Any]) -> None:
        def edit(plan: Plan, _taken: object) -> Plan:
            unit = plan.directory.by_code.get(code)
            if unit is not None:
                if "bases" in changes:
                    changed = replace(unit, bases=read_bases(plan, str(changes["bases"])))
                    return unit_edits.put_unit(plan, changed)
                return unit_edits.put_unit(plan, replace(unit, **changes))
            group = plan.directory.groups_by_code[code]
            return unit_edits.put_group(plan, replace(group, **changes))

        self.edit_wanted.emit(edit)

    def add_unit(self) -> None:
        """Ask for a name and add a unit."""
        name = ask_text(self._desk, self, "添加单位", "单位全称")
        if name:
            self._add(
                lambda plan, taken: unit_edits.put_unit(
                    plan, Unit("", name, UnitKind.DEPARTMENT), taken
                )
            )

    def add_group(self) -> None:
        """Ask for a name and add a group of the first unit that reports."""
        name = ask_text(
            self._desk, self, "添加单位组", "单位组名称，如“各街道”；添加后在右边勾选成员"
        )
        if not name or self._plan is None:
            return
        first = self._plan.directory.reporting_units[:1] or self._plan.directory.units[:1]
        members = tuple(unit.code for unit in first)
        self._add(
            lambda plan, taken: unit_edits.put_group(plan, UnitGroup("", name, members), taken)
        )

    def _add(self, edit: Callable[..., Plan]) -> None:
        self._follow_new = True
        self.edit_wanted.emit(edit)

    def merge(self) -> None:
        """Ask which unit the chosen one goes into; that one takes over all that it answered for."""
        chosen, plan = self._chosen, self._plan
        if not isinstance(chosen, Unit) or plan is None:
            return
        others = [
            (unit.name, unit.code) for unit in plan.directory.working if unit.code != chosen.code
        ]
        into = ask_choice(
            self,
            "并入其他单位",
            f"“{chosen.name}”并入下面的单位，它承担的任务、填报的指标和分解目标由该单位接续。"
            "从哪一天起，按上方的“本次修改生效日期”。",
            others,
            "并入",
        )
        if into:
            self.edit_wanted.emit(
                lambda plan, _taken: unit_edits.merge_unit(plan, chosen.code, into)
            )

    def _remove(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            drop = unit_edits.drop_unit if isinstance(chosen, Unit) else unit_edits.drop_group
            self.edit_wanted.emit(lambda plan, _taken: drop(plan, chosen.code))

    def _move(self, by: int) -> None:
        chosen = self._chosen
        if isinstance(chosen, Unit):
            self.edit_wanted.emit(lambda plan, _taken: unit_edits.move_unit(plan, chosen.code, by))


def _kind(row: Party) -> str:
    if isinstance(row, UnitGroup):
        return "单位组"
    return "已并入其他单位" if row.successor else row.kind.label
