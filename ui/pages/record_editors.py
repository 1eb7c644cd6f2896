"""Editors of one record each: they hand over what was typed and show what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fsdesk.domain.findings import Finding, Level, error
from fsdesk.domain.indicators import IndicatorKind, number_text
from fsdesk.domain.records import Content, DataValue, Milestone, ProgressReport, RecordKey, Status
from fsdesk.packets.cells import CellError, read_date, read_number
from fsdesk.services.recording import figure_text
from ui.theme import SPACE_S, look_again, set_role
from ui.widgets.choice import Choice
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.services.recording import DeliverableLine, IndicatorLine

_REST_MS = 800
_TEXT_HEIGHT = 76
_STATUSES = [("未选", None), *((status.label, status) for status in Status)]


class Editor(QWidget):
    """Base of the editors: stores after typing rests or when a field is left."""

    edited = Signal(object, object, object)  # this editor, RecordKey, Content
    first: QWidget

    def __init__(self, key: RecordKey, content: Content) -> None:
        """Begin with what is stored."""
        super().__init__()
        self.key = key
        self.wrong = False
        self._stored: Content | None = content
        self._words = label("", "error", wrap=True)
        self._words.hide()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.flush)

    def content(self) -> Content:
        """Return what is typed.

        Raises:
            CellError: When a field can't be read.
        """
        raise NotImplementedError

    def watch(self, *widgets: QWidget) -> None:
        """Store when typing rests in any of these, and when one is left."""
        for widget in widgets:
            widget.installEventFilter(self)
            if isinstance(widget, QLineEdit):
                widget.textEdited.connect(lambda _text: self._rest.start())
            elif isinstance(widget, QPlainTextEdit):
                widget.textChanged.connect(self._rest.start)
                widget.setTabChangesFocus(True)
            elif isinstance(widget, QCheckBox):
                widget.toggled.connect(lambda _on: self.flush())
            elif isinstance(widget, Choice):
                widget.chosen.connect(lambda _value: self.flush())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Store a field when the cursor leaves it."""
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

    def flush(self) -> None:
        """Hand over what is typed, unless it is stored already or can't be read."""
        self._rest.stop()
        try:
            content = self.content()
        except CellError as problem:
            self.show_findings([error(str(problem))])
            return
        if content != self._stored:
            self._stored = content
            self.edited.emit(self, self.key, content)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Say below the fields what is wrong; errors in red, the rest in grey."""
        self.wrong = any(finding.level is Level.ERROR for finding in findings)
        set_role(self._words, "error" if self.wrong else "muted")
        marks = {Level.ERROR: "■", Level.WARNING: "▲", Level.NOTICE: "○"}
        self._words.setText("\n".join(f"{marks[f.level]} {f}" for f in findings))
        self._words.setVisible(bool(findings))
        if self.wrong:
            # So that the same words, typed again, are tried again.
            self._stored = None
        for field in self.findChildren(QLineEdit):
            field.setProperty("wrong", self.wrong)
            look_again(field)


class ValueEditor(Editor):
    """Figures of one indicator."""

    def __init__(self, key: RecordKey, line: IndicatorLine) -> None:
        """Show one field for a count, two for a ratio."""
        super().__init__(key, line.data)
        self._indicator = line.indicator
        self._ratio = line.indicator.kind is IndicatorKind.RATIO
        data = line.data
        names = [line.indicator.numerator_name or "分子", line.indicator.denominator_name or "分母"]
        if not self._ratio:
            names = [line.indicator.numerator_name or "本期数"]
        numbers = [data.numerator, data.denominator] if self._ratio else [data.value]
        self.fields = [_number_field(n, name) for n, name in zip(numbers, names, strict=True)]
        self.none = QCheckBox("无此项")
        self.none.setChecked(data.not_applicable)
        self.note = QLineEdit(data.note)
        self.note.setPlaceholderText("备注")
        self.note.setAccessibleName("备注")
        self.first = self.fields[0]
        self._sums = label("", "help", wrap=True)
        self._lay_out(names)
        self.watch(*self.fields, self.none, self.note)
        self.show_sums(line)

    def _lay_out(self, names: Sequence[str]) -> None:
        indicator = self._indicator
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        for name, field in zip(names, self.fields, strict=True):
            row.addWidget(label(name, "muted"))
            row.addWidget(field)
        if not self._ratio:
            shown = "批次" if indicator.derivation else indicator.measure_unit
            row.addWidget(label(shown, "muted"))
        row.addWidget(self.none)
        row.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_S)
        column.setSpacing(2)
        title = f"{indicator.code}　{indicator.name}　目标 {indicator.target_text}"
        column.addWidget(label(title, wrap=True))
        column.addLayout(row)
        column.addWidget(self._sums)
        column.addWidget(self._words)

    def show_sums(self, line: IndicatorLine) -> None:
        """Show last period's figure and the year to date."""
        before = "未报"
        if line.previous is not None:
            before = _data_text(line.previous)
        self._sums.setText(f"上期 {before}　年初至今 {figure_text(line)}")

    def content(self) -> DataValue:
        """Return the figures."""
        unit = "批次" if self._indicator.derivation else self._indicator.measure_unit
        numbers = [read_number(field.text(), unit) for field in self.fields]
        none, note = self.none.isChecked(), self.note.text().strip()
        if self._ratio:
            return DataValue(None, numbers[0], numbers[1], not_applicable=none, note=note)
        return DataValue(numbers[0], not_applicable=none, note=note)


