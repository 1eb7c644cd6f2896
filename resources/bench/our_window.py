"""The program's own start by a double click; says when its window was painted first."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from main import main
from ui.system.clearing import look_at_young

look_at_young()  # as the start does before it loads the window

from PySide6.QtCore import QEvent, QObject  # noqa: E402 - in the order in which the program does it
from PySide6.QtWidgets import QApplication  # noqa: E402

from ui import start  # noqa: E402

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Watch(QObject):
    """Takes the place of what loads the rest of the program after the first painting."""

    def __init__(self, window: QWidget, _then: object) -> None:
        """Wait for the painting."""
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        """Tell, then leave: nothing was opened."""
        if event.type() == QEvent.Type.Paint:
            print("painted", time.process_time(), flush=True)  # noqa: T201 - the answer
            QApplication.exit()
        return super().eventFilter(watched, event)


start.FirstPaint = Watch  # type: ignore[misc,assignment]
sys.exit(main([]))
