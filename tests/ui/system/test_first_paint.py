"""The rest of the program comes once people see the window."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QWidget

from fsdesk.places import project_file
from ui.system import first_paint
from ui.system.first_paint import FirstPaint


class Watched(QWidget):
    def __init__(self, told):
        super().__init__()
        self._told = told

    def paintEvent(self, _event):
        self._told.append("painted")


@pytest.fixture
def told():
    return []


@pytest.fixture
def window(qtbot, told):
    made = Watched(told)
    qtbot.addWidget(made)
    return made


def test_it_comes_once_and_after_the_window_was_painted(qtbot, window, told):
    FirstPaint(window, lambda: told.append("rest"))
    assert told == []
    window.show()
    qtbot.waitUntil(lambda: "rest" in told)
    assert told.index("painted") < told.index("rest")
    window.resize(window.width() + 20, window.height())
    qtbot.wait(50)
    assert told.count("rest") == 1


def test_a_window_that_nobody_sees_goes_on_all_the_same(qtbot, window, told, monkeypatch):
    monkeypatch.setattr(first_paint, "_UNSEEN_MS", 50)
    FirstPaint(window, lambda: told.append("rest"))
    qtbot.waitUntil(lambda: told == ["rest"])
    window.show()
    qtbot.wait(50)
    assert told.count("rest") == 1


def test_a_window_that_was_closed_meanwhile_loads_nothing(qtbot, told):
    window = Watched(told)
    FirstPaint(window, lambda: told.append("rest"))
    window.deleteLater()
    qtbot.wait(50)
    assert told == []


def test_a_program_that_cannot_be_built_leaves_no_empty_window(tmp_path):
    code = (
        "import sys; sys.modules['ui.app'] = None\n"  # as where a file of the installation is gone
        "from ui.start import run_window\n"
        "run_window(None, None, [])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=project_file("."),
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert ended.returncode == 1
    assert "ui.app" in ended.stderr.splitlines()[-1]
