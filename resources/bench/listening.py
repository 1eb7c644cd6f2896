"""A heartbeat in the window's event loop, and what kept it; for other scripts here."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEventLoop, Qt, QTimer

from fsdesk.places import project_file

if TYPE_CHECKING:
    from types import FrameType

    from ui.tasks import TaskRunner

BEAT_MS = 5
LOOK_SECONDS, LATE_SECONDS = 0.01, 0.05
FRAMES, MOST = 3, 3


class Pauses(NamedTuple):
    """The longest pause in seconds, with where it was, and the most work of the window in one."""

    longest: float = 0.0
    work: float = 0.0
    where: str = ""


class Heartbeat:
    """Notes when a timer fires that should fire every few milliseconds."""

    def __init__(self) -> None:
        """Begin to beat, in the window's thread."""
        self._found, self._seen = Pauses(), Counter[str]()
        self._last = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)
        self._window = threading.get_ident()
        threading.Thread(target=self._watch, daemon=True).start()

    def _beat(self) -> None:
        pause, work = time.perf_counter() - self._last[0], time.thread_time() - self._last[1]
        before = self._found
        where = before.where
        if pause > before.longest:
            where = "；".join(f"{count} × {it}" for it, count in self._seen.most_common(MOST))
        self._found = Pauses(max(pause, before.longest), max(work, before.work), where)
        self._seen.clear()
        self._last = time.perf_counter(), time.thread_time()

    def _watch(self) -> None:
        """Look what keeps the window's thread while no beat comes."""
        while True:
            time.sleep(LOOK_SECONDS)
            if time.perf_counter() - self._last[0] > LATE_SECONDS:
                frame = sys._current_frames().get(self._window)  # noqa: SLF001
                if frame is not None:  # else the program ends
                    self._seen[_words(frame)] += 1

    def pauses(self) -> Pauses:
        """Return what was noted since this was last asked."""
        self._beat()
        found, self._found = self._found, Pauses()
        return found

    def longest(self) -> float:
        """Return the longest pause in milliseconds since this was last asked."""
        return max(0.0, self.pauses().longest * 1000 - BEAT_MS)


def _words(frame: FrameType) -> str:
    """Name the innermost lines of the program in a stack."""
    here = str(project_file("."))
    lines = [
        f"{each.filename[len(here) + 1 :]}:{each.lineno}"
        for each in traceback.extract_stack(frame)
        if each.filename.startswith((f"{here}/ui/", f"{here}/fsdesk/"))
    ]
    return " > ".join(lines[-FRAMES:]) or "Qt"


def wait(milliseconds: int) -> None:
    """Let the window work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def settle(runner: TaskRunner) -> None:
    """Let the window work until nothing is left to do."""
    quiet = 0
    while quiet < 5:  # noqa: PLR2004 - a few looks in a row
        wait(20)
        quiet = 0 if runner.busy else quiet + 1
