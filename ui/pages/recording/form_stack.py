"""The forms of the tasks, one above the other: each is made when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from fsdesk.domain.records.checks import item_name
from fsdesk.domain.records.submissions import ReviewState
from ui.pages.recording.form import TaskFormView
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.records.records import Content, RecordKey
    from fsdesk.services.status.unit_forms import UnitForm
    from ui.pages.recording.autosave import Autosave
    from ui.pages.recording.editor import Editor


class FormStack(QStackedWidget):
    """Shows one task's form, or what stands in its place when there is none."""

    add_wanted = Signal(object, list)  # as of the forms
    open_wanted = Signal(object)
    remove_wanted = Signal(object)
    gap_wanted = Signal(str)  # task in which something is missing
    picture_wanted = Signal(object, object)

    def __init__(self, autosave: Autosave, empty: QWidget) -> None:
        """Show `empty`."""
        super().__init__()
        self._autosave, self._empty = autosave, empty
        self._views: dict[str, TaskFormView] = {}
        self.addWidget(empty)

    @property
    def views(self) -> Mapping[str, TaskFormView]:
        """The forms that were made, by task code."""
        return self._views

    @property
    def editors(self) -> list[Editor]:
        """All editors of the forms that were made."""
        return [editor for view in self._views.values() for editor in view.editors]

    def editor_of(self, key: RecordKey) -> Editor | None:
        """Return the editor of a record, if its form was made."""
        return next((editor for editor in self.editors if editor.key == key), None)

    def show_task(self, code: str, form: UnitForm) -> None:
        """Show the form of a task."""
        if code not in self._views:
            self._views[code] = self._make(code, form)
        self.setCurrentWidget(_area(self._views[code]))

    def show_record(self, key: RecordKey, content: Content) -> None:
        """Show what a record holds now, and where it stands."""
        editor = self.editor_of(key)
        if editor is not None:
            editor.show_content(content)
            area = self.currentWidget()
            if isinstance(area, QScrollArea):
                area.ensureWidgetVisible(editor)
            editor.first.setFocus()

    def focus_gap(self, task: str) -> None:
        """Put the cursor into what is missing first in a task."""
        if task in self._views:
            self._views[task].focus_first_empty()

    def drop(self) -> None:
        """Remove all forms; what could not be stored is kept for when they come back."""
        self.keep()
        for view in self._views.values():
            area = _area(view)
            self.removeWidget(area)
            area.deleteLater()
        self._views = {}
        self.setCurrentWidget(self._empty)

    def keep(self) -> None:
        """Remember what is typed but could not be stored."""
        self._autosave.keep(self.editors)

    def wrong_names(self, form: UnitForm) -> tuple[str, ...]:
        """Name what is typed for the form's unit and period but could not be stored."""
        self.keep()
        where = (form.unit, str(form.period))
        keys = [key for key in self._autosave.kept if (key.unit, key.period) == where]
        return tuple(item_name(form.plan, key) for key in keys)

    def flush(self, *, again: bool = True) -> None:
        """Hand over every field that was changed; see `Editor.flush`."""
        for view in self._views.values():
            view.flush(again=again)

    def update_sums(self, form: UnitForm) -> None:
        """Bring sums and evidence up to date; what is being typed is left alone."""
        for task in form.tasks:
            view = self._views.get(task.task.code)
            if view is not None:
                view.update_sums(task)
                view.show_evidence(form.evidence)

    def _make(self, code: str, form: UnitForm) -> TaskFormView:
        task = next(each for each in form.tasks if each.task.code == code)
        view = TaskFormView(task, form.unit, str(form.period), form.comments, form.evidence)
        for editor in view.editors:
            self._autosave.give_back(editor)
            if form.state == ReviewState.ACCEPTED:  # to be read, not to be changed
                editor.setEnabled(False)
                set_role(editor, "locked")
        view.edited.connect(self._autosave.save)
        view.rested.connect(lambda editor: self._autosave.keep([editor]))
        view.add_wanted.connect(self.add_wanted)
        view.open_wanted.connect(self.open_wanted)
        view.remove_wanted.connect(self.remove_wanted)
        view.picture_wanted.connect(self.picture_wanted)
        for row in view.evidence.values():
            row.want_pictures()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from the tasks into the first field
        area.setWidget(view)
        self.addWidget(area)
        return view


def _area(view: TaskFormView) -> QWidget:
    """Return the scroll area that was put around a view."""
    return view.parentWidget().parentWidget()
