"""The tasks of a unit with how far each is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.widgets.kept_fields import UNSAVED, marked

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fsdesk.services.status.unit_forms import TaskForm

_CODE = Qt.ItemDataRole.UserRole


class TaskList(QListWidget):
    """One row a task; marks are brought up to date in place."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.setAccessibleName("本单位任务")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    @property
    def code(self) -> str:
        """Code of the current task; empty without one."""
        item = self.currentItem()
        return code_of(item) if item is not None else ""

    def show_tasks(self, tasks: Sequence[TaskForm], unsaved: Collection[str]) -> None:
        """Show other tasks; none is current afterwards, and nobody is told.

        `unsaved`: codes of the tasks in which something is typed that could not be stored.
        """
        self.blockSignals(True)
        self.clear()
        for task in tasks:
            item = QListWidgetItem()
            item.setData(_CODE, task.task.code)
            _mark(item, task, unsaved=task.task.code in unsaved)
            self.addItem(item)
        self.blockSignals(False)

    def update_marks(self, tasks: Sequence[TaskForm], unsaved: Collection[str]) -> None:
        """Show how far the same tasks are now; before they are listed there is nothing to show."""
        if self.count() != len(tasks):
            return
        for row, task in enumerate(tasks):
            _mark(self.item(row), task, unsaved=task.task.code in unsaved)

    def choose(self, code: str) -> None:
        """Make a task current; an unknown code is passed over."""
        for row in range(self.count()):
            if code_of(self.item(row)) == code:
                self.setCurrentRow(row)

    def step(self, step: int) -> bool:
        """Go to the next or the previous task; tell whether there was one."""
        row = self.currentRow() + step
        inside = 0 <= row < self.count()
        if inside:
            self.setCurrentRow(row)
        return inside


def code_of(item: QListWidgetItem) -> str:
    """Return the code of a row's task."""
    return str(item.data(_CODE))


def _mark(item: QListWidgetItem, task: TaskForm, *, unsaved: bool) -> None:
    """Show mark, count and title.

    ■ an opinion waits for its answer, ○ nothing, ◐ part, ● all filled in, ✓ exported as it is.
    """
    complete = task.filled == task.expected
    if task.unanswered:
        mark, state = "■", f"{task.unanswered} 条退回意见没有答复"
    elif complete and task.exported and task.state is not None:
        mark, state = "✓", task.state.label
    elif complete:
        mark, state = "●", "已填"
    else:
        has_part = bool(task.filled or task.begun)
        mark, state = ("◐", "部分") if has_part else ("○", "未填")
        state += "，已导出" if task.exported and has_part else ""
    said = f"（{task.unanswered} 条意见）" if task.unanswered else ""
    title = marked(f"{task.task.code}　{said}{task.task.title}", unsaved=unsaved)
    item.setText(f"{mark} {task.filled}/{task.expected}　{title}")
    part = f"，{task.begun} 项没有填全" if task.begun else ""
    state += f"，有{UNSAVED}的内容" if unsaved else ""
    words = f"{state}，已填 {task.filled} 项{part}，共 {task.expected} 项"
    item.setToolTip(f"{task.task.title}（{words}）\n{task.task.text}")
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{task.task.title}，{words}")
