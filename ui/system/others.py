"""What other desks store in a workspace on a server appears here, as soon as nobody is typing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from fsdesk.domain.findings import is_away
from ui.messages import told

if TYPE_CHECKING:
    from fsdesk.workspace import Workspace
    from ui.main_window import MainWindow
    from ui.tasks import TaskRunner

_ASKED_MS = 500
_QUIET_SECONDS = 0.8  # since the last key: longer than typing rests before it is stored
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.InputMethod})


class OtherDesks(QTimer):
    """Asks now and then whether others stored something, and has the pages read it.

    While somebody types, chooses from a list or answers a question, the page stays as it is. A
    server that can't be reached is asked on and on: `lost` tells of it once, `found` when it is
    back. One that is there and lets nobody in, such as after a changed password, is no lost one.
    """

    lost = Signal(str)  # what was not done because of it; or empty
    barred = Signal(str)  # why nothing of other desks can be read, though the server is there
    found = Signal()

    def __init__(self, window: MainWindow, runner: TaskRunner) -> None:
        """Keep the doors; without a workspace on a server nothing is asked."""
        super().__init__(window)
        self._window, self._runner = window, runner
        self._workspace: Workspace | None = None
        self._asking = self._heard = self._lost = self._barred = False
        self._typed = 0.0
        self.setInterval(_ASKED_MS)
        self.timeout.connect(self._ask)

    def use(self, workspace: Workspace | None) -> None:
        """Listen for a workspace from now on, or for none."""
        self.stop()
        self._asking = self._heard = self._lost = self._barred = False
        self._workspace = workspace if workspace is not None and workspace.is_on_server else None
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
            if self._workspace is not None:
                application.installEventFilter(self)
        if self._workspace is not None:
            self.start()

    def note_lost(self, undone: str) -> bool:
        """Take note that the server could not be reached; tell whether there is one at all.

        `undone`: what was not done because of it, in words, or empty.
        """
        if self._workspace is None:
            return False
        self._lost = True
        self.lost.emit(undone)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when somebody types."""
        if event.type() in _KEYS:
            self._typed = time.monotonic()
        return super().eventFilter(watched, event)

    def _ask(self) -> None:
        workspace = self._workspace
        if workspace is None or self._asking:
            return
        self._asking = True
        self._runner.beside(workspace.others_stored, self._answer, self._not_answered)

    def _answer(self, heard: object) -> None:
        self._asking = False
        self._heard = self._heard or bool(heard)
        if self._lost or self._barred:
            self._lost = self._barred = False
            self.found.emit()
        if self._heard and self._is_quiet():
            self._heard = False
            self._window.mark_changed()

    def _not_answered(self, problem: Exception) -> None:
        self._asking = False
        if is_away(problem):
            if not self._lost:
                self.note_lost("")
        elif not self._barred:
            self._barred = True
            self.barred.emit(told(problem))

    def _is_quiet(self) -> bool:
        asked = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        return asked is None and time.monotonic() - self._typed >= _QUIET_SECONDS
