"""The number beside 督办 or 来函: counted at rest, so that nothing waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from fsdesk.workspace import Workspace
    from ui.main_window import MainWindow
    from ui.tasks import TaskRunner

_REST_MS = 1500  # without another change


class LetterBadge(QTimer):
    """Counts once things have come to rest; `start` asks for it."""

    def __init__(self, window: MainWindow, runner: TaskRunner) -> None:
        """Keep the doors; without a workspace nothing is counted."""
        super().__init__(window)
        self.workspace: Workspace | None = None
        self._window, self._runner = window, runner
        self.setSingleShot(True)
        self.setInterval(_REST_MS)
        self.timeout.connect(self.count)

    def count(self) -> None:
        """Count in a worker, since the whole plan is judged for it."""
        workspace, period = self.workspace, self._window.period
        if workspace is None or not period:
            return

        def job() -> int:
            from fsdesk.domain.periods import Period
            from fsdesk.services.supervision.supervision import due_count

            return due_count(workspace, Period.parse(period))

        self._runner.beside(job, lambda count: self._window.set_badge("supervision", count))
