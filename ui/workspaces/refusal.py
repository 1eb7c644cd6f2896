"""Why something wasn't done, told on the page itself, with the way to what the handbook says."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.messages import report_of, told
from ui.theme import SPACE_S
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label


class Refusal(QWidget):
    """The words of a fault, and 看说明 where the handbook knows more of it."""

    explained = Signal(str)  # the fault's identity

    def __init__(self, role: str = "error", fault: str = "") -> None:
        """Begin without words; `role` is a label's, `fault` what is known from the beginning."""
        super().__init__()
        self.words = label("", role, wrap=True)
        self.more = button("看说明", lambda: self.explained.emit(self.fault), "link")
        column_of(self.words, row_of(self.more, None, spacing=0), spacing=SPACE_S, parent=self)
        self._put("", fault)

    def tell(self, problem: Exception) -> None:
        """Say what is wrong."""
        self._put(told(problem), report_of(problem).fault)

    def say(self, words: str) -> None:
        """Say what is no fault that the handbook knows."""
        self._put(words, "")

    def text(self) -> str:
        """Return the words."""
        return self.words.text()

    def _put(self, words: str, fault: str) -> None:
        self.fault = fault
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.more.setVisible(bool(fault))
        if self.parentWidget() is not None:  # else it would be a window of its own
            self.show()
