"""Ctrl+K by real keys: typed, found, opened."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.store.ledger import ledgers
from tests.workspaces import Clock, make_office

WAIT = 20_000
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def program(qtbot, tmp_path, start):
    make_office(tmp_path / "office", Clock()).close()
    made = start(tmp_path / "office")
    qtbot.waitUntil(lambda: made.window.current_key == "overview", timeout=WAIT)
    settle(qtbot, made)
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow, timeout=WAIT)
    settle(qtbot, made)
    return made


def settle(qtbot, program):
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


def search_for(qtbot, program, text):
    qtbot.keyClick(program.window, Qt.Key.Key_K, CONTROL)
    palette = program.companion.finder.palette
    qtbot.waitUntil(palette.isVisible, timeout=WAIT)
    settle(qtbot, program)
    if text.isascii():
        qtbot.keyClicks(palette.field, text)
    else:
        palette.field.insert(text)  # as an input method does
    settle(qtbot, program)
    return palette


def test_a_task_is_found_by_initials_and_opened_with_enter(qtbot, program):
    palette = search_for(qtbot, program, "cjjc")
    assert "抽检监测" in palette.finds.item(0).text()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert program.window.current_key == "plan"


def test_arrows_choose_while_the_cursor_stays_in_the_field(qtbot, program):
    palette = search_for(qtbot, program, "t01")
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.finds.currentRow() == 1
    assert palette.field.text() == "t01"
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_pages_and_commands_are_found_as_well(qtbot, program):
    palette = search_for(qtbot, program, "dy")
    assert palette.finds.item(0).text() == "打印"
    qtbot.mouseClick(
        palette.finds.viewport(),
        Qt.MouseButton.LeftButton,
        pos=palette.finds.visualItemRect(palette.finds.item(0)).center(),
    )
    settle(qtbot, program)
    assert program.window.current_key == "printing"


def test_a_unit_opens_its_form(qtbot, program):
    palette = search_for(qtbot, program, "市场监管局")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    settle(qtbot, program)
    assert program.window.current_key == "recording"
    assert program.window.page("recording").units.value == "scj"


def test_what_was_not_found_is_said(qtbot, program):
    palette = search_for(qtbot, program, "zzzz")
    assert palette.finds.count() == 0
    assert "没有找到" in palette._foot.text()
    palette.reject()


def test_a_row_of_a_ledger_opens_its_grid_with_the_words_looked_for(qtbot, program):
    workspace = program._opened.workspace
    with workspace.reading() as session:
        ledger = ledgers.load_ledgers(session)[0]
    texts = {c.title: "甲字第七号" for c in ledger.columns if c.title in ledger.key}
    with workspace.writing() as writing:
        ledgers.edit_entries(writing, [LedgerEntry("", ledger.code, "scj", texts)])
    program.window.mark_changed()
    settle(qtbot, program)
    palette = search_for(qtbot, program, "jzdqh")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    settle(qtbot, program)
    assert program.window.current_key == "ledger"
    page = program.window.page("ledger")
    assert page.panel.finder.field.text() == "甲字第七号"
