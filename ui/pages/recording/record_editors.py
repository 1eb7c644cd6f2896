"""Editors of the words on a task and of its deliverables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.records.records import Milestone, ProgressReport, RecordKey, Status
from fsdesk.domain.text import count_words
from ui.pages.recording.editor import Editor
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.date_field import DateField
from ui.widgets.fields import named
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.records.records import Content
    from fsdesk.services.status.unit_forms import DeliverableLine
    from ui.pages.recording.editor import Typed

_TEXT_HEIGHT = 76
_STATUSES = [("未选", None), *((status.label, status) for status in Status)]


class ReportEditor(Editor):
    """Status and words on the task, last period's words beside."""

    def __init__(
        self,
        key: RecordKey,
        report: ProgressReport,
        previous: ProgressReport | None,
        since: Period | None = None,
    ) -> None:
        """Show three texts, and beside each what was said last, in which period that was."""
        super().__init__(key, report)
        self.status = Choice("任务状态", _STATUSES)
        self.status.set_value(report.status)
        self.first = self.status
        self._before = previous or ProgressReport()
        named_before = f"（{since.name}）" if since else ""
        self._since = f"上期{named_before}"
        self.copy = button(f"复制上期{named_before}", self._copy_before, "link")
        self.copy.setToolTip("把上期内容抄到还空着的地方，已填的不动")
        if previous is None:  # to show it before it has a parent would make it a window
            self.copy.hide()
        self.texts: list[QPlainTextEdit] = []
        self._lay_out(report)
        self.watch(self.status, *self.texts)

    def _lay_out(self, report: ProgressReport) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, SPACE_S)
        grid.setSpacing(SPACE_S)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        grid.addWidget(label("状态", "muted"), 0, 0)
        grid.addWidget(self.status, 0, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.copy, 0, 2, Qt.AlignmentFlag.AlignLeft)
        before = self._before
        rows = (
            ("进展情况", report.text, before.text),
            ("存在问题", report.problems, before.problems),
            ("下步打算", report.next_steps, before.next_steps),
        )
        for number, (name, text, old) in enumerate(rows, start=1):
            field = named(QPlainTextEdit(text), name)
            field.setFixedHeight(_TEXT_HEIGHT)
            self.texts.append(field)
            grid.addWidget(_counted(name, field), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, number, 1)
            hint = label(f"{self._since}：{old}" if old else "", "help", wrap=True)
            grid.addWidget(hint, number, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.words, len(rows) + 1, 1, 1, 2)

    def typed_of(self, content: Content) -> Typed:
        """Return status and words."""
        report = content if isinstance(content, ProgressReport) else ProgressReport()
        return (report.status, report.text, report.problems, report.next_steps)

    def before(self) -> Typed:
        """Return last period's status and words."""
        return self.typed_of(self._before)

    def content(self) -> ProgressReport:
        """Return status and words."""
        text, problems, next_steps = (field.toPlainText().strip() for field in self.texts)
        return ProgressReport(self.status.value, text, problems, next_steps)

    @property
    def first_empty(self) -> QWidget | None:
        """What is asked for are the words on the progress; the state comes before them."""
        if self.texts[0].toPlainText().strip():
            return None
        return self.status if self.status.value is None else self.texts[0]

    def _copy_before(self) -> None:
        """Take last period's words where nothing is typed yet."""
        old = (self._before.text, self._before.problems, self._before.next_steps)
        for field, text in zip(self.texts, old, strict=True):
            if not field.toPlainText().strip():
                field.setPlainText(text)
        self.flush()


