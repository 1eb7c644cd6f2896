"""Modules of pages are loaded on the window's own thread, what takes long in a worker.

Classes of Qt that are made in a worker while the window draws ended the program once in a while.
That no test's worker loads Qt is watched by `tests/ui/conftest.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading

from PySide6.QtCore import QObject

from fsdesk.places import project_file
from ui.page import PageSpec
from ui.system.page_modules import PageModules
from ui.tasks import TaskRunner

_SCRIPT = """
import json, sys
import ui.app, ui.desk, ui.drafts, ui.system.memory
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


def told_by(script):
    """Return what a script of its own process prints as JSON."""
    command = [sys.executable, "-c", script]
    ended = subprocess.run(
        command, check=True, cwd=project_file("."), capture_output=True, text=True
    )
    return json.loads(ended.stdout)


def test_a_worker_loads_all_of_the_core_and_nothing_of_qt():
    script = f"import unittest.mock\n{_SCRIPT}"
    in_worker, for_pages = told_by(script)
    assert not [name for name in in_worker if name.split(".")[0] in {"PySide6", "shiboken6", "ui"}]
    assert "fsdesk.services.output.outputs" in in_worker
    # What is left for the window's own thread is the pages themselves, and a small module.
    assert {name.split(".")[0] for name in {*for_pages} - {"difflib"}} <= {"ui", "PySide6"}
    assert "ui.pages.recording.recording" in for_pages


def test_pages_are_loaded_one_after_another_once_nothing_works(qtbot):
    loaded = []

    def spec(key):
        return PageSpec(key, key, "info", QObject, load=lambda: loaded.append(key))

    owner, runner = QObject(), TaskRunner(lambda *_: None)
    go_on = threading.Event()
    runner.run(go_on.wait)
    PageModules(runner, owner).load([spec("a"), spec("b"), spec("c")])
    qtbot.wait(600)
    assert loaded == []  # the page that is shown comes first
    go_on.set()
    qtbot.waitUntil(lambda: len(loaded) == 3)
    assert loaded == ["a", "b", "c"]
    runner.close()


def test_the_first_page_finds_its_core_loaded():
    script = (
        "import json, sys, unittest.mock\n"
        "import ui.app, ui.desk, ui.drafts, fsdesk.workspace, fsdesk.services.care.known\n"
        "from ui import pages\n"
        "from ui.system import libraries\n"
        "libraries.load_first()\n"
        "assert 'fsdesk.services.output.outputs' not in sys.modules\n"
        "before = set(sys.modules)\n"
        "for is_office in (True, False):\n"
        "    pages.page_specs(unittest.mock.MagicMock(is_office=is_office), None)[0].load()\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))\n"
    )
    assert {name.split(".")[0] for name in told_by(script)} <= {"ui", "PySide6"}
