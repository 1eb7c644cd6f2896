"""A heartbeat in the window's event loop, and a hand that waits for the window; for other scripts."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fsdesk.places import project_file

if TYPE_CHECKING:
    from ui.tasks import TaskRunner

BEAT_MS = 5
FIELDS = 50
_LOOK_SECONDS, _LATE_SECONDS = 0.01, 0.05
_SHOWN_FRAMES = 3


class Pause(NamedTuple):
    """A time in which the event loop stood still: by the clock, of all threads' processor time."""

    seconds: float = 0.0
    busy: float = 0.0
    own: float = 0.0
    where: str = ""


class Heartbeat:
    """Notes when a timer fires that should fire every few milliseconds, and what kept it."""

    def __init__(self) -> None:
        """Begin to beat."""
        self.units: list[float] = []
        self._longest = self._busiest = Pause()
        self._seen: Counter[str] = Counter()
        self._last = self._now()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)
        self._main = threading.get_ident()
        threading.Thread(target=self._watch, daemon=True).start()

    @staticmethod
    def _now() -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), time.thread_time()

    def _beat(self) -> None:
        now = self._now()
        pause = Pause(*(b - a for a, b in zip(self._last, now, strict=True)))
        if pause.seconds > self._longest.seconds or pause.busy > self._busiest.busy:
            pause = pause._replace(where="; ".join(f"{n}x {w}" for w, n in self._seen.most_common(4)))
            self._longest = max(self._longest, pause)
            self._busiest = max(self._busiest, pause, key=lambda it: it.busy)
        self._seen.clear()
        self._last = self._now()

    def _watch(self) -> None:
        """Look every now and then what keeps the window's thread when no beat comes."""
        while True:
            time.sleep(_LOOK_SECONDS)
            if time.perf_counter() - self._last[0] > _LATE_SECONDS:
                frame = sys._current_frames().get(self._main)  # noqa: SLF001 - there is no other way
                self._seen[_words(frame)] += 1

    def weigh(self) -> float:
        """Return what a fixed piece of work takes of the processor now."""
        begun = time.thread_time()
        form = QWidget()
        column = QVBoxLayout(form)
        for number in range(FIELDS):
            column.addWidget(QLabel(str(number)))
        form.ensurePolished()
        form.sizeHint()
        self.units.append(time.thread_time() - begun)
        form.deleteLater()
        return self.units[-1]

    def pauses(self) -> tuple[Pause, Pause]:
        """Return the longest pause since this was last asked, and that with most work."""
        self._beat()
        found = self._longest, self._busiest
        self._longest = self._busiest = Pause()
        return found

    def longest(self) -> float:
        """Return the longest pause in milliseconds since this was last asked."""
        return max(0.0, self.pauses()[0].seconds * 1000 - BEAT_MS)


def _words(frame: object) -> str:
    here = str(project_file("."))
    frames = [
        f"{each.filename[len(here) + 1 :]}:{each.lineno} {each.name}"
        for each in traceback.extract_stack(frame, limit=40)
        if each.filename.startswith(here) and "/.venv/" not in each.filename
    ]
    frames = [each for each in frames if not each.startswith("resources/")] or frames
    return " > ".join(frames[-_SHOWN_FRAMES:])


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
