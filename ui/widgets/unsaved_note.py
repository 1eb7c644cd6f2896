"""Where unsaved text waits, by page; a click leads there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.theme import SPACE_S
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QPushButton

_MOST = 3


class UnsavedNote(QWidget):
    """One link a page, such as ``来函 1 处未保存``; nothing where all is saved."""

    page_wanted = Signal(str)

    def __init__(self) -> None:
        """Begin with nothing unsaved."""
        super().__init__()
        self.links: list[QPushButton] = []
        self._row = row_of(spacing=SPACE_S, parent=self)

    def show_pages(self, pages: Sequence[tuple[str, str, int]]) -> None:
        """Show keys and titles of pages with how many things on each hold unsaved text."""
        for link in self.links:
            self._row.removeWidget(link)
            link.deleteLater()
        self.links = [
            button(f"{title} {count} 处未保存", self._way_to(key), "link")
            for key, title, count in pages[:_MOST]
        ]
        for link in self.links:
            self._row.addWidget(link)

    def _way_to(self, key: str) -> Callable[[], None]:
        return lambda: self.page_wanted.emit(key)
