"""Ctrl+Z and Ctrl+Y of the form: they take back what was stored, also before the last start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from fsdesk.domain.records.records import RecordKind, empty_content
from fsdesk.services.records import undo as recording_undo

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from fsdesk.domain.records.records import Content, RecordKey
    from fsdesk.domain.records.undo import RecordEdit
    from fsdesk.services.records.recording import UnitForm
    from fsdesk.services.records.undo import UndoneEdit, UndoState
    from ui.desk import Desk


class Retracer(QObject):
    """Takes back and does again in a worker, and keeps two buttons true."""

    gone = Signal(object)  # UndoneEdit

    def __init__(self, desk: Desk, parent: QObject) -> None:
        """Keep the doors."""
        super().__init__(parent)
        self._desk = desk
        self._buttons: list[QPushButton] = []

    def attach(self, undo: QPushButton, redo: QPushButton) -> None:
        """Give the two buttons their keys; both wait until there is something to do."""
        self._buttons = [undo, redo]
        # A button's own shortcut waits for its picture of being pressed; a key should not.
        for button, keys in ((undo, "Ctrl+Z"), (redo, "Ctrl+Y"), (redo, "Ctrl+Shift+Z")):
            shortcut = QShortcut(QKeySequence(keys), button.window())
            shortcut.activated.connect(button.click)
        self._offer(recording_undo.UndoState(None, None))

    def look(self, unit: str, period: str) -> None:
        """See whether there is something to take back or to do again."""
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: recording_undo.undo_state(workspace, unit, period), self._offer
        )

    def go(self, unit: str, period: str, *, again: bool) -> None:
        """Take back the latest edit, or do again what was taken back last."""
        workspace = self._desk.workspace
        verb = recording_undo.redo if again else recording_undo.undo
        self._desk.runner.run(lambda: verb(workspace, unit, period), self._tell)

    def _offer(self, found: UndoState) -> None:
        words = (("撤销", "Ctrl+Z", found.undo), ("重做", "Ctrl+Y", found.redo))
        for button, (verb, keys, step) in zip(self._buttons, words, strict=True):
            button.setEnabled(step is not None)
            what = f"：{_subject(step)}" if step else ""
            button.setToolTip(f"{verb}上一次改动（{keys}）{what}")

    def _tell(self, found: UndoneEdit | None) -> None:
        if found is not None:
            self.gone.emit(found)


def _subject(step: RecordEdit) -> str:
    return f"{step.key.item} {step.key.kind.label}"


def task_of(form: UnitForm, item: str) -> str:
    """Return the code of the task to which an item belongs; empty when none has it."""
    for line in form.tasks:
        parts = (line.task, *line.task.indicators, *line.task.deliverables)
        if any(part.code == item for part in parts):
            return line.task.code
    return ""


def recorded(form: UnitForm, key: RecordKey) -> Content:
    """Return what is stored for a record of the form."""
    for task in form.tasks:
        if key.kind is RecordKind.PROGRESS and task.task.code == key.item:
            return task.report
        for line in task.indicators:
            if key.kind is RecordKind.VALUE and line.indicator.code == key.item:
                return line.data
        for thing in task.deliverables:
            if key.kind is RecordKind.MILESTONE and thing.deliverable.code == key.item:
                return thing.milestone
    return empty_content(key.kind)