class MilestoneEditor(Editor):
    """State, date and evidence of one deliverable."""

    def __init__(self, key: RecordKey, line: DeliverableLine) -> None:
        """Show what is stored."""
        super().__init__(key, line.milestone)
        milestone = line.milestone
        recurs = line.deliverable.kind is DeliverableKind.RECURRING
        held = line.previous is not None and line.previous.status is Status.DONE
        # What was done in an earlier cycle isn't thereby done again.
        self._previous = None if recurs and held else line.previous
        self.status = Choice("事项状态", _STATUSES)
        self.status.set_value(milestone.status)
        self.first = self.status
        self.day = DateField("完成日期", Period.parse(key.period).year, milestone.done_on)
        self.day.picked.connect(self.flush)
        self._settled_before = line.settled and milestone.status is None
        self.evidence = named(QLineEdit(milestone.evidence), "佐证材料说明")
        self.evidence.setPlaceholderText("佐证材料说明")
        self._name = label(f"{line.deliverable.code}　{line.deliverable.title}", wrap=True)
        self._hint = label(_hint(line), "help", wrap=True)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, SPACE_S)
        self._layout.setHorizontalSpacing(SPACE_S)
        self._layout.setVerticalSpacing(2)
        self.set_compact(compact=False)
        self.watch(self.status, self.day, self.evidence)

    @property
    def suspects(self) -> Sequence[QLineEdit]:
        """The date: texts and states can hardly be wrong."""
        return (self.day,)

    def set_compact(self, *, compact: bool) -> None:
        """Put the fields beside the name, or below it."""
        grid = self._layout
        grid.setColumnStretch(0, 0 if compact else 1)
        grid.setColumnStretch(3, 1)
        row, first = (2, 0) if compact else (0, 1)
        grid.addWidget(self._name, 0, 0, 1, 4 if compact else 1)
        grid.addWidget(self._hint, 1, 0, 1, 4 if compact else 1)
        for column, field in enumerate((self.status, self.day, self.evidence), start=first):
            span = 4 - column if field is self.evidence else 1
            grid.addWidget(field, row, column, 1, span)
        grid.addWidget(self.words, 3, 0, 1, 4)
        self._hint.setVisible(bool(self._hint.text()))

    def typed_of(self, content: Content) -> Typed:
        """Return state, date and evidence."""
        milestone = content if isinstance(content, Milestone) else Milestone()
        day = milestone.done_on.isoformat() if milestone.done_on else ""
        return (milestone.status, day, milestone.evidence)

    def before(self) -> Typed:
        """Return how it stood in the last period."""
        return super().before() if self._previous is None else self.typed_of(self._previous)

    def content(self) -> Milestone:
        """Return the state."""
        day = self.read(self.day, lambda _text: self.day.day())
        return Milestone(self.status.value, day, self.evidence.text().strip())

    def flush(self, *, again: bool = True) -> None:
        """Hand over what is typed; a day that was left is written out in full."""
        super().flush(again=again)
        if not self.day.hasFocus():
            self.day.tidy()

    @property
    def first_empty(self) -> QWidget | None:
        """The state, unless it is chosen, or was before and need not be again."""
        settled = self.status.value is not None or self._settled_before
        return None if settled else self.status


def _counted(name: str, field: QPlainTextEdit) -> QWidget:
    """Name a text, and say below how long it is."""
    words = label("", "help")

    def count() -> None:
        number = count_words(field.toPlainText())
        words.setText(f"{number} 字" if number else "")

    field.document().contentsChanged.connect(count)
    count()
    return boxed(column_of(label(name, "muted"), words, spacing=2))


def _hint(line: DeliverableLine) -> str:
    """Say by when it is due, how it stood, and what is still asked for."""
    item, before = line.deliverable, line.previous
    if item.kind is DeliverableKind.RECURRING:
        return _recurring_hint(line)
    timed = item.due is not None or item.kind is DeliverableKind.STANDING
    words = [item.schedule_text] if timed else []
    if before is not None and before.status is not None:
        when = f"（{line.since.name}）" if line.since else ""
        words.append(f"上期{when}：{before.status.label}，本期没有变化可以不选")
    return "　".join(words)


def _recurring_hint(line: DeliverableLine) -> str:
    """Say what 已完成 means this time, and how often it was done in the cycle before."""
    item = line.deliverable
    this = item.cycle.label.replace("每", "本")
    so_far = f"{this}此前已完成{number_text(line.done_before, 1)}次" if line.done_before else ""
    if line.done_before and line.settled and line.milestone.status is None:
        return f"{item.schedule_text}　{so_far}，本期可以不选"
    asked = "选“已完成”表示本期完成一次"
    if item.times > item.cycle.months:
        asked = "选“已完成”表示本期应开展的次数都已完成"
    return "　".join(word for word in (item.schedule_text, so_far, asked) if word)
