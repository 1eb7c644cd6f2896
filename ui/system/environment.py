"""What Qt is told by the environment, and what programs opened from here must not be told.

A spreadsheet program that is started to show a table inherits the environment. With the package's
libraries it may not start, with what is meant for our Qt it would be enlarged, or typed into by
another input method than the desktop's.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.system.scaling import prepare_scale

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, MutableMapping

_LIBRARIES, _AS_BEFORE = "LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG"
_FOR_THE_PACKAGE = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH", _LIBRARIES)
_OF_ITS_START = "_PYI_"


def package_folder() -> str:
    """Return the folder of the packaged program's libraries; empty when run from source."""
    return str(getattr(sys, "_MEIPASS", ""))


def leave_package(environment: MutableMapping[str, str]) -> None:
    """Take back what PyInstaller's start told this process; it has been heeded by now.

    Source: PyInstaller's manual, "Launching external programs from the frozen application".
    """
    if not package_folder():
        return
    for name in list(environment):
        if name in _FOR_THE_PACKAGE or name.startswith(_OF_ITS_START):
            del environment[name]
    if _AS_BEFORE in environment:
        environment[_LIBRARIES] = environment.pop(_AS_BEFORE)


def telling_of_package(environment: Mapping[str, str]) -> list[str]:
    """Return the variables by which other programs would find the package's libraries."""
    package = package_folder()
    return [name for name, value in environment.items() if package and package in value]


@contextmanager
def told_to_qt(environment: MutableMapping[str, str]) -> Generator[None]:
    """Tell Qt how to type and at what scale, only while the application is made."""
    before = dict(environment)
    prepare_typing(environment)
    prepare_scale(environment)
    try:
        yield
    finally:
        for name in set(environment) - set(before):
            del environment[name]
        environment.update(before)


def types_by_fcitx(environment: Mapping[str, str]) -> bool:
    """Tell whether the desktop is set up for fcitx."""
    names = environment.get("QT_IM_MODULE", "") + environment.get("XMODIFIERS", "")
    return sys.platform.startswith("linux") and "fcitx" in names


def prepare_typing(environment: MutableMapping[str, str]) -> None:
    """Let Chinese be typed with fcitx5 on Linux.

    The Qt of the wheels has no plug-in for fcitx; fcitx5 answers in ibus's place over the desktop
    portal, and fcitx 4 is reached by `ui.system.fcitx`.
    """
    if types_by_fcitx(environment):
        environment["QT_IM_MODULE"] = "ibus"
        environment["IBUS_USE_PORTAL"] = "1"


@contextmanager
def libraries_aside(environment: MutableMapping[str, str] = os.environ) -> Generator[None]:
    """Keep the package's libraries from a program that is started meanwhile.

    On Windows this one needs them named all the time: by PATH, for Qt's plug-ins, and by a setting
    that is inherited like a variable.
    """
    package = package_folder()
    if sys.platform != "win32" or not package:
        yield
        return
    from ctypes import windll

    paths = environment["PATH"]
    others = [path for path in paths.split(os.pathsep) if not path.startswith(package)]
    environment["PATH"] = os.pathsep.join(others)
    windll.kernel32.SetDllDirectoryW(None)
    try:
        yield
    finally:
        windll.kernel32.SetDllDirectoryW(package)
        environment["PATH"] = paths
