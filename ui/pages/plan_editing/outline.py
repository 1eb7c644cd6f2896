"""The plan's tree with what can be done with it: add, move, split, join, take out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from fsdesk.domain.plan import outline
from fsdesk.domain.plan.outline import OutlineLevel
from fsdesk.domain.plan.plan import Assignment, Role
from ui.pages.plan_editing.asking import ask_split, ask_text
from ui.pages.plan_editing.outline_tree import OutlineTree
from ui.theme import SPACE_S
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.plan.plan import Plan, Point
    from ui.desk import Desk


class OutlinePanel(QWidget):
    """The tree with its buttons; several tasks may be chosen to be joined."""

    edit_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        """Begin without a plan."""
        super().__init__()
        self._desk = desk
        self._plan: Plan | None = None
        self._follow_new = False
        self.tree = OutlineTree()
        self.tree.dropped.connect(self._drop)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(
            lambda where: self._more.popup(self.tree.viewport().mapToGlobal(where))
        )
        self._adding, self._more = QMenu(self), QMenu(self)
        _action(self._adding, "任务…", self.add_task)
        _action(self._adding, "要点…", self.add_point)
        _action(self._adding, "部分…", self.add_section)
        self._split = _action(self._more, "拆分任务…", self.split)
        self._join = _action(self._more, "合并选中的任务（按住 Ctrl 可选多项）", self.join)
        self._more.addSeparator()
        self._remove = _action(self._more, "移出计划", self.remove)
        self._more.aboutToShow.connect(self._enable)
        self._lay_out()

    def _lay_out(self) -> None:
        row = row_of()
        for words, menu in (("添加", self._adding), ("更多", self._more)):
            button = QPushButton(words)
            button.setMenu(menu)
            row.addWidget(button)
        for icon, words, by in (("arrow-up", "上移", -1), ("arrow-down", "下移", 1)):
            row.addWidget(tool(icon, words, partial(self.move_by, by)))
        row.addStretch()
        column_of(row, (self.tree, 1), margins=(0, SPACE_S, 0, 0), parent=self)

    def show_plan(self, plan: Plan) -> None:
        """Show a plan; what was chosen stays chosen, or what was added becomes so."""
        self._plan = plan
        follow, self._follow_new = self._follow_new, False
        self.tree.show_plan(plan, follow_new=follow)

    # Adding: beside what is chosen

    def add_task(self) -> None:
        """Ask for a title and add a task to the point that is chosen."""
        plan, point = self._plan, self._point()
        if plan is None or point is None:
            self._desk.messages.warn("这里还没有要点，请先添加要点。")
            return
        units = self._units(plan)
        title = ask_text(self._desk, self, "添加任务", f"任务标题（在“{point.title}”下）")
        if title:
            at = point.number
            self._add(lambda plan, taken: outline.add_task(plan, at, title, units, taken))

    def add_point(self) -> None:
        """Ask for a title and add a point to the section that is chosen."""
        plan = self._plan
        if plan is None:
            return
        section = self._section(plan)
        title = ask_text(self._desk, self, "添加要点", f"要点标题（在第 {section} 部分末尾）")
        if title:
            self._add(lambda plan, _: outline.add_point(plan, section, title))

    def add_section(self) -> None:
        """Ask for a title and add a section at the end."""
        title = ask_text(self._desk, self, "添加部分", "部分标题")
        if title:
            self._add(lambda plan, _: outline.add_section(plan, title))

    def _units(self, plan: Plan) -> tuple[Assignment, ...]:
        """Begin with the units of the chosen task; the office answers where there is none."""
        for code in self.tree.tasks():
            return plan.tasks_by_code[code].assignments
        unit = plan.directory.office or plan.directory.units[0]
        return (Assignment(unit.code, Role.SOLE),)

    def _point(self) -> Point | None:
        plan = self._plan
        if plan is None:
            return None
        for kind, name in self.tree.nodes():
            if kind == OutlineLevel.TASK:
                return plan.point_of[name]
            if kind == OutlineLevel.POINT:
                return next(point for point in plan.points if str(point.number) == name)
            section = next(each for each in plan.sections if str(each.number) == name)
            return section.points[-1] if section.points else None
        return plan.points[-1] if plan.points else None

    def _section(self, plan: Plan) -> int:
        for kind, name in self.tree.nodes():
            if kind == OutlineLevel.SECTION:
                return int(name)
        point = self._point()
        return next((s.number for s in plan.sections if point in s.points), 1)

    def _add(self, edit: Callable[..., Plan]) -> None:
        self._follow_new = True
        self.edit_wanted.emit(edit)

    # Changing what is chosen

    def _enable(self) -> None:
        tasks, nodes = self.tree.tasks(), self.tree.nodes()
        self._split.setEnabled(len(tasks) == len(nodes) == 1)
        self._join.setEnabled(len(tasks) > 1)
        self._remove.setEnabled(len(nodes) == 1)

    def split(self) -> None:
        """Ask which items go to a second task."""
        plan, tasks = self._plan, self.tree.tasks()
        if plan is None or len(tasks) != 1:
            return
        code = tasks[0]
        answer = ask_split(self._desk, self, plan.tasks_by_code[code])
        if answer is not None:
            title, items = answer
            self._add(lambda plan, taken: outline.split_task(plan, code, title, items, taken))

    def join(self) -> None:
        """Join the chosen tasks into the first."""
        tasks = self.tree.tasks()
        if len(tasks) > 1:
            self.edit_wanted.emit(lambda plan, _: outline.join_tasks(plan, tasks[0], tasks))

    def remove(self) -> None:
        """Take the chosen thing out of the plan; it can be undone, so nothing is asked."""
        nodes = self.tree.nodes()
        if nodes:
            self.edit_wanted.emit(lambda plan, _: outline.drop(plan, *nodes[0]))

    def move_by(self, by: int) -> None:
        """Move the chosen thing up or down; a task at the end of a point goes to the next."""
        nodes = self.tree.nodes()
        if nodes:
            self.edit_wanted.emit(lambda plan, _: outline.shift(plan, *nodes[0], by))

    def _drop(self, target: tuple[str, str], at: int) -> None:
        """Take what was dragged to its new place."""
        nodes = self.tree.nodes()
        if len(nodes) != 1:
            return
        (kind, name), (over, place) = nodes[0], target
        if (kind, over) == (OutlineLevel.TASK, OutlineLevel.POINT):
            self.edit_wanted.emit(lambda plan, _: outline.move_task(plan, name, int(place), at))
        elif (kind, over) == (OutlineLevel.POINT, OutlineLevel.SECTION):
            self.edit_wanted.emit(
                lambda plan, _: outline.move_point(plan, int(name), int(place), at)
            )


def _action(menu: QMenu, words: str, run: Callable[[], object]) -> QAction:
    action = QAction(words, menu)
    action.triggered.connect(lambda: run())  # noqa: PLW0108 - without Qt's `checked`
    menu.addAction(action)
    return action
