"""从备份恢复 in the window: seen, chosen and done by keys and mouse, and opened anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.services.care import maintenance
from fsdesk.services.records import recording
from fsdesk.store.care import backup
from fsdesk.store.records import records
from fsdesk.workspace import DATABASE, open_workspace
from tests.ui.hands import Hands
from tests.workspaces import Clock
from ui.workspaces.restoring import RestoreDialog

VALUE = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")
WORD = "四月的口令一二三"


def record(workspace, number):
    recording.save_all(workspace, [(VALUE, DataValue(number))])


def value_in(folder):
    with open_workspace(folder, write=False) as workspace, workspace.reading() as session:
        return {r.key: r.content for r in records.load_records(session)}.get(VALUE)


@pytest.fixture
def unit(folders):
    """A unit's folder with a copy in which 210 stands, after which 300 was typed."""
    folder = folders / "unit"
    with open_workspace(folder, clock=Clock()) as workspace:
        record(workspace, 210)
        backup.snapshot(workspace.engine, folder / "backups" / "daily-20260402.db")
        record(workspace, 300)
    return folder


@pytest.fixture
def hands(start, qtbot, monkeypatch):
    """Start the program on a folder and put hands on it."""
    return lambda folder: Hands(qtbot, start(folder), monkeypatch)


def dialog(hands):
    (found,) = hands.window.findChildren(RestoreDialog)
    hands.wait(found.isVisible)
    return found


def choose(hands, found, name):
    """Walk the list by the arrows until a file is chosen."""
    found.table.setFocus()
    for _ in range(len(found.model.rows)):
        hands.press("Up")
    for _ in range(len(found.model.rows)):
        if found.table.current_row().file.name == name:
            break
        hands.press("Down")
    assert found.table.current_row().file.name == name


def test_an_open_workspace_is_put_back_and_says_so(hands, unit):
    hands = hands(unit)
    hands.program.choices.restore()
    found = dialog(hands)
    choose(hands, found, "daily-20260402.db")
    hands.wait(found.yes.isEnabled)
    assert "恢复后失去 1 处改动：填报数据 1" in found.words.toPlainText()
    assert "300" in found.words.toPlainText()
    hands.press("Return")  # in the list it opens nothing: the button does
    hands.click(found.yes)
    hands.wait(lambda: any("已恢复到副本“daily-20260402.db”" in told for told in hands.told))
    assert "recording" in hands.window.keys
    hands.program.window.close()
    assert value_in(unit) == DataValue(210)


def test_the_settings_lead_there_and_cancel_leaves_all_as_it_is(hands, unit):
    hands = hands(unit)
    hands.window.open("settings")
    hands.settle()
    hands.click(hands.button("从备份恢复…"))
    found = dialog(hands)
    hands.wait(lambda: bool(found.model.rows))
    hands.press("Escape")
    hands.program.window.close()
    assert value_in(unit) == DataValue(300)


def test_a_workspace_that_does_not_open_is_put_back_from_the_page_that_says_so(hands, unit):
    (unit / DATABASE).write_bytes(b"zeros" * 2000)
    hands = hands(unit)
    hands.wait(lambda: hasattr(hands.window.page("start"), "trouble"))
    hands.click(hands.button("从备份恢复…"))
    found = dialog(hands)
    choose(hands, found, "daily-20260402.db")
    hands.wait(found.yes.isEnabled)
    assert "无法得知" in found.words.toPlainText()
    hands.click(found.yes)
    hands.wait(lambda: "recording" in hands.window.keys)
    hands.program.window.close()
    assert value_in(unit) == DataValue(210)


def test_a_damaged_copy_can_be_seen_but_not_used(hands, unit):
    (unit / "backups" / "daily-20260402.db").write_bytes(b"nothing" * 1000)
    hands = hands(unit)
    hands.program.choices.restore()
    found = dialog(hands)
    hands.wait(lambda: bool(found.model.rows))
    choose(hands, found, "daily-20260402.db")
    hands.settle()
    assert not found.yes.isEnabled()
    assert "已损坏" in found.words.toPlainText()


def test_a_locked_backup_from_elsewhere_asks_for_its_word(hands, unit, tmp_path, monkeypatch):
    with open_workspace(unit, clock=Clock()) as workspace:
        maintenance.back_up(workspace, tmp_path / "b.zip", WORD)
        record(workspace, 400)
    hands = hands(unit)
    hands.program.choices.restore()
    found = dialog(hands)
    hands.wait(lambda: bool(found.model.rows))
    hands.give_file(tmp_path / "b.zip")
    hands.click(found.choose)
    hands.wait(lambda: any(point.locked for point in found.model.rows))
    assert not found.yes.isEnabled()
    monkeypatch.setattr("ui.workspaces.restoring.ask_passphrase", lambda *_: WORD)
    hands.click(found.unlock)
    hands.wait(found.yes.isEnabled)
    hands.qtbot.keyClick(found.yes, Qt.Key.Key_Space)
    hands.wait(lambda: any("已恢复到副本“b.zip”" in told for told in hands.told))
    hands.program.window.close()
    assert value_in(unit) == DataValue(300)
