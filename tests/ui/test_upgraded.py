"""After an upgrade the first window says once what changed, and leads there."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from fsdesk import __version__
from tests.ui.desks import WAIT, dispose
from tests.workspaces import make_office
from ui import app, remember
from ui.app import Program


@pytest.fixture
def opened(qtbot, only_theme, monkeypatch, tmp_path):
    """Open the office's workspace as people do, as a version of the program."""
    monkeypatch.setattr("ui.start.Theme", lambda _application: only_theme)
    make_office(tmp_path / "office").close()
    hook, programs = sys.excepthook, []

    def open_as(version):
        monkeypatch.setattr(app, "__version__", version)
        program = Program(QApplication.instance(), tmp_path / "office", None)
        programs.append(program)
        program.greets = True
        program.window.show()
        program.open()
        qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
        return program

    def close(program):
        programs.remove(program)
        program.window.close()
        dispose(program.window)

    open_as.close = close
    yield open_as
    for program in programs:
        dispose(program.window)
    sys.excepthook = hook


def told(program):
    return [it for it in program.window.banners.banners if "升级到" in it.text]


def test_it_is_said_once_and_leads_to_the_changes(opened, qtbot):
    first = opened("0.1.0")
    assert not told(first)  # who begins has seen no other version
    opened.close(first)
    second = opened("0.2.0")
    (banner,) = told(second)
    assert banner.text == "程序已从 0.1.0 版升级到 0.2.0 版。"
    (button,) = banner.findChildren(QPushButton)
    qtbot.waitUntil(
        lambda: not banner.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    )
    button.click()
    assert second.window.current_key == "about"
    qtbot.waitUntil(lambda: not second.runner.busy, timeout=WAIT)
    opened.close(second)
    assert not told(opened("0.2.0"))


def test_going_back_to_an_older_version_says_nothing(opened):
    remember.store("version", "9.0.0")
    assert not told(opened(__version__))
