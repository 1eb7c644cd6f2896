"""The head of a page: its title, one primary button, quiet buttons, filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from ui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import ElidedLabel, label

if TYPE_CHECKING:
    from collections.abc import Callable

_KEY = "F9"
_LOADING = "正在读取…"


class PageHeader(QWidget):
    """Title at the left, buttons at the right, a hairline below."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """Show the title."""
        super().__init__(parent)
        self._title = label(title, "title")
        self._note = ElidedLabel("muted")
        self._row = row_of(self._title, SPACE_S, (self._note, 1))
        line = QFrame()
        set_role(line, "line")
        column_of(
            row_of(self._row, margins=(SPACE_L, 0, SPACE_L, 0)),
            line,
            spacing=SPACE_M,
            margins=(0, SPACE_M, 0, 0),
            parent=self,
        )
        self._primary: QPushButton | None = None
        self._before = ""

    def set_title(self, text: str) -> None:
        """Show another title."""
        self._title.setText(text)

    def set_note(self, text: str) -> None:
        """Show a few grey words after the title, such as a count."""
        self._note.setText(text)

    def set_loading(self, *, loading: bool) -> None:
        """Say that what the page shows is being read; what it says of that itself stays."""
        if loading:
            self._before = self._note.text()
            self._note.setText(_LOADING)
        elif self._note.text() == _LOADING:
            self._note.setText(self._before)

    @property
    def primary(self) -> QPushButton | None:
        """The page's one primary button, if it has one."""
        return self._primary

    def set_primary(self, verb: str, action: Callable[[], object], icon: str = "") -> QPushButton:
        """Put the page's one primary button at the far right; F9 presses it."""
        made = button(verb, action, "primary", icon, tip=f"{verb}（{_KEY}）")
        QShortcut(QKeySequence(_KEY), made).activated.connect(made.click)
        self._row.addWidget(made)
        self._primary = made
        return made

    def add_quiet(self, verb: str, action: Callable[[], object], icon: str = "") -> QPushButton:
        """Put another button left of the primary one."""
        made = button(verb, action, icon=icon)
        self.add_widget(made)
        return made

    def add_widget(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a filter or the like left of the primary button; with a stretch it takes room."""
        place = self._row.count() - (self._primary is not None)
        self._row.insertWidget(place, widget, stretch)
