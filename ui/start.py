"""The start of the window: its frame is painted before the rest of the program is loaded."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ui import remember
from ui.appearance import Theme
from ui.fonts import install_font, install_language
from ui.main_window import MainWindow
from ui.system.environment import leave_package, told_to_qt, types_by_fcitx
from ui.system.first_paint import FirstPaint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.app import Program

# The application's look, and the window in which the program is built once it is seen.
Frame = tuple[Theme, MainWindow]


def run_window(folder: Path | None, database: str | None, files: Sequence[str]) -> int:
    """Open the window and run until it is closed; returns the exit code.

    Without a folder it is the usual workspace; `database` is given where that isn't in the folder.
    """
    application = make_application()
    if types_by_fcitx(os.environ):
        QTimer.singleShot(0, application, lambda: _connect_fcitx(application))
    frame = make_frame(application)
    running: list[Program] = []
    failed: list[Exception] = []

    def go_on() -> None:
        try:
            from ui.app import Program

            program = Program(application, folder, database, frame)
        except Exception as problem:  # noqa: BLE001 - raised again once Qt lets go
            failed.append(problem)
            application.exit()
            return
        running.append(program)
        program.greets = True
        program.open([Path(file) for file in files])

    window = frame[1]
    window.show()
    FirstPaint(window, go_on)
    code = application.exec()
    if failed:  # told where the whole start is: no empty frame stays
        window.hide()
        raise failed[0]
    return code


def make_application() -> QApplication:
    """Make Qt's application; what only Qt is told stands in the environment no longer than that."""
    leave_package(os.environ)
    remember.keep_portable()  # before the first thing is recalled
    with told_to_qt(os.environ):
        # Told by its name here, no style of Qt's has to be looked at before the first painting.
        return QApplication([*sys.argv[:1], "-style", "Fusion"])


def make_frame(application: QApplication) -> Frame:
    """Give the application its font, language and colours, and make the window's empty frame."""
    install_font(application)
    install_language(application)
    return Theme(application), MainWindow()


def _connect_fcitx(application: QApplication) -> None:
    from ui.system import fcitx  # most desktops have another input method

    fcitx.connect(application)
