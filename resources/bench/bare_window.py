"""Peer for the start: the barest PySide6 window; says when it was painted first."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class Window(QMainWindow):
    """A window that says when it was painted, and ends."""

    def paintEvent(self, event: object) -> None:  # noqa: ARG002, N802 - Qt's own signature
        """Tell, then leave."""
        print("painted", time.process_time(), flush=True)  # noqa: T201 - the answer
        QTimer.singleShot(0, QApplication.quit)


application = QApplication([])
window = Window()
window.setCentralWidget(QLabel("食药安工作台"))
window.show()
application.exec()
