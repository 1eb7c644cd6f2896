"""填报: a unit's tasks at the left, one form at the right, saved as typed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidgetItem, QSplitter

from fsdesk.domain.periods import Period
from fsdesk.domain.records.submissions import ReviewState, SubmissionState
from fsdesk.domain.records.undo import PeriodMove
from fsdesk.services.records import moving
from fsdesk.services.status import unit_forms
from ui.page import Page
from ui.pages.exchange.report_export import EXPORT, ReportExport
from ui.pages.recording.autosave import Autosave
from ui.pages.recording.evidence_desk import EvidenceDesk
from ui.pages.recording.form_stack import FormStack
from ui.pages.recording.move_dialog import MoveDialog
from ui.pages.recording.owed_note import OwedNote
from ui.pages.recording.task_list import TaskList, code_of
from ui.pages.recording.undo import FormUndo, move_words, recorded, task_of
from ui.widgets.choice import Choice
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import passing
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.records.records import RecordKey
    from fsdesk.services.records.recording import Saved
    from fsdesk.services.records.undo import UndoneEdit
    from fsdesk.services.status.unit_forms import UnitForm
    from ui.desk import Desk

_REVIEWED = {
    ReviewState.ACCEPTED: "● 区食药安办已接收本期报送，内容已锁定。需要更正的，请说明原因，"
    "由区食药安办重新开放。{comment}",
    ReviewState.RETURNED: "▲ 区食药安办已退回本期报送：{comment}。改正后请重新导出。",
    ReviewState.REOPENED: "▲ 区食药安办已重新开放本期报送：{comment}。改好后请重新导出。",
}


class RecordingPage(Page):
    """The form of one unit and period."""

    def __init__(self, desk: Desk) -> None:
        """Build list and form."""
        super().__init__("填报")
        self._desk, self._period, self._unit = desk, "", desk.unit
        self._wanted = ""
        self._form: UnitForm | None = None
        self._saved_at = ""
        self.autosave = Autosave(desk, self)
        self.autosave.stored.connect(self._note_stored)
        self.autosave.refused.connect(self._note_refused)
        self.units = passing(Choice("填报单位", []))
        if desk.is_office:
            self.header.add_widget(self.units)
            self.units.chosen.connect(self._change_unit)
        else:
            self.header.set_primary("检查并导出", self.check_and_export, "file-up")
        self.tasks = TaskList()
        self.tasks.currentItemChanged.connect(self._choose)
        self.tasks.itemActivated.connect(lambda item: self.forms.focus_gap(code_of(item)))
        self.first = self.tasks
        empty = EmptyState(
            "square-pen", "没有要填报的任务", "计划没有给这个单位分配任务，请与区食药安办核对。"
        )
        self.forms = FormStack(self.autosave, empty)
        self.evidence = EvidenceDesk(desk, self)
        self._history = FormUndo(desk, self, self._undo, self._redo)
        self.review = label("", "amber", wrap=True)
        self.review.hide()
        self.owed = OwedNote()
        self.owed.change_wanted.connect(self.period_requested)
        self._connect_forms()
        self._lay_out()

    def _connect_forms(self) -> None:
        # What is being typed is stored first, since a file proves what is recorded.
        self.evidence.about_to_add.connect(self.forms.flush)
        self.evidence.about_to_add.connect(self.autosave.wait)
        self.evidence.changed.connect(self._note_evidence)
        self.forms.add_wanted.connect(self.evidence.add)
        self.forms.open_wanted.connect(self.evidence.open)
        self.forms.remove_wanted.connect(self.evidence.remove)
        self.forms.gap_wanted.connect(self.tasks.choose)
        self.forms.gap_wanted.connect(self.forms.focus_gap)
        self.forms.picture_wanted.connect(self.evidence.show_picture)
        self._history.gone.connect(self._show_undone)

    def _lay_out(self) -> None:
        self.body.addWidget(self.owed)
        self.body.addWidget(self.review)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.tasks)
        split.addWidget(self.forms)
        split.setSizes([280, 820])
        split.setStretchFactor(1, 1)
        self.body.addWidget(split, 1)
        for keys, step in (("Ctrl+Down", 1), ("Ctrl+Up", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda step=step: self._step(step))
        self.undo, self.redo = self._history.buttons.both
        for made in self._history.buttons.both:
            self.header.add_widget(made)
        self.move_away = self.header.add_quiet("移到其他月份…", self._ask_to_move)

    def refresh(self, period: str) -> None:
        """Load the form; what is still being typed is stored first."""
        self.forms.flush()
        self._period = period
        self._load(self._show)

    def show_item(self, item: object) -> None:
        """Choose a task by its code, now or as soon as the form is there; or a unit; or export."""
        if item == EXPORT:
            self.check_and_export()
        elif isinstance(item, tuple):  # of the office: another unit
            self._change_unit(item[1])
        else:
            self._wanted = str(item)
            self.tasks.choose(self._wanted)

    def may_leave(self) -> bool:
        """Store what is being typed; what can't be stored is kept for the next time."""
        self.forms.flush()
        self.autosave.wait()
        self.forms.keep()
        return True

    def check_and_export(self) -> None:
        """Store what is being typed, list what is missing, then write the packet."""
        self.forms.flush()
        export = ReportExport(
            self._desk, self._exported, self.forms.gap_wanted.emit, self.period_requested.emit
        )
        # What was just handed over is stored or refused before the form is loaded.
        self._load(lambda form: export.ask(form, wrong=self.forms.wrong_names(form)))

    def _note_evidence(self) -> None:
        self._load(self._update)
        self.data_changed.emit()  # it waits to be exported

    def _exported(self) -> None:
        self._load(self._update)
        self.data_changed.emit()

    # Moving what was typed into the wrong period

    def _ask_to_move(self) -> None:
        self.forms.flush()
        self._load(self._show_move)

    def _show_move(self, form: UnitForm) -> None:
        wrong = self.forms.wrong_names(form)
        if wrong:
            self._desk.messages.warn(
                f"有 {len(wrong)} 处填写有误，还没有保存。请先改正标红的地方，再移到其他月份。"
            )
            return
        asking = MoveDialog(self, self._desk, form)
        asking.accepted.connect(lambda: self._move(form, asking.target, asking.items))
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def _move(self, form: UnitForm, target: Period, items: frozenset[str]) -> None:
        self._desk.run(
            lambda w: moving.move_period(w, form.unit, form.period, target, items), self._show_moved
        )

    def _show_moved(self, step: PeriodMove) -> None:
        """Say what a move did, and go where it went."""
        self._desk.messages.info(f"已{move_words(step)}，可用“撤销”退回。")
        self.data_changed.emit()
        self.period_requested.emit(step.target)
        if self._period != step.target:  # it stands alone, without a window that turns to it
            self.refresh(step.target)

    def _load(self, then: Callable[[UnitForm], object]) -> None:
        workspace, unit, period = self._desk.workspace, self._unit, Period.parse(self._period)
        self._desk.runner.run(lambda: unit_forms.unit_form(workspace, unit, period), then)
        self._history.look(unit, self._period)

    def _change_unit(self, unit: object) -> None:
        self.forms.flush()
        self._unit = str(unit)
        self._load(self._show)

    # Taking back and doing again

    def _undo(self) -> None:
        """Take back one edit; what can't be stored is taken back first."""
        amiss = (it for it in self.forms.editors if it.wrong or it.unfinished)
        wrong = next((it for it in amiss if it.has_focus), None)
        if wrong is not None and self._form is not None:
            wrong.show_content(recorded(self._form, wrong.key))
            return
        self.forms.flush()  # it is stored before the step is looked for: jobs keep their order
        self._history.go(self._unit, self._period, again=False)

    def _redo(self) -> None:
        self.forms.flush()
        self._history.go(self._unit, self._period, again=True)

    def _show_undone(self, found: UndoneEdit) -> None:
        if isinstance(found.step, PeriodMove):
            self._desk.messages.info(f"已{move_words(found.step)}。")
            self.data_changed.emit()
            self._load(self._show)
            return
        if self._form is None or found.step.key.unit != self._form.unit:
            return
        key, saved = found.step.key, found.saved[0]
        self.tasks.choose(task_of(self._form, key.item))
        self.forms.show_record(key, saved.record.content)
        self._note_stored(key, saved)

    # Showing

    def _show(self, form: UnitForm) -> None:
        """Show another form: all views are made anew when they are first needed."""
        self.forms.flush(again=False)
        if self.autosave.busy:  # somebody typed on while this form was loaded: it is stale
            self._load(self._show)
            return
        chosen = self._wanted or self.tasks.code
        self._wanted = ""
        self.forms.drop()
        self._form = form
        self._offer_units(form)
        self._note(form)
        self.tasks.show_tasks(form.tasks)
        if form.tasks:
            self.tasks.choose(chosen)
            if self.tasks.currentRow() < 0:
                self.tasks.setCurrentRow(0)

    def _offer_units(self, form: UnitForm) -> None:
        """Offer the units that have tasks, one's own first."""
        units = [unit for unit in form.plan.directory.units if form.plan.tasks_for(unit.code)]
        units.sort(key=lambda unit: unit.code != self._desk.unit)
        self.units.set_entries([(unit.name, unit.code) for unit in units])
        self.units.set_value(form.unit)

    def _note(self, form: UnitForm) -> None:
        done = sum(task.filled for task in form.tasks)
        total = sum(task.expected for task in form.tasks)
        exported = form.state is SubmissionState.SUBMITTED
        state = "已导出" if exported else form.state.label
        if form.unexported:
            state += f"，{'本端改动' if self._desk.is_office else '未导出'} {form.unexported} 项"
        parts = [
            form.unit_name,
            form.period.label,
            state,
            f"已填 {done}/{total} 项",
            f"已保存 {self._saved_at}" if self._saved_at else "",
        ]
        self.header.set_note("　".join(part for part in parts if part))
        review = form.review
        self.review.setText(
            _REVIEWED[review.state].format(comment=review.comment) if review else ""
        )
        self.review.setVisible(review is not None)
        self.owed.show_form(form)
        self.move_away.setEnabled(done > 0 and form.state is not SubmissionState.ACCEPTED)

    def _choose(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is None or self._form is None:
            return
        self.forms.flush()
        self.forms.show_task(code_of(item), self._form)

    # Storing

    def _note_stored(self, key: RecordKey, saved: Saved) -> None:
        now = datetime.now().astimezone()
        self._saved_at = f"{now:%H:%M}"
        editor = self.forms.editor_of(key)
        if editor is not None:
            editor.show_findings(saved.findings)
        self._load(self._update)
        status = getattr(self.window(), "status", None)
        if status is not None:
            status.set_saved(now)
        self.data_changed.emit()

    def _note_refused(self, key: RecordKey, findings: tuple[Finding, ...]) -> None:
        editor = self.forms.editor_of(key)
        if editor is not None:
            editor.refuse(findings)

    def _update(self, form: UnitForm) -> None:
        """Bring marks and sums up to date; what is being typed is left alone."""
        if self._form is None or (form.unit, form.period) != (self._form.unit, self._form.period):
            return
        self._form = form
        self._note(form)
        self.tasks.update_marks(form.tasks)
        self.forms.update_sums(form)

    def _step(self, step: int) -> None:
        if self.tasks.step(step) and self.tasks.code in self.forms.views:
            self.forms.views[self.tasks.code].focus_first()
