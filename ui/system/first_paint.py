"""Waits until people see the window, and only then lets the rest of the program be loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

# One that starts as an icon in the task bar isn't painted, and goes on all the same.
_UNSEEN_MS = 500


class FirstPaint(QTimer):
    """Calls once: as soon as what was painted is on the screen, or when nothing was for a while."""

    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        """Wait for this window."""
        super().__init__(window)
        self.setSingleShot(True)
        self.timeout.connect(then)
        window.installEventFilter(self)
        self.start(_UNSEEN_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the first painting."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            if self.isActive():
                self.start(0)
        return False
