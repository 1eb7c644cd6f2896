"""A field that filters as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from ui import icons
from ui.widgets.fields import passing

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_REST_MS = 150


class SearchField(QLineEdit):
    """Emits `searched` with the trimmed text once typing rests; Esc empties it."""

    searched = Signal(str)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        """Show a grey hint of what can be found."""
        super().__init__(parent)
        self._last = ""
        passing(self)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self.setMaximumWidth(280)
        symbol = QAction(self)
        icons.put(symbol, "search", "muted")
        self.addAction(symbol, QLineEdit.ActionPosition.LeadingPosition)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.search_now)
        self.textChanged.connect(lambda _text: self._rest.start())
        self.returnPressed.connect(self.search_now)

    def search_now(self) -> None:
        """Search at once, unless the text is the same as before."""
        self._rest.stop()
        wanted = self.text().strip()
        if wanted != self._last:
            self._last = wanted
            self.searched.emit(wanted)

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        """Empty the field by Esc; a second Esc goes to the window."""
        if arg__1.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.search_now()
            return
        super().keyPressEvent(arg__1)
