"""The one door to background work: jobs run in order, results come back on the GUI thread."""

from __future__ import annotations

import functools
import logging
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import shiboken6
from msgspec import Struct, field
from PySide6.QtCore import QEventLoop, QObject, Signal

from fsdesk.domain.steps import Progress, Steps

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

# A job is a plain callable, or one that returns a generator of progress.
Job = Callable[[], Any] | Callable[[], Steps[Any]]

# Progress may come thousands of times a second; the eye needs twenty.
_PROGRESS_SECONDS = 0.05
# After so long a working thread lets another one go on; Python itself waits fifty times as long.
_TURN_SECONDS = 0.0001
_LOG = logging.getLogger(__name__)


class State(Enum):
    """Where a task is."""

    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()
    CANCELLED = auto()


class BackgroundTask(Struct, eq=False):
    """One piece of background work, as `TaskRunner.run` returns it.

    Its title says in Chinese what is being done, for the status bar; it is empty for quick work.
    Its state changes on the GUI thread only; it started by `time.monotonic`.
    """

    title: str
    on_done: Callable[[Any], object] | None = None
    on_failed: Callable[[Exception], object] | None = None
    on_progress: Callable[[Progress], object] | None = None
    state: State = State.WAITING
    started: float = 0.0
    _cancel: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask it to stop: before it starts, or between two of its steps.

        Neither `on_done` nor `on_failed` is called then. A job that isn't a generator runs on, and
        its result is dropped.
        """
        self._cancel.set()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancel.is_set()


class TaskRunner(QObject):
    """Runs jobs in background threads and calls back on the GUI thread.

    Jobs given to `run` come one after another in one thread, so that two writers never meet. Jobs
    given to `beside` only compute or read, and run in a second thread at the same time. What was
    just typed is put by in a third one, which waits for nothing but the other's transaction.
    A callback whose widget was deleted meanwhile is passed over.
    """

    started = Signal(object)  # Task
    progressed = Signal(object, object)  # Task, Progress
    finished = Signal(object)  # Task; its state tells how
    idle = Signal()

    _arrived = Signal(object)  # a callable for the GUI thread

    def __init__(
        self, report: Callable[[Exception, str], object], parent: QObject | None = None
    ) -> None:
        """Make the runner; failures without an `on_failed` are reported, with the title."""
        super().__init__(parent)
        self._report = report
        # A window that draws waits for its turn at every row while a job computes.
        sys.setswitchinterval(_TURN_SECONDS)
        self._threads: dict[str, ThreadPoolExecutor] = {}
        self._tasks: list[BackgroundTask] = []
        self._closed = False
        self._arrived.connect(self._call)

    @property
    def busy(self) -> bool:
        """Whether a task is waiting or running."""
        return bool(self._tasks)

    @property
    def tasks(self) -> tuple[BackgroundTask, ...]:
        """All tasks that aren't finished, oldest first."""
        return tuple(self._tasks)

    def run(
        self,
        job: Job,
        on_done: Callable[[Any], object] | None = None,
        on_failed: Callable[[Exception], object] | None = None,
        on_progress: Callable[[Progress], object] | None = None,
        title: str = "",
    ) -> BackgroundTask:
        """Run a job that touches the workspace, after all those given before.

        A job returns its result, or is a generator that yields progress and returns the result.
        Progress is told at most twenty times a second; without `on_failed` the failure goes to the
        user. The title says what is being done, for the status bar.
        """
        return self._submit("writer", job, BackgroundTask(title, on_done, on_failed, on_progress))

    def beside(
        self,
        job: Job,
        on_done: Callable[[Any], object] | None = None,
        on_failed: Callable[[Exception], object] | None = None,
        title: str = "",
    ) -> BackgroundTask:
        """Run a job that changes nothing (a chart, a preview) beside the others."""
        return self._submit("reader", job, BackgroundTask(title, on_done, on_failed))

    def put_by(
        self,
        job: Job,
        on_done: Callable[[Any], object] | None = None,
        on_failed: Callable[[Exception], object] | None = None,
    ) -> BackgroundTask:
        """Run a short job that keeps what is being typed, however long the others take."""
        return self._submit("keeper", job, BackgroundTask("", on_done, on_failed))

    def close(self) -> None:
        """Take no more jobs and return when all are finished; their callbacks have run then.

        The window goes on drawing (progress stays visible) but takes no clicks meanwhile.
        """
        self._closed = True
        if self.busy:
            loop = QEventLoop()
            self.idle.connect(loop.quit)
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        for thread in self._threads.values():
            thread.shutdown()

    def _thread(self, name: str) -> ThreadPoolExecutor:
        """Return the one thread of a kind of jobs, made at the first of them."""
        from concurrent.futures import ThreadPoolExecutor  # the first painting needs no thread

        if name not in self._threads:
            self._threads[name] = ThreadPoolExecutor(1, thread_name_prefix=f"fsdesk-{name}")
        return self._threads[name]

    def _submit(self, thread: str, job: Job, task: BackgroundTask) -> BackgroundTask:
        if self._closed:
            task.cancel()
            task.state = State.CANCELLED
            return task
        self._tasks.append(task)
        self._thread(thread).submit(self._work, job, task)
        return task

    # On the worker's thread

    def _work(self, job: Job, task: BackgroundTask) -> None:
        if task.cancelled:
            self._end(task, State.CANCELLED)
            return
        self._post(self._note_start, task)
        try:
            result = job()
            if isinstance(result, Generator):
                result = self._step_through(result, task)
        except Exception as error:  # noqa: BLE001 - whatever fails is told to the user, in _finish
            self._end(task, State.FAILED, error)
        else:
            self._end(task, State.CANCELLED if task.cancelled else State.DONE, result)

    def _step_through(self, steps: Steps[Any], task: BackgroundTask) -> object:
        """Take steps until the end or until cancelled; show progress now and then."""
        shown = 0.0
        while not task.cancelled:
            try:
                progress = next(steps)
            except StopIteration as end:
                return end.value
            now = time.monotonic()
            if now - shown >= _PROGRESS_SECONDS:
                shown = now
                self._post(self._note_progress, task, progress)
        steps.close()
        return None

    def _end(self, task: BackgroundTask, state: State, outcome: object = None) -> None:
        self._post(self._finish, task, state, outcome)

    def _post(self, call: Callable[..., None], *arguments: object) -> None:
        self._arrived.emit(functools.partial(call, *arguments))

    # On the GUI thread

    @staticmethod
    def _call(call: Callable[[], None]) -> None:
        call()

    def _note_start(self, task: BackgroundTask) -> None:
        task.state = State.RUNNING
        task.started = time.monotonic()
        self.started.emit(task)

    def _note_progress(self, task: BackgroundTask, progress: Progress) -> None:
        if task.cancelled:
            return
        self.progressed.emit(task, progress)
        _call_living(task.on_progress, progress)

    def _finish(self, task: BackgroundTask, state: State, outcome: object) -> None:
        """Bring the task's end to whom it concerns, whatever their callbacks do."""
        task.state = state
        self._tasks.remove(task)
        try:
            if state is State.DONE:
                _call_living(task.on_done, outcome)
            elif state is State.FAILED and isinstance(outcome, Exception):
                self._fail(task, outcome)
        finally:
            self.finished.emit(task)
            if not self._tasks:
                self.idle.emit()

    def _fail(self, task: BackgroundTask, error: Exception) -> None:
        _LOG.info("task failed: %s", task.title, exc_info=error)
        if task.on_failed is None:
            self._report(error, task.title)
        else:
            _call_living(task.on_failed, error)


def _call_living(callback: Callable[[Any], object] | None, argument: object) -> None:
    """Call back unless a Qt object that the callback needs was deleted meanwhile."""
    if callback is not None and all(shiboken6.isValid(owner) for owner in _owners(callback)):
        callback(argument)


def _owners(callback: object) -> Iterator[QObject]:
    """Find the Qt objects that a bound method, a closure or a partial holds."""
    if isinstance(callback, functools.partial):
        yield from _owners(callback.func)
        held = [*callback.args, *callback.keywords.values()]
    else:
        cells = getattr(callback, "__closure__", None) or ()
        held = [getattr(callback, "__self__", None), *(cell.cell_contents for cell in cells)]
    yield from (thing for thing in held if isinstance(thing, QObject))
