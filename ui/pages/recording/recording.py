"""填报: a unit's tasks at the left, one form at the right, saved as typed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QListWidgetItem, QSplitter, QStackedWidget, QWidget

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Indicator
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.records.checks import item_name
from fsdesk.domain.records.submissions import ReviewState, SubmissionState
from fsdesk.domain.records.undo import PeriodMove
from fsdesk.services.packet import export_look
from fsdesk.services.records import moving, opinions, recording
from fsdesk.services.status import unit_forms
from fsdesk.services.status.gaps import Concern, Gap
from ui.page import Page
from ui.pages.exchange.places import ExchangePlace
from ui.pages.exchange.report_export import EXPORT, ReportExport
from ui.pages.recording.autosave import PAGE, Autosave
from ui.pages.recording.evidence_desk import EvidenceDesk
from ui.pages.recording.form_stack import FormStack
from ui.pages.recording.move_dialog import MoveDialog
from ui.pages.recording.opinions import OpinionList, opinion_place
from ui.pages.recording.owed_note import OwedNote
from ui.pages.recording.task_list import TaskList, code_of
from ui.pages.recording.undo import FormUndo, move_words, recorded, task_of
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of
from ui.widgets.choice import Choice
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import passing
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.records.records import RecordKey
    from fsdesk.domain.records.submissions import OpinionAnswer
    from fsdesk.services.packet.export_look import ExportLook
    from fsdesk.services.records.recording import Saved
    from fsdesk.services.records.undo import UndoneEdit
    from fsdesk.services.status.unit_forms import UnitForm
    from ui.desk import Desk

_REVIEWED = {
    ReviewState.ACCEPTED: "● {office}已接收本期报送，内容已锁定。需要更正的，请说明原因，"
    "由{office}重新开放。{comment}",
    ReviewState.REOPENED: "▲ {office}已重新开放本期报送：{comment}。改好后请重新导出。",
}


class RecordingPage(Page):
    """The form of one unit and period."""

    def __init__(self, desk: Desk) -> None:
        """Build list and form."""
        super().__init__("填报")
        self._desk, self._period, self._unit = desk, "", desk.unit
        self._wanted = ""  # task, or item of one, in which the user wants to go on
        self._checking = False  # whether the export is wanted: shown, or being looked at
        self._cursor: tuple[RecordKey, int] | None = None  # where it stood in the forms before
        self._at_item = False  # whether just there, and not in what is empty first in the task
        self._loading = 0
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
        hint = "可在右上方另选单位代为填报" if desk.is_office else "请与汇总端核对"
        empty = EmptyState(
            "square-pen", "没有要填报的任务", f"计划没有给这个单位分配任务，{hint}。"
        )
        self.forms = FormStack(self.autosave, empty, None if desk.is_office else desk.drafts)
        self.evidence = EvidenceDesk(desk, self)
        self._history = FormUndo(desk, self, self._undo, self._redo)
        self.review = label("", "amber", wrap=True)
        self.review.hide()
        self.opinions = OpinionList(desk.drafts)
        self.export = ReportExport(desk)
        self.owed = OwedNote()
        self.owed.change_wanted.connect(self.period_requested)
        self._connect_forms()
        self._connect_export()
        self._lay_out()

    def _connect_export(self) -> None:
        self.opinions.answered.connect(self._answer)
        self.opinions.go_wanted.connect(self._go_to_item)
        self.export.left.connect(lambda: self._leave_export(""))
        self.export.gap_wanted.connect(lambda gap: self._leave_export(gap.item, exactly=True))
        self.export.period_wanted.connect(self.period_requested)
        self.export.filled.connect(self._note_filled)
        self.export.exported.connect(self._exported)
        self.export.history_wanted.connect(
            lambda: self.open_requested.emit("exchange", ExchangePlace.HISTORY)
        )

    def _connect_forms(self) -> None:
        # What is being typed is stored first, since a file proves what is recorded.
        self.evidence.about_to_add.connect(self.forms.flush)
        self.evidence.about_to_add.connect(self.autosave.wait)
        self.evidence.changed.connect(self._note_evidence)
        self.forms.add_wanted.connect(self.evidence.add)
        self.forms.sort_wanted.connect(self.evidence.sort)
        self.forms.open_wanted.connect(self.evidence.open)
        self.forms.remove_wanted.connect(self.evidence.remove)
        self.forms.opinion_answered.connect(self._answer)
        self.forms.picture_wanted.connect(self.evidence.show_picture)
        self._history.gone.connect(self._show_undone)
        self._desk.drafts.marked.connect(self._mark_unsaved)

    def _lay_out(self) -> None:
        # What holds others is put into its place first; see `splitter`.
        self.stack, filling = QStackedWidget(), QWidget()
        self.body.addWidget(self.stack, 1)
        self.stack.addWidget(filling)
        self.stack.addWidget(self.export)
        split = QSplitter(Qt.Orientation.Horizontal)
        column_of(
            self.owed, self.review, self.opinions, (split, 1), spacing=SPACE_M, parent=filling
        )
        split.addWidget(self.tasks)
        split.addWidget(self.forms)
        split.setSizes([280, 820])
        split.setStretchFactor(1, 1)
        for keys, step in (("Ctrl+Down", 1), ("Ctrl+Up", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda step=step: self._step(step))
        self.undo, self.redo = self._history.buttons.both
        for made in self._history.buttons.both:
            self.header.add_widget(made)
        self.move_away = self.header.add_quiet("移到其他月份…", self._ask_to_move)

    def refresh(self, period: str) -> None:
        """Load the form; what is still being typed is stored first."""
        self._flush()
        if self._exporting and period == self._period:
            self._look_again()
            return
        self._show_filling()
        self._let_check(False)  # until the form is there
        self._period = period
        self._load(self._show)

    def changeEvent(self, arg__1: QEvent) -> None:
        """Go where the user wanted to once the page takes keys again."""
        super().changeEvent(arg__1)
        waits = arg__1.type() == QEvent.Type.EnabledChange and self.isEnabled()
        if waits and self._wanted and not self._loading and self._form is not None:
            self._go_on(self._form)

    def show_item(self, item: object) -> None:
        """Go to a task or an item of one by its code, as soon as the form is there.

        Or to another unit, or to the export.
        """
        if item == EXPORT:
            self.check_and_export()
        elif isinstance(item, tuple):  # of the office: another unit
            self._change_unit(item[1])
        else:
            self._wanted, self._at_item = str(item), False
            self._checking = False  # what is still being looked at for the export comes too late
            if self._exporting:
                self._leave_export(self._wanted)
            elif not self._loading and self._form is not None:
                self._go_on(self._form)

    def _go_to_item(self, item: str) -> None:
        """Go to the field of an item, and to what is missing first where none is named."""
        self._wanted, self._at_item = item or self.tasks.code, bool(item)
        if self._form is not None:
            self._go_on(self._form)

    def may_leave(self) -> bool:
        """Store what is being typed; what can't be stored is kept for the next time."""
        self._flush()
        self.autosave.wait()
        self.forms.keep()
        return True

    def check_and_export(self) -> None:
        """Store what is being typed, and show what is missing, what goes and where to.

        The button that writes stands there, and elsewhere: who clicks twice has not sent it.
        """
        self._flush()
        self._let_check(False)
        self._checking = True
        self._look(self._show_export)

    @property
    def _exporting(self) -> bool:
        return self.stack.currentWidget() is self.export

    def _look(self, then: Callable[[ExportLook], object]) -> None:
        # What was just handed over is stored or refused before the form is looked at.
        period = Period.parse(self._period)
        self._desk.run(
            lambda w: export_look.look(w, period), then, self._not_looked, title="正在检查"
        )

    def _not_looked(self, problem: Exception) -> None:
        self._desk.messages.error(problem)
        self._let_check(True)

    def _show_export(self, found: ExportLook) -> None:
        if not self._checking or str(found.form.period) != self._period:
            return
        came = not self._exporting
        self._form = found.form
        self._note(found.form)
        self.stack.setCurrentWidget(self.export)
        if self.header.primary is not None:
            self.header.primary.hide()
        self.export.look(found, self._wrong(found.form))
        self._history.look(self._unit, self._period)
        if came:
            self.export.focus()

    def _wrong(self, form: UnitForm) -> tuple[Gap, ...]:
        """Return what is typed but could not be stored, as rows of the list."""
        return tuple(
            Gap(
                Concern.WRONG,
                task_of(form, key.item),
                key.item,
                item_name(form.plan, key).removeprefix(f"{key.item} "),
                str(findings[0]),
                key,
            )
            for key, findings in self.forms.wrong(form).items()
        )

    def _look_again(self) -> None:
        self._look(self._show_export)

    def _let_check(self, ready: bool) -> None:  # noqa: FBT001 - as of the button
        if self.header.primary is not None:
            self.header.primary.setEnabled(ready)

    def _show_filling(self) -> None:
        self._checking = False
        self.stack.setCurrentIndex(0)
        if self.header.primary is not None:
            self.header.primary.show()
        self._let_check(True)

    def _leave_export(self, item: str, *, exactly: bool = False) -> None:
        """Go back to the form, and there to an item; what was filled in meanwhile is shown."""
        self._show_filling()
        self._wanted, self._at_item = item or self.tasks.code, exactly
        self._load(self._show)

    def _note_filled(self) -> None:
        self.data_changed.emit()
        self._look_again()

    def _note_evidence(self) -> None:
        self._load(self._update)
        self.data_changed.emit()  # it waits to be exported

    def _exported(self) -> None:
        self.data_changed.emit()
        self._look_again()

    # Answering opinions

    def _answer(
        self, item: str, answer: OpinionAnswer, words: str, stored: Callable[[], None]
    ) -> None:
        if self._form is None:
            return
        period = self._form.period
        self._desk.run(
            lambda w: opinions.answer(w, period, item, answer, words),
            lambda _: self._answered(stored),
        )

    def _answered(self, stored: Callable[[], None]) -> None:
        stored()
        self._load(self._update)
        self.data_changed.emit()

    def _flush(self) -> None:
        """Hand over all that is being typed."""
        self.forms.flush()
        self.opinions.flush()

    # Moving what was typed into the wrong period

    def _ask_to_move(self) -> None:
        self._flush()
        self._load(self._show_move)

    def _show_move(self, form: UnitForm) -> None:
        wrong = self.forms.wrong(form)
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
        self._loading += 1

        def done(form: UnitForm) -> None:
            self._loading -= 1
            then(form)

        def failed(problem: Exception) -> None:
            self._loading -= 1
            self._let_check(True)
            self._desk.messages.error(problem)

        self._desk.runner.run(lambda: unit_forms.unit_form(workspace, unit, period), done, failed)
        self._desk.runner.run(
            lambda: recording.doubts(workspace, unit, period), self._show_doubts, lambda _: None
        )
        self._history.look(unit, self._period)

    def _show_doubts(self, doubts: Mapping[RecordKey, tuple[Finding, ...]]) -> None:
        self.forms.show_doubts(doubts)

    def _change_unit(self, unit: object) -> None:
        self._flush()
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
        if self._exporting:
            self._note_filled()
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
        chosen = self.tasks.code
        typing = QApplication.focusWidget()
        if typing is not None and self.forms.isAncestorOf(typing):
            # The fields are made anew: the cursor goes on where it was.
            self._cursor = None if self._wanted else self.forms.cursor_place
            self._wanted = self._wanted or chosen
        self.forms.drop(empty=not form.tasks)
        self._let_check(bool(form.tasks))
        self._form = form
        self._offer_units(form)
        self._note(form)
        self.tasks.show_tasks(form.tasks, self._unsaved(form))
        if form.tasks:
            self.tasks.choose(chosen)
            if self.tasks.currentRow() < 0:
                self.tasks.setCurrentRow(0)
        self._go_on(form)

    def _go_on(self, form: UnitForm) -> None:
        """Go to where the user wants to go on, with the cursor in the first empty field there."""
        if not self.isEnabled():  # it is still being read: `changeEvent` goes on
            return
        wanted, exactly = self._wanted, self._at_item
        self._wanted, self._at_item = "", False
        cursor, self._cursor = self._cursor, None
        if not wanted:
            if QApplication.focusWidget() is self.header.primary:
                self.tasks.setFocus()  # Qt put the cursor there; Enter must not export
            return
        self.tasks.choose(task_of(form, wanted))
        if cursor is not None and self.forms.put_cursor(*cursor):
            return
        item = wanted if exactly or wanted != self.tasks.code else ""
        self.forms.focus_gap(self.tasks.code, item)

    def _offer_units(self, form: UnitForm) -> None:
        """Offer the units that have tasks, one's own first; and the one whose form is shown."""
        units = [
            unit
            for unit in form.plan.directory.units
            if unit.code == form.unit or form.plan.tasks_for(unit.code)
        ]
        units.sort(key=lambda unit: unit.code != self._desk.unit)
        self.units.set_entries([(unit.name, unit.code) for unit in units])
        self.units.set_value(form.unit)

    def _note(self, form: UnitForm) -> None:
        done = sum(task.filled for task in form.tasks)
        total = sum(task.expected for task in form.tasks)
        begun = sum(task.begun for task in form.tasks)
        exported = form.state is SubmissionState.SUBMITTED
        state = "已导出" if exported else form.state.label
        if form.unexported:
            since = "之后又有未导出" if exported else "未导出"
            state += f"，{'本端改动' if self._desk.is_office else since} {form.unexported} 项"
        # What is owed stands first: the end is cut where the window is narrow.
        parts = [
            state,
            f"已填 {done}/{total} 项" + (f"，{begun} 项没有填全" if begun else ""),
            form.unit_name,
            form.period.label,
            f"已保存 {self._saved_at}" if self._saved_at else "",
        ]
        self.header.set_note("　".join(part for part in parts if part))
        review = form.review
        words = _REVIEWED.get(review.state, "") if review else ""
        office = office_of(form.plan)
        said = words.format(office=office, comment=review.comment) if review else ""
        self.review.setText(said)
        self.review.setVisible(bool(words))
        self.owed.show_form(form)
        if not self._desk.is_office:
            self.opinions.show_form(form, dict(_named(form)))
        self.move_away.setEnabled(done + begun > 0 and form.state is not SubmissionState.ACCEPTED)

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
            editor.show_stored(saved.findings)
        self._load(self._update)
        status = getattr(self.window(), "status", None)
        if status is not None:
            status.set_saved(now)
        self.data_changed.emit()

    def _note_refused(self, key: RecordKey, findings: tuple[Finding, ...]) -> None:
        editor = self.forms.editor_of(key)
        if editor is not None:
            editor.refuse(findings)

    def _unsaved(self, form: UnitForm) -> frozenset[str]:
        """Return the codes of the tasks in which something is typed and not stored."""
        place = f"{PAGE}/{form.unit}/{form.period}"
        kept = self._desk.drafts.under(place)
        items = [each[len(place) + 1 :].split("/")[1] for each in kept]
        items += [
            opinion.item
            for opinion in form.opinions
            if self._desk.drafts.waits(opinion_place(str(form.period), opinion))
        ]
        return frozenset(task_of(form, item) for item in items)

    def _mark_unsaved(self, place: str) -> None:
        form = self._form
        if form is not None and place.startswith(f"{PAGE}/"):
            self.tasks.update_marks(form.tasks, self._unsaved(form))

    def _update(self, form: UnitForm) -> None:
        """Bring marks and sums up to date; what is being typed is left alone."""
        if self._form is None or (form.unit, form.period) != (self._form.unit, self._form.period):
            return
        self._form = form
        self._note(form)
        self.tasks.update_marks(form.tasks, self._unsaved(form))
        self.forms.update_sums(form)

    def _step(self, step: int) -> None:
        if self.tasks.step(step) and self.tasks.code in self.forms.views:
            self.forms.views[self.tasks.code].focus_first()


def _named(form: UnitForm) -> Iterator[tuple[str, str]]:
    """Yield code and name of all that a form asks for."""
    for task in form.tasks:
        for part in (task.task, *task.task.indicators, *task.task.deliverables):
            name = part.name if isinstance(part, Indicator) else part.title
            yield part.code, f"{part.code} {name}"
