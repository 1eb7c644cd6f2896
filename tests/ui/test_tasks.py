"""Background work: order, progress, cancelling, failures, and widgets that are gone."""

from __future__ import annotations

import functools
import sys
import threading

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread

from fsdesk.domain.steps import Progress, run_through
from ui.tasks import State, TaskRunner


class Receiver(QObject):
    """A stand-in for a page."""

    def __init__(self):
        super().__init__()
        self.got = []

    def take(self, value):
        self.got.append(value)


@pytest.fixture
def reported():
    return []


@pytest.fixture
def runner(qapp, reported):
    made = TaskRunner(lambda error, title: reported.append((error, title)))
    yield made
    made.close()


def count_to(total):
    for done in range(1, total + 1):
        yield Progress(done, total, f"第 {done} 步")
    return total * 10


def test_a_job_lets_the_window_go_on_many_times_between_two_pictures(runner):
    picture = 1 / 60
    assert sys.getswitchinterval() <= picture / 20


def test_a_result_arrives_on_the_gui_thread(runner, qtbot, qapp):
    got = []
    with qtbot.waitSignal(runner.finished):
        runner.run(
            threading.get_ident, lambda worker: got.append((worker, QThread.currentThread()))
        )
    [(worker, thread)] = got
    assert worker != threading.get_ident()
    assert thread is qapp.thread()


def test_jobs_run_in_the_order_given(runner, qtbot):
    order = []
    with qtbot.waitSignal(runner.idle):
        for number in range(20):
            runner.run(lambda number=number: order.append(number))
    assert order == list(range(20))


def test_a_job_beside_runs_while_another_waits(runner, qtbot):
    gate = threading.Event()
    with qtbot.waitSignal(runner.idle):
        runner.run(lambda: gate.wait(20))
        runner.beside(gate.set)


def test_a_generator_shows_progress_and_returns_its_result(runner, qtbot):
    got, shown = [], []
    with qtbot.waitSignal(runner.finished):
        runner.run(lambda: count_to(3), got.append, on_progress=shown.append, title="计数")
    assert got == [30]
    assert shown[0] == Progress(1, 3, "第 1 步")


def test_progress_is_thinned_out(runner, qtbot):
    shown = []
    with qtbot.waitSignal(runner.finished):
        runner.run(lambda: count_to(20_000), on_progress=shown.append)
    assert 1 <= len(shown) < 2000


def test_cancelling_stops_between_two_steps_and_closes_the_generator(runner, qtbot):
    gate, closed, got = threading.Event(), [], []

    def endless():
        try:
            while True:
                yield Progress(0, 0)
                gate.wait(20)
        finally:
            closed.append(True)

    task = runner.run(endless, got.append, title="导入")
    qtbot.waitUntil(lambda: task.state is State.RUNNING)
    with qtbot.waitSignal(runner.finished):
        task.cancel()
        gate.set()
    assert task.state is State.CANCELLED
    assert closed == [True]
    assert got == []


def test_a_waiting_job_that_is_cancelled_never_starts(runner, qtbot):
    gate, began = threading.Event(), []
    with qtbot.waitSignal(runner.idle):
        runner.run(lambda: gate.wait(20))
        runner.run(lambda: began.append(True)).cancel()
        gate.set()
    assert began == []


def test_a_failure_goes_to_its_own_callback(runner, qtbot, reported):
    got = []
    with qtbot.waitSignal(runner.finished):
        task = runner.run(lambda: 1 / 0, on_failed=got.append)
    assert isinstance(got[0], ZeroDivisionError)
    assert task.state is State.FAILED
    assert reported == []


def test_a_failure_without_callback_goes_to_the_user(runner, qtbot, reported):
    def fails():
        yield Progress(0, 1)
        raise ValueError("kaputt")

    with qtbot.waitSignal(runner.finished):
        runner.run(fails, title="导入报送包")
    [(error, title)] = reported
    assert (str(error), title) == ("kaputt", "导入报送包")


@pytest.mark.parametrize("wrap", ["method", "closure", "partial"])
def test_a_callback_of_a_deleted_widget_is_passed_over(runner, qtbot, wrap):
    receiver, plain = Receiver(), []
    callback = {
        "method": receiver.take,
        "closure": lambda value: (receiver.objectName(), plain.append(value)),
        "partial": functools.partial(lambda who, value: plain.append(value), receiver),
    }[wrap]
    gate = threading.Event()
    runner.run(lambda: gate.wait(20), callback)
    shiboken6.delete(receiver)
    with qtbot.waitSignal(runner.finished):
        gate.set()
    assert plain == []
    assert receiver.got == []


def test_closing_waits_for_the_work_and_its_callbacks(qapp, reported):
    runner, got = TaskRunner(lambda error, title: reported.append(error)), []
    for number in range(3):
        runner.run(lambda number=number: number, got.append)
    runner.close()
    assert got == [0, 1, 2]
    assert not runner.busy
    assert runner.run(lambda: 1, got.append).state is State.CANCELLED
    assert got == [0, 1, 2]


def test_the_core_can_run_steps_through_without_a_window():
    assert run_through(count_to(4)) == 40
