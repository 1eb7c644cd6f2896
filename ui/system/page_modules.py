"""Loads the modules of pages before they are wanted, one page at a time."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.system import libraries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.page import PageSpec
    from ui.tasks import TaskRunner

# So long nothing works before loading begins: the first page has its figures then.
_QUIET_MS = 400
# Between two pages: keys, the mouse and what a worker brings come first.
_REST_MS = 15


class PageModules(QObject):
    """Works on the window's own thread, where alone classes of Qt are made; see `libraries`."""

    def __init__(self, runner: TaskRunner, parent: QObject) -> None:
        """Begin with nothing to load."""
        super().__init__(parent)
        self._runner = runner
        self._waiting: deque[PageSpec] = deque()
        self._quiet = QTimer(self)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._begin)
        self._rest = QTimer(self)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._load_next)

    def load(self, specs: Iterable[PageSpec]) -> None:
        """Load what these pages are made of, in their order, once nothing works any more."""
        self._waiting.extend(specs)
        self._runner.started.connect(self._quiet.stop)
        self._runner.idle.connect(self._quiet.start)
        self._quiet.start()

    def _begin(self) -> None:
        if self._runner.busy:
            return  # it tells when it is idle again
        self._runner.started.disconnect(self._quiet.stop)
        self._runner.idle.disconnect(self._quiet.start)
        self._runner.beside(libraries.load, lambda _: self._rest.start())

    def _load_next(self) -> None:
        if self._waiting:
            self._waiting.popleft().load()
        else:
            self._rest.stop()
