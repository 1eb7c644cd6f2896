"""PySide6 doesn't read the source of what is imported: it was a third of the start."""

from __future__ import annotations

import subprocess
import sys

from fsdesk.places import project_file

_SCRIPT = """
import linecache, sys
import ui.app, fsdesk.workspace
assert {"PySide6.QtWidgets", "sqlalchemy"} <= set(sys.modules)
print(sum(name.endswith(".py") for name in linecache.cache))
"""


def test_no_source_is_read_when_the_window_and_the_store_are_loaded():
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        check=True,
        cwd=project_file("."),
        capture_output=True,
        text=True,
    )
    assert int(ended.stdout) < 10
