"""The forms of the tasks, one above the other: each is made when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from fsdesk.domain.records.submissions import ReviewState
from ui.pages.recording.form import TaskFormView
from ui.theme import set_role
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.records.records import Content, RecordKey
    from fsdesk.services.status.unit_forms import UnitForm
    from ui.drafts import Drafts
    from ui.pages.recording.autosave import Autosave
    from ui.pages.recording.editor import Editor


class FormStack(QStackedWidget):
    """Shows one task's form, or what stands in its place when there is none."""

    add_wanted = Signal(object, list)  # as of the forms
    sort_wanted = Signal(list, object)
    open_wanted = Signal(object)
    remove_wanted = Signal(object)
    opinion_answered = Signal(str, object, str, object)
    picture_wanted = Signal(object, object)

    def __init__(self, autosave: Autosave, empty: QWidget, drafts: Drafts | None) -> None:
        """Say that the forms are being loaded; `empty` is shown where there are none.

        `drafts`: as of `TaskFormView`.
        """
        super().__init__()
        self._drafts = drafts
        self._loading = label("正在载入本单位的任务…", "muted", centred=True)
        self.addWidget(self._loading)
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

    @property
    def cursor_place(self) -> tuple[RecordKey, int] | None:
        """The record in which the cursor stands, and in which of its fields; None if in none."""
        places = ((editor.key, editor.focused) for editor in self.editors)
        return next(((key, place) for key, place in places if place is not None), None)

    def put_cursor(self, key: RecordKey, place: int) -> bool:
        """Put the cursor where it stood, in a form that was made anew; tell whether it could."""
        editor = self.editor_of(key)
        if editor is None or not editor.isEnabled():
            return False
        editor.focus_field(place)
        self._show_cursor()
        return True

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

    def focus_gap(self, task: str, item: str = "") -> None:
        """Put the cursor into an item of a task, or into what is missing first there."""
        view = self._views.get(task)
        if view is not None and not view.focus_item(item):
            view.focus_first_empty()
        self._show_cursor()

    def _show_cursor(self) -> None:
        area, field = self.currentWidget(), self.focusWidget()
        if isinstance(area, QScrollArea) and field is not None and area.isAncestorOf(field):
            area.ensureWidgetVisible(field)

    def drop(self, *, empty: bool) -> None:
        """Remove all forms; what could not be stored is kept for when they come back.

        `empty`: whether no others come in their place.
        """
        self.keep()
        for view in self._views.values():
            area = _area(view)
            self.removeWidget(area)
            area.deleteLater()
        self._views = {}
        self.setCurrentWidget(self._empty if empty else self._loading)

    def keep(self) -> None:
        """Remember what is typed but could not be stored."""
        self._autosave.keep(self.editors)

    def wrong(self, form: UnitForm) -> Mapping[RecordKey, tuple[Finding, ...]]:
        """Return what is typed for the form's unit and period but could not be stored, and why."""
        self.keep()
        where = (form.unit, str(form.period))
        kept = self._autosave.kept.items()
        return {key: findings for key, findings in kept if (key.unit, key.period) == where}

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
                view.show_opinions(form.opinions)

    def show_doubts(self, doubts: Mapping[RecordKey, Sequence[Finding]]) -> None:
        """Say below the fields what is doubtful as things stand now, and nothing older."""
        for editor in self.editors:
            editor.show_standing(doubts.get(editor.key, ()))

    def _make(self, code: str, form: UnitForm) -> TaskFormView:
        task = next(each for each in form.tasks if each.task.code == code)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from the tasks into the first field
        self.addWidget(area)
        view = TaskFormView(task, form, self._drafts, area)
        for editor in view.editors:
            self._autosave.give_back(editor)
            accepted = form.state == ReviewState.ACCEPTED
            if accepted or not self._autosave.may_write:  # to be read, not to be changed
                editor.setEnabled(False)
                set_role(editor, "locked")
        view.edited.connect(self._autosave.save)
        view.rested.connect(lambda editor: self._autosave.keep([editor]))
        view.add_wanted.connect(self.add_wanted)
        view.sort_wanted.connect(self.sort_wanted)
        view.open_wanted.connect(self.open_wanted)
        view.remove_wanted.connect(self.remove_wanted)
        view.picture_wanted.connect(self.picture_wanted)
        view.opinion_answered.connect(self.opinion_answered)
        for row in view.evidence.values():
            row.want_pictures()
        return view


def _area(view: TaskFormView) -> QWidget:
    """Return the scroll area that was put around a view."""
    return view.parentWidget().parentWidget()
