"""Qt is told what it needs; programs that are opened from here are told nothing of that."""

from __future__ import annotations

import ctypes
import os
import sys
from types import SimpleNamespace

import pytest

from ui.system.environment import (
    leave_package,
    libraries_aside,
    prepare_typing,
    telling_of_package,
    told_to_qt,
)
from ui.system.scaling import set_scale

PACKAGE = "/opt/apps/fsdesk/files/_internal"


@pytest.fixture
def packaged(monkeypatch):
    """As in the packaged program."""
    monkeypatch.setattr(sys, "_MEIPASS", PACKAGE, raising=False)


def started(**more):
    """What PyInstaller's start leaves behind."""
    return {
        "HOME": "/home/li",
        "PATH": "/usr/bin",
        "LD_LIBRARY_PATH": PACKAGE,
        "QT_PLUGIN_PATH": f"{PACKAGE}/PySide6/Qt/plugins",
        "QML2_IMPORT_PATH": f"{PACKAGE}/PySide6/Qt/qml",
        "_PYI_APPLICATION_HOME_DIR": PACKAGE,
        **more,
    }


def test_nothing_tells_other_programs_of_the_package(packaged):
    left = started()
    assert len(telling_of_package(left)) == 4
    leave_package(left)
    assert left == {"HOME": "/home/li", "PATH": "/usr/bin"}
    assert telling_of_package(left) == []


def test_libraries_that_the_user_named_are_named_again(packaged):
    left = started(
        LD_LIBRARY_PATH=f"{PACKAGE}:/opt/oracle/lib", LD_LIBRARY_PATH_ORIG="/opt/oracle/lib"
    )
    leave_package(left)
    assert left["LD_LIBRARY_PATH"] == "/opt/oracle/lib"
    assert "LD_LIBRARY_PATH_ORIG" not in left


def test_run_from_source_everything_stays():
    left = started()
    leave_package(left)
    assert left == started()
    assert telling_of_package(left) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"XMODIFIERS": "@im=fcitx"}, {"QT_IM_MODULE": "ibus", "IBUS_USE_PORTAL": "1"}),
        ({"QT_IM_MODULE": "fcitx"}, {"QT_IM_MODULE": "ibus", "IBUS_USE_PORTAL": "1"}),
        ({"QT_IM_MODULE": "ibus"}, {"QT_IM_MODULE": "ibus"}),
        ({}, {}),
    ],
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="input methods of Linux")
def test_fcitx5_is_reached_in_the_place_of_ibus(before, after):
    environment = dict(before)
    prepare_typing(environment)
    assert {name: environment.get(name) for name in after} == after


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="input methods of Linux")
def test_what_qt_is_told_is_taken_back_once_the_application_is_made():
    set_scale(150)
    before = {"QT_IM_MODULE": "fcitx", "HOME": "/home/li"}
    told = dict(before)
    with told_to_qt(told):
        assert told["QT_IM_MODULE"] == "ibus"
        assert told["IBUS_USE_PORTAL"] == "1"
        assert told["QT_SCALE_FACTOR"] == "1.5"
    assert told == before


def test_on_windows_the_libraries_are_set_aside_while_a_program_is_started(packaged, monkeypatch):
    folders = []
    kernel = SimpleNamespace(SetDllDirectoryW=folders.append)
    windows = SimpleNamespace(kernel32=kernel)
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)
    paths = os.pathsep.join((f"{PACKAGE}/PySide6", PACKAGE, "/windows"))
    here = {"PATH": paths}
    with libraries_aside(here):
        assert here == {"PATH": paths}  # elsewhere they are named by a variable of their own
    monkeypatch.setattr(sys, "platform", "win32")
    with libraries_aside(here):
        assert folders == [None]
        assert here == {"PATH": "/windows"}
    assert folders == [None, PACKAGE]
    assert here == {"PATH": paths}
