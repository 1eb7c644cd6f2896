"""Modules of pages are loaded on the window's own thread, what takes long in a worker.

Classes of Qt that are made in a worker while the window draws ended the program once in a while.
That no test's worker loads Qt is watched by `tests/ui/conftest.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys

from PySide6.QtCore import QObject

from fsdesk.places import project_file
from ui.page import PageSpec
from ui.system.page_modules import PageModules

_SCRIPT = """
import json, sys
import ui.app, ui.desk, ui.drafts
from ui import pages
from ui.system import libraries
import fsdesk.workspace
before = set(sys.modules)
libraries.load()
loaded = set(sys.modules) - before
for is_office in (True, False):
    desk = unittest.mock.MagicMock(is_office=is_office)
    for spec in pages.page_specs(desk, None):
        spec.load()
print(json.dumps([sorted(loaded), sorted(set(sys.modules) - loaded - before)]))
"""


def test_a_worker_loads_all_of_the_core_and_nothing_of_qt():
    script = f"import unittest.mock\n{_SCRIPT}"
    ended = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        cwd=project_file("."),
        capture_output=True,
        text=True,
    )
    in_worker, for_pages = json.loads(ended.stdout)
    assert not [name for name in in_worker if name.split(".")[0] in {"PySide6", "shiboken6", "ui"}]
    assert "fsdesk.services.output.outputs" in in_worker
    # What is left for the window's own thread is the pages themselves, and a small module.
    small = {"difflib"}
    assert {name.split(".")[0] for name in {*for_pages} - small} <= {"ui", "PySide6"}
    assert "ui.pages.recording.recording" in for_pages


def test_pages_are_loaded_one_after_another_in_quiet_moments(qtbot):
    loaded = []

    def spec(key):
        return PageSpec(key, key, "info", QObject, load=lambda: loaded.append(key))

    owner = QObject()
    PageModules(owner).load([spec("a"), spec("b"), spec("c")])
    assert loaded == []  # the page that is shown comes first
    qtbot.waitUntil(lambda: len(loaded) == 3)
    assert loaded == ["a", "b", "c"]
