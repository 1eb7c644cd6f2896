"""An empty PC, with a clock of its own, and an office elsewhere."""

from __future__ import annotations

import pytest

from fsdesk.services.care import known
from tests.ui.hands import WAIT
from tests.ui.stories.unit_month import SIZES, Clerk


@pytest.fixture
def clock(pc_clock):
    """The PC's clock, at the beginning of March."""
    pc_clock.set("2026-03-02T01:00:00+00:00")
    return pc_clock


@pytest.fixture(params=SIZES)
def size(request):
    return SIZES[request.param]


@pytest.fixture
def sit_down(start, qtbot, monkeypatch, tmp_path, size):
    """Start the program on a folder where nothing is yet."""
    monkeypatch.setenv(known.PLACE, str(tmp_path / "pc" / "workspaces.json"))
    programs = []

    def begin():
        program = start(tmp_path / "mine")
        programs.append(program)
        program.window.resize(*size)
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
        clerk = Clerk(qtbot, program, monkeypatch, tmp_path / "mine")
        clerk.settle()
        return clerk

    yield begin
    for program in programs:  # after a failed test a question would wait for ever
        monkeypatch.setattr(program.messages, "ask", lambda *_, **__: "仍然关闭")
