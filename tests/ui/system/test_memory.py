"""Memory is cleared up between work, never within it."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

import pytest

from ui.system import memory
from ui.system.memory import MemoryCare, let_go
from ui.tasks import TaskRunner


@pytest.fixture
def runner(qtbot):
    made = TaskRunner(lambda *_: None)
    yield made
    made.close()


@pytest.fixture
def care(runner, monkeypatch):
    before = gc.get_threshold()
    monkeypatch.setattr(memory, "_AT_LEAST_EVERY", 1)  # whichever window is active
    made = MemoryCare(runner)
    yield made
    made.end()
    assert gc.get_threshold() == before


class Ring:
    """An object that only clearing up can free."""

    def __init__(self):
        self.itself = self


def test_old_objects_are_left_alone_until_nothing_works(care, runner, qtbot):
    gc.collect()
    ring = weakref.ref(Ring())
    go_on = threading.Event()
    runner.run(go_on.wait)
    care.clear_up()
    assert ring() is not None  # work is under way

    go_on.set()
    qtbot.waitUntil(lambda: not runner.busy)
    care.clear_up()
    assert ring() is None


def test_what_was_there_at_the_start_is_not_looked_at_again(care):
    gc.collect()
    ring = weakref.ref(Ring())
    care.keep_present(list)
    care.clear_up()
    assert ring() is not None

    care.end()
    gc.collect()
    assert ring() is None


def test_large_things_are_freed_in_the_background(runner, qtbot):
    thing = Ring()
    thing.itself = None
    gone = weakref.ref(thing)
    things = [thing]
    del thing
    let_go(runner, things)
    qtbot.waitUntil(lambda: not runner.busy)

    assert gone() is None


def test_what_was_freed_goes_back_to_the_system_where_the_library_keeps_it(monkeypatch):
    assert memory.give_back() is sys.platform.startswith("linux")
    monkeypatch.setattr(memory.sys, "platform", "win32")
    assert not memory.give_back()


def test_the_opening_gives_back_when_it_is_over(care, runner, qtbot, monkeypatch):
    given = []
    monkeypatch.setattr(memory, "_OPENED_MS", 10)
    monkeypatch.setattr(memory, "_STILL_BUSY_MS", 10)
    monkeypatch.setattr(memory, "give_back", lambda: given.append(runner.busy))
    go_on = threading.Event()
    runner.run(go_on.wait)
    care.keep_present(lambda: given.append("database"))
    qtbot.wait(80)
    assert not given
    go_on.set()
    qtbot.waitUntil(lambda: given == ["database", False])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc can be told")
def test_threads_share_one_heap():
    assert memory.share_heap()
