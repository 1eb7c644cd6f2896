"""The window copies the workspace while it is open, and goes on telling of damage."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from PySide6.QtWidgets import QLabel

from fsdesk.domain.records.records import DataValue
from fsdesk.services.records import recording
from fsdesk.store.care import copies
from fsdesk.workspace import open_workspace
from tests.ui.desks import WAIT


def daily(folder):
    return [copy for copy in copies.copies_of(folder) if copy.kind is copies.CopyKind.DAILY]


def zero_page(folder, table):
    with closing(sqlite3.connect(folder / "fsdesk.db")) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    with (folder / "fsdesk.db").open("r+b") as stream:
        stream.seek((root[0] - 1) * 4096)
        stream.write(bytes(4096))


def banners(program):
    return [banner.text for banner in program.window.banners.banners]


@pytest.fixture
def at_once(monkeypatch):
    """What is done at rest is done at once."""
    monkeypatch.setattr("ui.system.copies._REST_MS", 1)


def test_the_window_makes_a_copy_after_opening_and_after_work(start, folders, qtbot, at_once):
    folder = folders / "office"
    program = start(folder)
    qtbot.waitUntil(lambda: len(daily(folder)) == 1, timeout=WAIT)
    workspace = program._opened.workspace
    recording.record_value(workspace, "I01-1", "2026-03", DataValue(5), unit="scj")
    program.window.mark_changed()
    qtbot.waitUntil(lambda: len(daily(folder)) == 2, timeout=WAIT)
    assert banners(program) == []


def test_damage_is_told_after_opening_and_again_with_each_change(start, folders, qtbot, at_once):
    folder = folders / "office"
    zero_page(folder, "review_comment")
    program = start(folder)
    qtbot.waitUntil(lambda: bool(banners(program)), timeout=WAIT)
    (words,) = banners(program)
    assert "已损坏：表“审核意见”有损坏的页" in words
    assert "从备份恢复" in words
    program.window.banners.banners[0].dismiss()
    program.window.mark_changed()
    assert banners(program) == [words]
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
    assert daily(folder) == []


def test_damage_that_bars_the_door_is_told_on_the_page(start, folders):
    open_workspace(folders / "office").close()
    zero_page(folders / "office", "indicator")
    program = start(folders / "office")
    texts = [shown.text() for shown in program.window.page("start").findChildren(QLabel)]
    assert any("已损坏" in text and "最近一份完好的备份" in text for text in texts), texts
