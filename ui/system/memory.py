"""When memory is cleared up: never in the middle of work.

Python looks for unused cycles of objects whenever many were made. With the hundreds of thousands
that an import makes this takes up to a second, in which no thread runs and the window stands still.
So only young objects are looked through while something works, and all of them when nothing does.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from ui.system.clearing import look_at_young

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.tasks import TaskRunner

_EVERY_MS, _AT_LEAST_EVERY = 60_000, 10
_ARENA_MAX = -8  # of glibc's malloc.h
# After the opening: by then the pages are loaded and the database was looked through.
_OPENED_MS, _STILL_BUSY_MS = 5_000, 1_000


def let_go(runner: TaskRunner, things: list[Any]) -> None:
    """Free large things one after another in the background; nothing else may hold them."""

    def free() -> None:
        while things:
            things.pop()

    runner.beside(free)


def give_back() -> bool:
    """Give the system back what was freed, where the C library keeps it; tell whether it does.

    Reading and drawing free a tenth of what the program holds; glibc keeps that for later.
    """
    if not sys.platform.startswith("linux"):
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is None:
        return False  # another C library
    trim(0)
    return True


def share_heap() -> bool:
    """Let threads that begin from now on use one heap, where the C library gives each its own.

    What one frees another takes then; Python lets only one of them run at a time anyway. Tells
    whether that could be asked for.
    """
    if not sys.platform.startswith("linux"):
        return False
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    return tell is not None and bool(tell(_ARENA_MAX, 1))


class MemoryCare(QObject):
    """Clears up while no work is under way and another window is used; or at least now and then."""

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        """Take over from Python; `end` gives it back."""
        super().__init__(parent)
        share_heap()  # no thread has begun yet
        self._runner = runner
        self._before = look_at_young()
        self._waited = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.clear_up)
        self._timer.start(_EVERY_MS)

    def keep_present(self, rest: Callable[[], object]) -> None:
        """Leave what is there now (libraries, pages) out of all later looking through.

        `rest`: lets go of what the opening left in the database's connections, in a worker.
        """
        gc.freeze()
        QTimer.singleShot(_OPENED_MS, self, lambda: self._give_back(rest))

    def _give_back(self, rest: Callable[[], object]) -> None:
        """Give back what the opening needed, once it is over."""
        if self._runner.busy:
            QTimer.singleShot(_STILL_BUSY_MS, self, lambda: self._give_back(rest))
        else:
            self._runner.beside(rest, lambda _done: give_back())

    def clear_up(self) -> None:
        """Look through all objects at a moment at which nobody waits for the window."""
        self._waited += 1
        away = QGuiApplication.applicationState() != Qt.ApplicationState.ApplicationActive
        if not self._runner.busy and (away or self._waited >= _AT_LEAST_EVERY):
            self._waited = 0
            gc.collect()
            give_back()

    def end(self) -> None:
        """Give the clearing up back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.set_threshold(*self._before)
