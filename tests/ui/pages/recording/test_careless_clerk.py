"""A careless clerk by real keys: wrong figures, a form left half typed, the wrong file, twice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.store.records import records
from tests.workspaces import MARCH

WAIT = 20_000
CONTROL = Qt.KeyboardModifier.ControlModifier
TAB, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Return


@pytest.fixture
def at_form(qtbot, start):
    """Start the program at March's form."""

    def begin(folder):
        program = start(folder)
        qtbot.waitUntil(lambda: program.window.current_key != "start", timeout=WAIT)
        program.window.top_bar.set_period((2026,), str(MARCH))
        program.window._change_period(str(MARCH))
        program.window.open("recording")
        settle(qtbot, program)
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
        return program

    return begin


def settle(qtbot, program):
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


def form(program):
    page = program.window.page("recording")
    return page, page.forms.views[page.tasks.code]


def stored(program, item):
    workspace = program._opened.workspace
    with workspace.reading() as session:
        found = records.find(session, RecordKey(RecordKind.VALUE, item, "scj", str(MARCH)))
    return found.content if found else None


def mistype(qtbot, program):
    """A letter for a figure, seen and mended."""
    samples = form(program)[1].values[0]
    samples.first.setFocus()
    qtbot.keyClicks(samples.first, "12o")
    qtbot.keyClick(samples.first, ENTER)
    settle(qtbot, program)
    assert "应为数字" in samples.words.text()
    assert stored(program, "I01-1") is None
    samples.first.setFocus()
    qtbot.keyClick(samples.first, Qt.Key.Key_A, CONTROL)
    qtbot.keyClicks(samples.first, "120")
    qtbot.keyClick(samples.first, ENTER)
    settle(qtbot, program)
    assert not samples.wrong


def close_half_typed(qtbot, program):
    """More handled than there were, and the window closed at once: it asks nothing."""
    rate = form(program)[1].values[2]
    rate.fields[0].setFocus()
    qtbot.keyClicks(rate.fields[0], "9")
    qtbot.keyClick(rate.fields[0], TAB)
    qtbot.keyClicks(rate.fields[1], "8")
    program.window.close()
    assert not program.window.isVisible()


def mend(qtbot, program):
    """What could not be stored yesterday stands there, marked, and is mended."""
    rate = form(program)[1].values[2]
    assert [field.text() for field in rate.fields] == ["9", "8"]
    assert "还没有保存" in rate.words.text()
    rate.fields[1].setFocus()
    rate.fields[1].selectAll()
    qtbot.keyClicks(rate.fields[1], "10")
    qtbot.keyClick(rate.fields[1], TAB)
    settle(qtbot, program)
    assert not rate.wrong


def test_wrong_figures_a_closed_window_and_everything_undone_next_day(qtbot, at_form, folders):
    program = at_form(folders / "unit")
    mistype(qtbot, program)
    close_half_typed(qtbot, program)
    again = at_form(folders / "unit")
    mend(qtbot, again)
    page, view = form(again)
    assert view.values[0].first.text() == "120"
    assert [field.text() for field in view.values[2].fields] == ["9", "10"]
    while page.undo.isEnabled():
        qtbot.keyClick(page.tasks, Qt.Key.Key_Z, CONTROL)
        settle(qtbot, again)
    assert stored(again, "I01-1") == DataValue()
    assert view.values[2].fields[0].text() == ""
    while page.redo.isEnabled():
        qtbot.keyClick(page.tasks, Qt.Key.Key_Y, CONTROL)
        settle(qtbot, again)
    assert stored(again, "I01-1") == DataValue(120)
    assert stored(again, "I01-3") == DataValue(None, 9, 10)


def test_the_wrong_file_and_the_right_one_twice_do_no_harm(qtbot, at_form, folders, monkeypatch):
    from fsdesk.workspace import open_workspace

    report, letter = folders / "报送包.xlsx", folders / "通知.xlsx"
    letter.write_bytes(b"no workbook")
    with open_workspace(folders / "unit") as unit:
        recording.record_value(unit, "I01-1", str(MARCH), DataValue(120))
        exchange.export_report(unit, MARCH, report)
    office = at_form(folders / "office")
    office.window.open("exchange")
    settle(qtbot, office)
    page = office.window.page("exchange")
    page.incoming.zone.paths_chosen.emit([letter, report, report])
    settle(qtbot, office)
    qtbot.mouseClick(page.take, Qt.MouseButton.LeftButton)
    settle(qtbot, office)
    assert "已导入 1 个" in page.incoming.result.text()
    assert stored(office, "I01-1") == DataValue(120)
    page.incoming.zone.paths_chosen.emit([report])
    settle(qtbot, office)
    assert "120" not in {change.after for change in page.incoming.changes.rows}
    assert stored(office, "I01-1") == DataValue(120)
