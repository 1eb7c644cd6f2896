"""The first-time trial of docs/trial.md, step by step, by real mouse and keys."""

from __future__ import annotations

import re
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from fsdesk.domain.records.records import DataValue
from fsdesk.places import project_file
from fsdesk.services.packet import checking
from tests.ui.desks import dispose
from tests.workspaces import MARCH
from ui.app import Program

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton
MOST_ACTIONS = 12


@pytest.fixture
def program(qtbot, tmp_path, only_theme, monkeypatch):
    monkeypatch.setattr("ui.app.Theme", lambda _application: only_theme)
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


def press_button(qtbot, box, words):
    """Press a button of a question, as a person would."""
    button = next(b for b in box.buttons() if b.text() == words)
    qtbot.mouseClick(button, LEFT)


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


def type_a_figure(qtbot, program, done):
    program.window.top_bar.set_period((2026,), str(MARCH))  # the test's March, whatever day it is
    program.window.period_changed.emit(str(MARCH))
    due = program.window.page("overview").due
    program.window.page("overview").refresh(str(MARCH))
    settle(qtbot, program)
    spot = due.visualRect(due.model().index(0, 0)).center()
    qtbot.mouseClick(due.viewport(), LEFT, pos=spot)
    qtbot.mouseDClick(due.viewport(), LEFT, pos=spot)
    done.append("双击")
    page = program.window.page("recording")
    page.refresh(str(MARCH))
    settle(qtbot, program)
    samples = page.forms.views[page.tasks.code].values[0]
    qtbot.mouseClick(samples.first, LEFT)
    qtbot.keyClicks(samples.first, "120")
    done.append("输入数字")
    qtbot.keyClick(samples.first, Qt.Key.Key_Return)
    settle(qtbot, program)
    assert samples.to_date.text().endswith("120")
    assert "已保存" in program.window.status.text
    done.append("按回车")


def export(qtbot, program, report, monkeypatch, done):
    def answer(box):
        done.append("仍然导出")
        press_button(qtbot, box, "仍然导出")

    monkeypatch.setattr(program.files, "save", lambda *_: done.append("确认保存位置") or report)
    monkeypatch.setattr(QMessageBox, "exec", answer)
    done.append("检查并导出")
    qtbot.mouseClick(program.window.page("recording").header.primary, LEFT)
    settle(qtbot, program)
    assert any("已导出" in banner.text for banner in program.window.banners.banners)


def test_from_a_fresh_start_to_an_exported_packet(qtbot, program, packet, tmp_path, monkeypatch):
    done, report = [], tmp_path / "报送包.xlsx"
    open_the_packet(qtbot, program, packet, monkeypatch, done)
    type_a_figure(qtbot, program, done)
    export(qtbot, program, report, monkeypatch, done)
    assert {record.content for record in checking.read(report).filled} == {DataValue(120)}
    written = steps()
    assert len(done) == len(written) <= MOST_ACTIONS
    assert [_place(written, action) for action in done] == list(range(len(written)))


def _place(written, action):
    return next(n for n, step in enumerate(written) if action in step)