def _number_field(number: float | None, name: str) -> QLineEdit:
    field = QLineEdit("" if number is None else number_text(number, 4))
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setFixedWidth(110)
    field.setAccessibleName(name)
    return field


def _data_text(data: DataValue) -> str:
    if data.not_applicable:
        return "无此项"
    if data.numerator is not None and data.denominator is not None:
        return f"{number_text(data.numerator)}/{number_text(data.denominator)}"
    return "未报" if data.value is None else number_text(data.value)


class ReportEditor(Editor):
    """Status and words on the task, last period's words beside."""

    def __init__(
        self, key: RecordKey, report: ProgressReport, previous: ProgressReport | None
    ) -> None:
        """Show three texts, and what was said last beside each."""
        super().__init__(key, report)
        self.status = Choice("任务状态", _STATUSES)
        self.status.set_value(report.status)
        self.first = self.status
        self._before = previous or ProgressReport()
        self.copy = QPushButton("复制上期内容")
        set_role(self.copy, "link")
        self.copy.setEnabled(previous is not None)
        self.copy.clicked.connect(self._copy_before)
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
            field = QPlainTextEdit(text)
            field.setAccessibleName(name)
            field.setFixedHeight(_TEXT_HEIGHT)
            self.texts.append(field)
            grid.addWidget(label(name, "muted"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, number, 1)
            hint = label(f"上期：{old}" if old else "", "help", wrap=True)
            grid.addWidget(hint, number, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._words, len(rows) + 1, 1, 1, 2)

    def content(self) -> ProgressReport:
        """Return status and words."""
        text, problems, next_steps = (field.toPlainText().strip() for field in self.texts)
        return ProgressReport(self.status.value, text, problems, next_steps)

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
        """Show the fields in one row."""
        super().__init__(key, line.milestone)
        milestone = line.milestone
        self.status = Choice("事项状态", _STATUSES)
        self.status.set_value(milestone.status)
        self.first = self.status
        self.day = QLineEdit(milestone.done_on.isoformat() if milestone.done_on else "")
        self.day.setPlaceholderText("完成日期")
        self.day.setAccessibleName("完成日期")
        self.day.setToolTip("如 2026-03-05 或 2026年3月5日")
        self.day.setFixedWidth(130)
        self.evidence = QLineEdit(milestone.evidence)
        self.evidence.setPlaceholderText("佐证材料说明")
        self.evidence.setAccessibleName("佐证材料说明")
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        for widget in (self.status, self.day):
            row.addWidget(widget)
        row.addWidget(self.evidence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_S)
        column.setSpacing(2)
        before = ""
        if line.previous is not None and line.previous.status is not None:
            before = f"　上期：{line.previous.status.label}"
        thing = line.deliverable
        due = f"　{thing.due.month}月{thing.due.day}日前" if thing.due else ""
        column.addWidget(label(f"{thing.code}　{thing.title}{due}{before}", wrap=True))
        column.addLayout(row)
        column.addWidget(self._words)
        self.watch(self.status, self.day, self.evidence)

    def content(self) -> Milestone:
        """Return the state."""
        return Milestone(
            self.status.value, read_date(self.day.text()), self.evidence.text().strip()
        )
