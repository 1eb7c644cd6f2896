"""Loads the modules of pages before they are wanted, one page at a time."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.page import PageSpec

# Between two pages: keys, the mouse and what a worker brings come first.
_REST_MS = 15


class PageModules(QObject):
    """Works on the window's own thread, where alone classes of Qt are made; see `libraries`."""

    def __init__(self, parent: QObject) -> None:
        """Begin with nothing to load."""
        super().__init__(parent)
        self._waiting: deque[PageSpec] = deque()
        self._rest = QTimer(self)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._load_next)

    def load(self, specs: Iterable[PageSpec]) -> None:
        """Load what these pages are made of, in their order."""
        self._waiting.extend(specs)
        self._rest.start()

    def _load_next(self) -> None:
        if self._waiting:
            self._waiting.popleft().load()
        else:
            self._rest.stop()
