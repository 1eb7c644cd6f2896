"""One task: its words, who answers for it, its indicators and deliverables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.domain.plan import edits, outline
from fsdesk.domain.plan.outline import OutlineLevel
from fsdesk.domain.plan.plan import Assignment, Role
from ui.models.rows import RowColumn, RowsModel
from ui.pages.plan_editing.fields import Fields
from ui.pages.plan_editing.items_panel import ItemsPanel
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping, passing
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan, Task
    from ui.drafts import Drafts

_TEXT_HEIGHT = 84
_ASSIGNMENTS_HEIGHT = 148
ROLES = [(role.label, role) for role in Role]


class HeadingPanel(QWidget):
    """The title of a section or a point."""

    edit_wanted = Signal(object)

    def __init__(self, drafts: Drafts | None = None) -> None:
        """Begin without a heading."""
        super().__init__()
        self._node = (OutlineLevel.POINT, "0")
        self.fields = Fields(drafts)
        self.fields.add_line("title", "标题")
        self.fields.committed.connect(self._commit)
        column_of(
            self.fields,
            label(
                "任务可以拖到这里，也可以用左边的“添加”新建；没有任务时可以移出计划。",
                "help",
                wrap=True,
            ),
            None,
            spacing=-1,
            margins=(SPACE_M, SPACE_S, 0, 0),
            parent=self,
        )

    def show_heading(self, plan: Plan, kind: OutlineLevel, name: str) -> None:
        """Show a section or point of the plan by its number."""
        self._node = (kind, name)
        among = plan.sections if kind == OutlineLevel.SECTION else plan.points
        titles = [each.title for each in among if str(each.number) == name]
        place = f"plan-editing/heading/{kind}-{name}"
        self.fields.show_values({"title": titles[0] if titles else ""}, place)

    def _commit(self, _key: str, title: object) -> None:
        kind, number = self._node[0], int(self._node[1])
        rename = outline.rename_section if kind == OutlineLevel.SECTION else outline.rename_point
        self.edit_wanted.emit(lambda plan, _taken: rename(plan, number, str(title)))


class TaskPanel(QWidget):
    """Everything about one task; each field is handed over when it is left."""

    edit_wanted = Signal(object)

    def __init__(self, drafts: Drafts) -> None:
        """Begin without a task."""
        super().__init__()
        self._code = ""
        self.fields = Fields(drafts)
        self.fields.add_line("title", "标题")
        self.fields.add_text("text", "内容", _TEXT_HEIGHT)
        self.fields.committed.connect(self._commit)
        self.parties = AssignmentsPanel()
        self.parties.changed.connect(self._assign)
        self.items = ItemsPanel(drafts)
        self.items.edit_wanted.connect(self.edit_wanted)
        column_of(
            self.fields,
            label("责任分工", "section"),
            self.parties,
            self.items,
            None,
            margins=(SPACE_M, SPACE_S, SPACE_S, 0),
            parent=self,
        )

    def show_task(self, plan: Plan, code: str) -> None:
        """Show a task of the plan."""
        self._code = code
        task = plan.tasks_by_code[code]
        place = f"plan-editing/task/{code}"
        self.fields.show_values({"title": task.title, "text": task.text}, place)
        self.parties.show_parties(plan, task)
        self.items.show_task(plan, task)

    def _commit(self, key: str, value: object) -> None:
        code = self._code

        def edit(plan: Plan, _taken: object) -> Plan:
            words = {"title": plan.tasks_by_code[code].title, "text": plan.tasks_by_code[code].text}
            return edits.set_task(plan, code, **(words | {key: str(value)}))

        self.edit_wanted.emit(edit)

    def _assign(self, assignments: object) -> None:
        code = self._code
        wanted: Any = assignments
        self.edit_wanted.emit(lambda plan, _taken: edits.set_assignments(plan, code, wanted))


class AssignmentsPanel(QWidget):
    """Who answers for a task; the lower row adds a unit or changes the chosen one's role."""

    changed = Signal(object)  # the new assignments

    def __init__(self) -> None:
        """Begin without a task."""
        super().__init__()
        self._plan: Plan | None = None
        self._assignments: tuple[Assignment, ...] = ()
        self.model: RowsModel[Assignment] = RowsModel(
            (
                RowColumn("单位或单位组", self._name, stretch=True, tip=self._members),
                RowColumn("分工", lambda row: row.role.label, width=140),
            )
        )
        self.table = ReportTable("plan-assignments", name="责任分工", single=True)
        self.table.setFixedHeight(_ASSIGNMENTS_HEIGHT)
        self.table.show_rows(self.model)
        self.table.row_chosen.connect(lambda row: self.role.set_value(row.role))
        self.party = passing(Choice("要添加的单位或单位组"))
        self.role = keeping(Choice("分工", ROLES), Keeping.STORED)
        self.role.chosen.connect(self._change_role)
        self.add = button("添加", self._add)
        self.remove = button("移除选中的单位", self._remove)
        row = row_of(self.party, self.role, self.add, self.remove, None)
        column_of(self.table, row, parent=self)

    def show_parties(self, plan: Plan, task: Task) -> None:
        """Show a task's assignments, and offer whom it lacks."""
        self._plan, self._assignments = plan, task.assignments
        self.table.show_again(task.assignments, lambda row: row.party, first=False)
        used = {assignment.party for assignment in task.assignments}
        parties = (*plan.directory.groups, *plan.directory.working)
        self.party.set_entries([(p.name, p.code) for p in parties if p.code not in used])

    def _name(self, row: Assignment) -> str:
        return self._plan.directory.name(row.party) if self._plan else row.party

    def _members(self, row: Assignment) -> str:
        names = self._plan.directory if self._plan else None
        return "、".join(names.name(unit) for unit in names.expand(row.party)) if names else ""

    def _add(self) -> None:
        if self.party.value is not None:
            role = Role(self.role.value)
            self.changed.emit((*self._assignments, Assignment(self.party.value, role)))

    def _remove(self) -> None:
        chosen = self.table.current_row()
        if chosen is not None:
            self.changed.emit(tuple(each for each in self._assignments if each != chosen))

    def _change_role(self, role: str) -> None:
        chosen = self.table.current_row()
        if chosen is not None and chosen.role != role:
            changed = replace(chosen, role=Role(role))
            parts = (changed if each == chosen else each for each in self._assignments)
            self.changed.emit(tuple(parts))
