"""Ctrl+Z and Ctrl+Y of the form: they take back what was stored, also before the last start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import RecordKind, empty_content
from fsdesk.domain.records.undo import PeriodMove
from fsdesk.services.records import undo as recording_undo
from ui.widgets.undo_buttons import UndoButtons

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from fsdesk.domain.records.records import Content, RecordKey
    from fsdesk.domain.records.undo import EditStep
    from fsdesk.services.records.undo import UndoneEdit
    from fsdesk.services.status.unit_forms import UnitForm
    from ui.desk import Desk


class FormUndo(QObject):
    """Takes back and does again in a worker, and keeps the two buttons true."""

    gone = Signal(object)  # UndoneEdit

    def __init__(
        self, desk: Desk, page: QWidget, undo: Callable[[], None], redo: Callable[[], None]
    ) -> None:
        """Make the buttons; they wait until there is something to do."""
        super().__init__(page)
        self._desk = desk
        self.buttons = UndoButtons(page, undo, redo)

    def look(self, unit: str, period: str) -> None:
        """See whether there is something to take back or to do again."""
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: recording_undo.undo_state(workspace, unit, period),
            lambda found: self.buttons.offer(*map(_subject, (found.undo, found.redo))),
        )

    def go(self, unit: str, period: str, *, again: bool) -> None:
        """Take back the latest edit, or do again what was taken back last."""
        workspace = self._desk.workspace
        verb = recording_undo.redo if again else recording_undo.undo
        self._desk.runner.run(lambda: verb(workspace, unit, period), self._tell)

    def _tell(self, found: UndoneEdit | None) -> None:
        if found is not None:
            self.gone.emit(found)


def _subject(step: EditStep | None) -> str | None:
    if isinstance(step, PeriodMove):
        return move_words(step)
    return f"{step.key.item} {step.key.kind.label}" if step else None


def move_words(step: PeriodMove) -> str:
    """Say what a move did."""
    source, target = (Period.parse(text).name for text in (step.source, step.target))
    return f"把 {len(step.items)} 项由{source}移到{target}"


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
