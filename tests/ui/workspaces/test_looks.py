"""The first page in each of its states: nothing cut off, everything named and in reach."""

from __future__ import annotations

import shutil

import pytest

from fsdesk.services.care import known
from fsdesk.workspace import open_workspace
from tests.ui import looking

WAIT = 20_000
# The screen of most offices less the task bar, and the same at 150 %.
SIZES = [(1366, 728), (911, 485)]


@pytest.fixture(autouse=True)
def own_data(monkeypatch, tmp_path):
    """Nobody's workspace is found by itself."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def first_run(start, folders):
    return start(folders / "食品药品安全工作台的数据-2026" / "a-place-with-a-long-name" / "nobody")


def gone(start, folders):
    for name in ("unit", "office"):
        with open_workspace(folders / name) as workspace:
            known.remember(workspace)
    shutil.move(folders / "office", folders / "away")
    return start(None)


def new_one(start, folders):
    program = start(folders / "unit")
    program.choices.make_new()
    return program


def damaged_list(start, folders):
    """Nothing is found, and why not is said above the form."""
    known.place().parent.mkdir(parents=True, exist_ok=True)
    known.place().write_text("{", encoding="utf-8")
    return start(None)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", [first_run, gone, new_one, damaged_list])
def test_the_first_page_can_be_read_and_worked_by_keys(start, folders, qtbot, qapp, state, size):
    program = state(start, folders)
    flashes = looking.Flashes(program.window)
    qapp.installEventFilter(flashes)
    program.window.resize(*size)
    page = program.window.page("start")
    shown = "trouble" if state is gone else "form"
    qtbot.waitUntil(lambda: hasattr(page, shown) and not program.runner.busy, timeout=WAIT)
    looking.settle()
    qapp.removeEventFilter(flashes)
    assert flashes.seen == []
    order = looking.tab_order(program.window)
    assert looking.clipped(program.window) == []
    assert looking.missing_glyphs(program.window) == []
    assert looking.nameless(program.window) == []
    assert [looking._name(it) for it in looking.focusable(page) if it not in order] == []
    assert looking.jumps_back(page, order) == []
