"""The form of one task: indicators, words, deliverables; each field is stored as typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.records.records import RecordKey, RecordKind
from ui.pages.recording.evidence import EvidenceRow, paths_of
from ui.pages.recording.opinions import OpinionRow
from ui.pages.recording.record_editors import MilestoneEditor, ReportEditor
from ui.pages.recording.value_editor import WIDE, GridHead, ValueEditor
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
    from PySide6.QtWidgets import QScrollArea

    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.domain.records.submissions import Opinion
    from fsdesk.services.status.unit_forms import TaskForm, UnitForm
    from ui.drafts import Drafts
    from ui.pages.recording.editor import Editor


_NARROWEST = 430  # of the folded rows


class TaskFormView(QWidget):
    """One column: what is asked, then figures, then words, then things to do."""

    edited = Signal(object, object, object)  # Editor, RecordKey, Content
    rested = Signal(object)  # Editor, as of `Editor`
    add_wanted = Signal(object, list)  # RecordKey, paths; without paths they are to be chosen
    sort_wanted = Signal(list, object)  # paths that were dropped, names of the items by RecordKey
    open_wanted = Signal(object)  # Attachment
    remove_wanted = Signal(object)  # Attachment
    picture_wanted = Signal(object, object)  # EvidenceRow, Attachment
    opinion_answered = Signal(str, object, str, object)  # as of `OpinionRow`

    def __init__(
        self, form: TaskForm, whole: UnitForm, drafts: Drafts | None, area: QScrollArea
    ) -> None:
        """Build the editors of a task of a unit's form.

        `drafts`: of what is typed here; without them opinions are only shown, not answered.
        `area`: where it is put before it is filled; see `splitter`.
        """
        super().__init__()
        area.setWidget(self)
        self._drafts, self._office = drafts, office_of(whole.plan)
        self.setAcceptDrops(True)
        self._provable: dict[RecordKey, str] = {}
        self.opinions: dict[str, OpinionRow] = {}
        unit, period = whole.unit, str(whole.period)
        self.editors: list[Editor] = []
        self.values: list[ValueEditor] = []
        self._compact = False
        self._comments, self._evidence = whole.comments, whole.evidence
        self._said = {opinion.item: opinion for opinion in form.opinions}
        self.evidence: dict[str, EvidenceRow] = {}
        self._head = GridHead()
        self._head.setParent(self)  # else it would become a window where there are no figures
        self._head.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_M, 0, SPACE_M, SPACE_M)
        self._column.setSpacing(SPACE_S)
        task = form.task
        self._column.addWidget(label(f"{task.code}　{task.title}", "section", wrap=True))
        self._column.addWidget(label(f"{form.role.label}：{task.text}", "muted", wrap=True))
        self._add_values(form, unit, period)
        self._column.addWidget(label("进展填报", "section"))
        key = RecordKey(RecordKind.PROGRESS, task.code, unit, period)
        self._add(ReportEditor(key, form.report, form.previous, form.since))
        self._column.addWidget(label("事项", "section"))
        for item in form.deliverables:
            key = RecordKey(RecordKind.MILESTONE, item.deliverable.code, unit, period)
            self._add(MilestoneEditor(key, item))
            self._add_evidence(key)
            self._provable[key] = f"{item.deliverable.code} {item.deliverable.title}"
        self._column.addStretch()

    def _add_values(self, form: TaskForm, unit: str, period: str) -> None:
        if form.indicators:
            self._head.show()
            self._column.addWidget(label("指标数据（填本期数，不填累计数）", "section"))
            self._column.addWidget(self._head)
        for line in form.indicators:
            key = RecordKey(RecordKind.VALUE, line.indicator.code, unit, period)
            editor = ValueEditor(key, line)
            self.values.append(editor)
            self._add(editor)

    def _add_evidence(self, key: RecordKey) -> None:
        row = EvidenceRow(self._evidence.get(key.item, ()))
        row.add_wanted.connect(lambda paths: self.add_wanted.emit(key, paths))
        row.open_wanted.connect(self.open_wanted)
        row.remove_wanted.connect(self.remove_wanted)
        row.picture_wanted.connect(lambda file, row=row: self.picture_wanted.emit(row, file))
        self.evidence[key.item] = row
        self._column.addWidget(row)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files anywhere on the form."""
        if self._provable and paths_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask which of the files proves what: they may be for several items."""
        event.acceptProposedAction()
        self.sort_wanted.emit(paths_of(event.mimeData()), self._provable)

    def show_evidence(self, evidence: Mapping[str, Sequence[Attachment]]) -> None:
        """Show the files that prove records, by the code of the item."""
        for item, row in self.evidence.items():
            row.show_files(evidence.get(item, ()))

    def _add(self, editor: Editor) -> None:
        opinion = self._said.get(editor.key.item)
        comment = self._comments.get(editor.key.item)
        if opinion is not None and self._drafts is not None:
            row = OpinionRow(opinion, self._drafts, editor.key.period, office=self._office)
            row.answered.connect(self.opinion_answered)
            self.opinions[opinion.item] = row
            self._column.addWidget(row)
        elif comment:
            self._column.addWidget(label(f"▲ {self._office}意见：{comment}", "amber", wrap=True))
        editor.edited.connect(self.edited)
        editor.rested.connect(self.rested)
        self.editors.append(editor)
        self._column.addWidget(editor)

    def show_opinions(self, opinions: Sequence[Opinion]) -> None:
        """Show how opinions are answered now."""
        for opinion in opinions:
            if opinion.item in self.opinions:
                self.opinions[opinion.item].show_opinion(opinion)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the rows where the window is narrow."""
        super().resizeEvent(event)
        compact = event.size().width() < WIDE + 2 * SPACE_M
        if compact != self._compact:
            self._compact = compact
            self._head.setVisible(not compact and bool(self.values))
            for editor in self.editors:
                editor.set_compact(compact=compact)

    def minimumSizeHint(self) -> QSize:
        """Let the window grow narrower than the unfolded rows, so that they can fold."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def flush(self, *, again: bool = True) -> None:
        """Hand over every field that was changed and not stored yet; see `Editor.flush`."""
        for editor in self.editors:
            editor.flush(again=again)
        for row in self.opinions.values():
            row.flush()

    def update_sums(self, form: TaskForm) -> None:
        """Show the year to date after something was stored."""
        for editor, line in zip(self.values, form.indicators, strict=True):
            editor.show_sums(line)

    def focus_item(self, item: str) -> bool:
        """Put the cursor into the first empty field of an item; tell whether it is here."""
        found = next((editor for editor in self.editors if editor.key.item == item), None)
        if found is not None:
            (found.first_empty or found.first).setFocus()
        return found is not None

    def focus_first_empty(self) -> None:
        """Put the cursor into the first field that waits to be filled in."""
        for editor in self.editors:
            field = editor.first_empty
            if field is not None:
                field.setFocus()
                return
        self.focus_first()

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        if self.editors:
            self.editors[0].first.setFocus()
