"""填报: a unit's tasks at the left, one form at the right, saved as typed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QScrollArea, QSplitter, QStackedWidget

from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.periods import Period
from fsdesk.services import recording
from ui import remember
from ui.page import Page
from ui.pages.recording_form import TaskFormView
from ui.pages.report_export import ReportExport
from ui.widgets.choice import Choice
from ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.records import Content, RecordKey
    from fsdesk.services.recording import Saved, TaskForm, UnitForm
    from ui.desk import Desk
    from ui.pages.record_editors import Editor

_CODE = Qt.ItemDataRole.UserRole


class RecordingPage(Page):
    """The form of one unit and period."""

    saved = Signal()  # something was stored; nothing listens but tests and the page itself

    def __init__(self, desk: Desk) -> None:
        """Build list and form."""
        super().__init__("填报")
        self._desk, self._period, self._unit = desk, "", desk.unit
        self._wanted = ""
        self._form: UnitForm | None = None
        self._views: dict[str, TaskFormView] = {}
        self.units = Choice("填报单位", [])
        if desk.is_office:
            self.header.add_widget(self.units)
            self.units.chosen.connect(self._change_unit)
        else:
            self.header.set_primary("检查并导出", self.check_and_export, "file-up")
        self.tasks = QListWidget()
        self.tasks.setAccessibleName("本单位任务")
        self.tasks.currentItemChanged.connect(self._choose)
        self.stack = QStackedWidget()
        self.empty = EmptyState(
            "square-pen", "没有要填报的任务", "计划没有给这个单位分配任务，请与区食药安办核对。"
        )
        self.stack.addWidget(self.empty)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.tasks)
        split.addWidget(self.stack)
        split.setSizes([300, 800])
        remember.keep_splitter(split, "recording")
        self.body.addWidget(split, 1)
        for keys, step in (("Ctrl+Down", 1), ("Ctrl+Up", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda step=step: self._step(step))

    def refresh(self, period: str) -> None:
        """Load the form; what is still being typed is stored first."""
        self.flush()
        self._period = period
        self._load(self._show)

    def show_item(self, item: object) -> None:
        """Choose a task by its code, now or as soon as the form is there."""
        self._wanted = str(item)
        self._select(self._wanted)

    def may_leave(self) -> bool:
        """Store what is still being typed."""
        self.flush()
        return True

    def flush(self) -> None:
        """Store every field that was changed."""
        for view in self._views.values():
            view.flush()

    def check_and_export(self) -> None:
        """Store what is being typed, list what is missing, then write the packet."""
        self.flush()
        wrong = any(editor.wrong for view in self._views.values() for editor in view.editors)
        export = ReportExport(self._desk, self._exported)
        self._load(lambda form: export.ask(form, wrong=wrong))

    def _exported(self) -> None:
        self._load(self._update)
        self.data_changed.emit()

    def _load(self, then: Callable[[UnitForm], object]) -> None:
        workspace, unit, period = self._desk.workspace, self._unit, Period.parse(self._period)
        self._desk.runner.run(lambda: recording.unit_form(workspace, unit, period), then)

    def _change_unit(self, unit: object) -> None:
        self.flush()
        self._unit = str(unit)
        self._load(self._show)

    def _show(self, form: UnitForm) -> None:
        """Show another form: all views are made anew when they are first needed."""
        chosen = self._wanted or self._current_code()
        self._wanted = ""
        self._form = form
        for view in self._views.values():
            self.stack.removeWidget(view.parentWidget() or view)
            view.deleteLater()
        self._views = {}
        directory = form.plan.directory
        own = [(unit.name, unit.code) for unit in directory.units if form.plan.tasks_for(unit.code)]
        self.units.set_entries(own)
        self.units.set_value(form.unit)
        self._note(form)
        self.tasks.blockSignals(True)
        self.tasks.clear()
        for task in form.tasks:
            item = QListWidgetItem(_task_text(task))
            item.setData(_CODE, task.task.code)
            item.setToolTip(task.task.text)
            self.tasks.addItem(item)
        self.tasks.blockSignals(False)
        if form.tasks:
            self._select(chosen)
            if self.tasks.currentRow() < 0:
                self.tasks.setCurrentRow(0)
        else:
            self.stack.setCurrentWidget(self.empty)

    def _note(self, form: UnitForm) -> None:
        name = form.plan.directory.name(form.unit)
        state = {"draft": "草稿", "submitted": "已导出", "accepted": "已接收", "returned": "已退回"}
        done = sum(task.filled for task in form.tasks)
        total = sum(task.expected for task in form.tasks)
        self.header.set_note(
            f"{name}　{form.period.label}　{state[form.state]}　已填 {done}/{total} 项"
        )

    def _choose(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is None or self._form is None:
            return
        self.flush()
        code = str(item.data(_CODE))
        if code not in self._views:
            task = next(each for each in self._form.tasks if each.task.code == code)
            view = TaskFormView(task, self._form.unit, str(self._form.period))
            view.edited.connect(self._save)
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setWidget(view)
            self.stack.addWidget(area)
            self._views[code] = view
        self.stack.setCurrentWidget(self._views[code].parentWidget().parentWidget())

    def _save(self, editor: Editor, key: RecordKey, content: Content) -> None:
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: recording.save(workspace, key, content),
            lambda saved: self._saved(editor, saved),
            lambda problem: self._refused(editor, problem),
        )

    def _saved(self, editor: Editor, saved: Saved) -> None:
        editor.show_findings(saved.findings)
        self._load(self._update)
        window = self.window()
        status = getattr(window, "status", None)
        if status is not None:
            status.set_saved(datetime.now().astimezone())
        self.saved.emit()
        self.data_changed.emit()

    def _refused(self, editor: Editor, problem: Exception) -> None:
        if isinstance(problem, FsdeskError):
            editor.show_findings(problem.findings)
        else:
            self._desk.messages.error(problem)

    def _update(self, form: UnitForm) -> None:
        """Bring marks and sums up to date; what is being typed is left alone."""
        if self._form is None or (form.unit, form.period) != (self._form.unit, self._form.period):
            return
        self._form = form
        self._note(form)
        for row, task in enumerate(form.tasks):
            self.tasks.item(row).setText(_task_text(task))
            view = self._views.get(task.task.code)
            if view is not None:
                view.update_sums(task)

    def _current_code(self) -> str:
        item = self.tasks.currentItem()
        return str(item.data(_CODE)) if item is not None else ""

    def _select(self, code: str) -> None:
        for row in range(self.tasks.count()):
            if self.tasks.item(row).data(_CODE) == code:
                self.tasks.setCurrentRow(row)

    def _step(self, step: int) -> None:
        row = self.tasks.currentRow() + step
        if 0 <= row < self.tasks.count():
            self.tasks.setCurrentRow(row)
            view = self._views.get(self._current_code())
            if view is not None:
                view.focus_first()


def _task_text(task: TaskForm) -> str:
    """Return mark, count and title: ○ nothing, ◐ part of it, ● all of it filled in."""
    mark = "●" if task.filled == task.expected else "◐" if task.filled else "○"
    return f"{mark} {task.filled}/{task.expected}　{task.task.code}　{task.task.title}"
