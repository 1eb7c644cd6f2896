"""The first-time trial of docs/trial.md, step by step, by real mouse and keys, for three units."""

from __future__ import annotations

import re
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.steps import run_through
from fsdesk.places import project_file
from fsdesk.services.care import setup
from fsdesk.services.packet import checking, exchange
from tests.ui.desks import dispose
from tests.workspaces import MARCH
from ui.app import Program
from ui.pages.recording.value_editor import ValueEditor
from ui.widgets.choice import Choice

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton
MOST_ACTIONS = 12
# A bureau that shares targets with others, a street, and one whose figures come from a ledger.
UNITS = ("区市场监管局", "西兴街道", "区教育局")


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    """The packets of the built-in plan, as the office sends them to its units."""
    folder = tmp_path_factory.mktemp("issued")
    with setup.create_office(folder / "office", load_builtin_plan(2026)) as office:
        run_through(exchange.issue_packets(office, MARCH, folder / "out"))
    return folder / "out"


@pytest.fixture
def program(qtbot, tmp_path, only_theme, monkeypatch):
    monkeypatch.setattr("ui.start.Theme", lambda _application: only_theme)
    hook = sys.excepthook
    made = Program(QApplication.instance(), tmp_path / "mine", None)
    made.greets = True
    yield made
    dispose(made.window)
    sys.excepthook = hook


def steps():
    text = project_file("docs/trial.md").read_text(encoding="utf-8")
    return re.findall(r"^\d+\. (.+)$", text, re.MULTILINE)


def settle(qtbot, program):
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


def open_the_packet(qtbot, program, packet, monkeypatch, done):
    program.window.show()
    program.open()
    start = program.window.page("start")
    qtbot.waitUntil(lambda: hasattr(start, "form"), timeout=WAIT)
    done.append("打开程序")
    monkeypatch.setattr(start._files, "open_one", lambda *_: done.append("选中下发包") or packet)
    done.append("打开下发包")
    qtbot.mouseClick(start.form.packet, LEFT)
    qtbot.waitUntil(lambda: program.window.current_key == "overview", timeout=WAIT)
    settle(qtbot, program)
    qtbot.waitUntil(lambda: program.companion.tour is not None, timeout=WAIT)
    qtbot.mouseClick(program.companion.tour.skip, LEFT)
    done.append("跳过")


def open_the_first_task(qtbot, program, done):
    program.window.top_bar.set_period((2026,), str(MARCH))  # the test's March, whatever day it is
    program.window.period_changed.emit(str(MARCH))
    due = program.window.page("overview").due
    program.window.page("overview").refresh(str(MARCH))
    settle(qtbot, program)
    first = due.model().index(0, 0)
    spot = due.visualRect(first).center()
    qtbot.mouseClick(due.viewport(), LEFT, pos=spot)
    qtbot.mouseDClick(due.viewport(), LEFT, pos=spot)
    done.append("双击")
    settle(qtbot, program)


def fill_in_where_the_cursor_stands(qtbot, program, done):
    """Type or choose without touching the mouse, as the words of the steps say."""
    page = program.window.page("recording")
    view = page.forms.views[page.tasks.code]
    editor = next(each for each in view.editors if each.has_focus)
    assert QApplication.focusWidget() is editor.first_empty
    at = QApplication.focusWidget()
    done.append("是数字框的")
    if isinstance(editor, ValueEditor):
        for _ in editor.fields:
            assert isinstance(QApplication.focusWidget(), QLineEdit)
            qtbot.keyClicks(QApplication.focusWidget(), "12")
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    else:
        assert isinstance(at, Choice)
        qtbot.keyClick(at, Qt.Key.Key_Down)
        qtbot.keyClick(at, Qt.Key.Key_Return)
    done.append("按回车")
    settle(qtbot, program)
    assert QApplication.focusWidget() is not at
    assert "已保存" in program.window.status.text
    if isinstance(editor, ValueEditor):
        assert "12" in editor.to_date.text()
        assert editor.badge._text != "—"


def export(qtbot, program, report, monkeypatch, done):
    page = program.window.page("recording")
    qtbot.mouseClick(page.header.primary, LEFT)
    done.append("检查并导出")
    settle(qtbot, program)
    assert page.export.model.rows
    monkeypatch.setattr(program.files, "save", lambda *_: report)
    qtbot.mouseClick(page.export.change, LEFT)
    done.append("更改…")
    assert page.export.where.text() == str(report)
    qtbot.mouseClick(page.export.export, LEFT)
    done.append("点“导出报送包”")
    settle(qtbot, program)
    assert "已导出" in page.export.done.text()
    qtbot.mouseClick(page.export.copy, LEFT)
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    assert url.toLocalFile() == str(report)
    QGuiApplication.clipboard().clear()  # it would outlive Python here, and end in a fault


@pytest.mark.parametrize("unit", UNITS)
def test_from_a_fresh_start_to_an_exported_packet(
    qtbot, program, issued, tmp_path, monkeypatch, unit
):
    (packet,) = issued.glob(f"*{unit}*.xlsx")
    done, report = [], tmp_path / "报送包.xlsx"
    open_the_packet(qtbot, program, packet, monkeypatch, done)
    open_the_first_task(qtbot, program, done)
    fill_in_where_the_cursor_stands(qtbot, program, done)
    export(qtbot, program, report, monkeypatch, done)
    read = checking.read(report)
    assert (read.header.unit_name, len(read.filled)) == (unit, 1)
    written = steps()
    assert len(done) == len(written) <= MOST_ACTIONS
    assert [_place(written, action) for action in done] == list(range(len(written)))


def _place(written, action):
    return next(n for n, step in enumerate(written) if action in step)
