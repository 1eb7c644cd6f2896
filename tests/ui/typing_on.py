"""A clerk who types a reply in a window of its own process, until somebody kills it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.app import Program

REST = 0.7  # what is typed is written half a second after the last key


def wait(seconds):
    """Let the window live on for a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QApplication.processEvents()


def main(folder):
    """Open the unit's letters, type a reply, and say so; then go on until the end."""
    program = Program(QApplication([]), folder, None)
    program.window.show()
    program.open()
    while program.runner.busy:
        wait(0.05)
    program.window.open("supervision")
    inbox = program.window.page("supervision")
    while program.runner.busy or not inbox.reply.isEnabled():
        wait(0.05)
    QTest.keyClicks(inbox.reply, "9" * 40)
    wait(REST)
    print("typed", flush=True)  # noqa: T201 - for the test that waits for it
    wait(60)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
