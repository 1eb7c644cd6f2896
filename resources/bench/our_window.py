"""The program's own start on an empty folder; says when its window was painted first."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from ui.app import Program, make_application


class Watch(QObject):
    """Waits for the first painting."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        """Tell, then leave without closing anything in order: nothing was opened."""
        if event.type() == QEvent.Type.Paint:
            print("painted", time.process_time(), flush=True)  # noqa: T201 - the answer
            sys.stdout.flush()
            QApplication.exit()
        return super().eventFilter(watched, event)


application = make_application()
program = Program(application, Path(sys.argv[1]), None)
watch = Watch()
program.window.installEventFilter(watch)
program.window.show()
application.exec()
program.window.close()
