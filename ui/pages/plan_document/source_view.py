"""The document's own text: what is read from it is marked here, and marked text is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QTextEdit, QWidget

from fsdesk.domain.plan_document import TextSpan
from ui.theme import colours
from ui.widgets.boxes import column_of, row_of
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.plan_document import SourceLine

# What marked text can become, by the word on the button.
INDICATOR, DELIVERABLE, TASK = "列为指标", "列为事项", "另立任务"
_TIPS = {
    INDICATOR: "把选中文字里的数量目标列为指标，归入光标处的任务",
    DELIVERABLE: "把选中文字列为光标处任务的一个事项",
    TASK: "把选中文字从所在任务中分出来，另立一项任务",
}


class SourceView(QWidget):
    """Shows lines; `place_chosen` gives a line's number, `wanted` what marked text shall become."""

    place_chosen = Signal(int)
    wanted = Signal(str, object)  # one of the words above, and the spans

    def __init__(self) -> None:
        """Begin without a document."""
        super().__init__()
        self._lines: tuple[SourceLine, ...] = ()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAcceptDrops(False)  # what is dropped is for the page
        self.text.setAccessibleName("文件原文")
        self.text.cursorPositionChanged.connect(self._follow)
        self.text.selectionChanged.connect(self._offer)
        self.buttons = {word: self._button(word) for word in _TIPS}
        column_of(
            (self.text, 1),
            row_of(label("选中原文可以：", "help"), *self.buttons.values(), None),
            parent=self,
        )

    def show_lines(self, lines: Sequence[SourceLine]) -> None:
        """Show a document."""
        self._lines = tuple(lines)
        self.text.setPlainText("\n".join(_shown(line.text) for line in lines))
        self._offer()

    def mark(self, spans: Sequence[TextSpan]) -> None:
        """Mark stretches of the document and bring the first into view."""
        marks: list[QTextEdit.ExtraSelection] = []
        for span in spans:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = self._cursor(span)  # pyright: ignore[reportAttributeAccessIssue]
            marks.append(mark)
        self._colour(marks)
        if spans and not self.text.hasFocus():
            place = self._cursor(spans[0])
            place.setPosition(place.selectionStart())
            self.text.blockSignals(True)
            self.text.setTextCursor(place)
            self.text.blockSignals(False)
            self.text.centerCursor()

    def changeEvent(self, event: QEvent) -> None:
        """Let the marks follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour(self.text.extraSelections())

    def _colour(self, marks: Sequence[QTextEdit.ExtraSelection]) -> None:
        look = QTextCharFormat()
        look.setBackground(QColor(colours().chosen))
        for mark in marks:
            mark.format = look  # pyright: ignore[reportAttributeAccessIssue]
        self.text.setExtraSelections(marks)

    def marked(self) -> tuple[TextSpan, ...]:
        """Return the text that the user has marked, a stretch for each line."""
        cursor = self.text.textCursor()
        first, last = cursor.selectionStart(), cursor.selectionEnd()
        found: list[TextSpan] = []
        block = self.text.document().findBlock(first)
        while block.isValid() and block.position() < last:
            text = self._lines[block.blockNumber()].text
            start = _characters(text, max(first - block.position(), 0))
            end = _characters(text, last - block.position())
            if start < end:
                found.append(TextSpan(block.blockNumber() + 1, start, end))
            block = block.next()
        return tuple(found)

    def _cursor(self, span: TextSpan) -> QTextCursor:
        text = self._lines[span.line - 1].text
        block = self.text.document().findBlockByNumber(span.line - 1)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + _units(text[: span.start]))
        end = block.position() + _units(text[: span.end])
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _button(self, word: str) -> QPushButton:
        button = QPushButton(word)
        button.setToolTip(_TIPS[word])
        button.clicked.connect(lambda: self.wanted.emit(word, self.marked()))
        return button

    def _follow(self) -> None:
        if not self.text.textCursor().hasSelection():
            self.place_chosen.emit(self.text.textCursor().blockNumber() + 1)

    def _offer(self) -> None:
        for button in self.buttons.values():
            button.setEnabled(self.text.textCursor().hasSelection())


def _shown(text: str) -> str:
    """Return a line as one block: nothing in it may begin another."""
    return "".join(" " if c in "\n\r\x0b\x0c\u2028\u2029\x85" else c for c in text)


def _units(text: str) -> int:
    """Return how many places Qt counts for a text: rare characters take two."""
    return len(text.encode("utf-16-le")) // 2


def _characters(text: str, units: int) -> int:
    """Return how many characters lie in so many of Qt's places."""
    return len(text.encode("utf-16-le")[: 2 * max(units, 0)].decode("utf-16-le", "ignore"))
