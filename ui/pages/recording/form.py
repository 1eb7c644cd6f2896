"""The form of one task: indicators, words, deliverables; each field is stored as typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fsdesk.domain.records.records import RecordKey, RecordKind
from ui.pages.recording.evidence import EvidenceRow
from ui.pages.recording.record_editors import MilestoneEditor, ReportEditor
from ui.pages.recording.value_editor import WIDE, GridHead, ValueEditor
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.services.status.unit_forms import TaskForm
    from ui.pages.recording.editor import Editor


_NARROWEST = 430  # of the folded rows


class TaskFormView(QWidget):
    """One column: what is asked, then figures, then words, then things to do."""

    edited = Signal(object, object, object)  # Editor, RecordKey, Content
    rested = Signal(object)  # Editor, as of `Editor`
    add_wanted = Signal(object, list)  # RecordKey, paths; without paths they are to be chosen
    open_wanted = Signal(object)  # Attachment
    remove_wanted = Signal(object)  # Attachment
    picture_wanted = Signal(object, object)  # EvidenceRow, Attachment

    def __init__(
        self,
        form: TaskForm,
        unit: str,
        period: str,
        comments: Mapping[str, str],
        evidence: Mapping[str, Sequence[Attachment]],
    ) -> None:
        """Build the editors of a task.

        Comments are the office's words on single records, evidence the files that prove them, both
        by the code of the item.
        """
        super().__init__()
        self.editors: list[Editor] = []
        self.values: list[ValueEditor] = []
        self._compact = False
        self._comments, self._evidence = comments, evidence
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
        self._add(ReportEditor(key, form.report, form.previous))
        self._column.addWidget(label("事项", "section"))
        for item in form.deliverables:
            key = RecordKey(RecordKind.MILESTONE, item.deliverable.code, unit, period)
            self._add(MilestoneEditor(key, item))
            self._add_evidence(key)
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

    def show_evidence(self, evidence: Mapping[str, Sequence[Attachment]]) -> None:
        """Show the files that prove records, by the code of the item."""
        for item, row in self.evidence.items():
            row.show_files(evidence.get(item, ()))

    def _add(self, editor: Editor) -> None:
        comment = self._comments.get(editor.key.item)
        if comment:
            self._column.addWidget(label(f"▲ 区食药安办意见：{comment}", "amber", wrap=True))
        editor.edited.connect(self.edited)
        editor.rested.connect(self.rested)
        self.editors.append(editor)
        self._column.addWidget(editor)

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

    def update_sums(self, form: TaskForm) -> None:
        """Show the year to date after something was stored."""
        for editor, line in zip(self.values, form.indicators, strict=True):
            editor.show_sums(line)

    def focus_first_empty(self) -> None:
        """Put the cursor into the first record in which nothing is filled in yet."""
        for editor in self.editors:
            if not editor.filled:
                editor.first.setFocus()
                return
        self.focus_first()

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        if self.editors:
            self.editors[0].first.setFocus()
