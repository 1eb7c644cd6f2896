"""核对: the text with its doubts at the left; at the right what was read, and its correction."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QWidget

from fsdesk.domain.findings import InputRejectedError
from fsdesk.services.plan_document import marking
from ui.pages.plan_document.doubts_panel import DoubtsPanel
from ui.pages.plan_document.draft_tree import DraftTree
from ui.pages.plan_document.forms import CorrectionForms
from ui.pages.plan_document.source_view import DELIVERABLE, INDICATOR, TASK, SourceView
from ui.pages.plan_document.trail import DraftTrail
from ui.widgets.boxes import column_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.plan_document import ParsedPlan, ReadingDoubt, TextSpan
    from ui.pages.plan_document.trail import Correction

_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Checking(QWidget):
    """A draft under correction; every correction can be taken back."""

    changed = Signal()
    refused = Signal(object)  # why a correction can't be made

    def __init__(self) -> None:
        """Begin without a draft."""
        super().__init__()
        self.trail: DraftTrail | None = None
        self.source = SourceView()
        self.tree = DraftTree()
        self.forms = CorrectionForms()
        self.doubts = DoubtsPanel()
        self._left, right = QSplitter(_DOWN), QSplitter(_DOWN)
        whole = QSplitter(_ACROSS)
        column_of(whole, parent=self)
        _fill(whole, (self._left, right), (500, 680))
        _fill(self._left, (self.source, self.doubts), (370, 220))
        _fill(right, (self.tree, self.forms), (300, 290))
        self.source.place_chosen.connect(self.tree.choose_line)
        self.source.wanted.connect(self._take_text)
        self.tree.chosen.connect(self._show_node)
        self.doubts.chosen.connect(self._show_doubt)
        self.forms.correction_wanted.connect(self.correct)
        self.forms.settling_wanted.connect(self._settle)
        self.doubts.correction_wanted.connect(self._settle)
        for keys, by in (("F8", 1), ("Shift+F8", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.doubts.go_on, by))

    def begin(self, parsed: ParsedPlan) -> None:
        """Show a draft that was just read."""
        self.trail = DraftTrail(parsed)
        self.source.show_lines(parsed.lines)
        self._left.setVisible(bool(parsed.lines))
        self._show()

    def end(self) -> None:
        """Let go of the draft."""
        self.trail = None

    def correct(self, correction: Correction) -> None:
        """Make a correction; what can't be corrected so is told, and the draft stays as it is."""
        if self.trail is None:
            return
        try:
            self.trail.correct(correction)
        except InputRejectedError as problem:
            self.refused.emit(problem)
        self._show()

    def _settle(self, correction: Correction) -> None:
        """Make a correction that settles a doubt, and go on to the next one."""
        row = self.doubts.row
        self.correct(correction)
        self.doubts.choose(row)

    def undo(self) -> None:
        """Take the last correction back."""
        if self.trail is not None:
            self.trail.undo()
            self._show()

    def redo(self) -> None:
        """Make the correction again that was taken back."""
        if self.trail is not None:
            self.trail.redo()
            self._show()

    def _take_text(self, word: str, spans: Sequence[TextSpan]) -> None:
        if self.trail is None or not spans:
            return
        task = marking.task_at(self.trail.present, spans[0])
        made: dict[str, Correction] = {
            INDICATOR: lambda it: marking.with_indicators(it, task, spans),
            DELIVERABLE: lambda it: marking.with_deliverable(it, task, spans),
            TASK: lambda it: marking.with_task(it, spans),
        }
        before = set(self.trail.present.spans)
        self.correct(made[word])
        new = sorted(set(self.trail.present.spans) - before, key=lambda code: code[0] != "T")
        if new:
            self.tree.choose(new[0])

    def _show(self) -> None:
        """Show the draft as it stands."""
        if self.trail is None:
            return
        parsed = self.trail.present
        self.tree.show_draft(parsed)
        self.doubts.show_draft(parsed)
        self.forms.show_node(parsed, *self.tree.current())
        self.changed.emit()

    def _show_node(self, kind: str, code: str) -> None:
        if self.trail is not None:
            parsed = self.trail.present
            self.source.mark(parsed.spans.get(code, ()))
            self.forms.show_node(parsed, kind, code)

    def _show_doubt(self, doubt: ReadingDoubt | None) -> None:
        """Mark a doubt's place; open the form in which it can be settled."""
        if self.trail is None or doubt is None:
            return
        parsed = self.trail.present
        code = doubt.item
        if code not in parsed.plan.task_of and code not in parsed.plan.tasks_by_code:
            code = marking.task_at(parsed, doubt.span)
        self.tree.choose(code)
        self.forms.show_doubt(parsed, doubt)
        self.source.mark([doubt.span])


def _fill(split: QSplitter, widgets: Sequence[QWidget], sizes: Sequence[int]) -> None:
    for widget in widgets:
        split.addWidget(widget)
    split.setSizes(list(sizes))
    split.setChildrenCollapsible(False)
