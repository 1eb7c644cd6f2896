"""Keeps PySide6 from reading the source of every module that is imported.

Once QtCore is loaded, PySide6 looks through the source of each module that comes later, for its own
name: whether that module may switch on other spellings of Qt's methods. We switch on none. It reads
what no one needs, a third of the whole start, and keeps all of it, 60 MB. In the packaged program
there is no source to read, and what is left undone here is undone there as well.
"""

from __future__ import annotations

import linecache
import sys

import PySide6.QtCore  # noqa: F401 - brings what is looked up below

_FEATURE, _LOOK = "shibokensupport.feature", "_mod_uses_pyside"


def leave_unread() -> bool:
    """Tell PySide6 that no module asks for other spellings; return whether it could be told."""
    feature = sys.modules.get(_FEATURE)
    if feature is None or not hasattr(feature, _LOOK):
        return False  # another version: all works, with more memory
    setattr(feature, _LOOK, lambda _module: False)
    linecache.clearcache()  # what was read before
    return True
