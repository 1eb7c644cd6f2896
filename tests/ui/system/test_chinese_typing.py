"""Chinese is really typed: a virtual screen, an input method, keys pressed, and what arrives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# Begins with pinyin; the installed program is tried with it as well.
PROFILE = ROOT / "installers/debian/fcitx5-profile"
# Runs in a process of its own: the input method is chosen once, before Qt starts.
WINDOW = """
import os, subprocess, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit
from ui.system import fcitx
from ui.system.environment import types_by_fcitx
from ui.start import make_application
application = make_application()
bridge = fcitx.connect(application) if types_by_fcitx(os.environ) else None
print("by the bridge" if bridge else "by the plug-in", flush=True)
field = QPlainTextEdit()
field.show()
field.activateWindow()
field.setFocus()
until = time.monotonic() + 60
def press(*keys):
    subprocess.run(["xdotool", *keys], check=True)
def begin():
    if not field.hasFocus():
        press("windowfocus", str(int(field.winId())))
        return QTimer.singleShot(200, begin)
    subprocess.run(SWITCH_ON, check=True)
    QTimer.singleShot(500, type_it)
def type_it():
    if field.toPlainText():
        print(field.toPlainText(), flush=True)
        return application.quit()
    if time.monotonic() > until:
        return application.quit()
    press("type", "--delay", "60", "nihao")
    QTimer.singleShot(500, lambda: press("key", "space"))
    QTimer.singleShot(1500, type_it)
QTimer.singleShot(500, begin)
application.exec()
"""


@pytest.fixture
def screen():
    """A virtual screen; the window's tests need none, this one has real keys."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        yield ":" + server.stdout.readline().strip()
        server.terminate()


def typed(screen, home, method, start, switch_on):
    """Type nihao and a space into a text field while an input method runs; give the text."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("QT_")},
        "DISPLAY": screen,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_RUNTIME_DIR": str(home),
        "QT_QPA_PLATFORM": "xcb",
        "QT_IM_MODULE": method,
        "XMODIFIERS": f"@im={method}",
        "PYTHONPATH": str(ROOT),
    }
    script = home / "window.py"
    script.write_text(WINDOW.replace("SWITCH_ON", repr(switch_on)), encoding="utf-8")
    session = ["dbus-run-session", "--", "sh", "-c", f"{start}; exec {sys.executable} {script}"]
    done = subprocess.run(
        session, env=environment, capture_output=True, text=True, timeout=90, check=False
    )
    return done.stdout.split("\n")[:-1] or done.stderr


@pytest.fixture
def home(tmp_path):
    """A home whose fcitx5 begins with pinyin."""
    profile = tmp_path / "config/fcitx5/profile"
    profile.parent.mkdir(parents=True)
    shutil.copy(PROFILE, profile)
    return tmp_path


@pytest.mark.foreign("Xvfb", "dbus-run-session", "xdotool", "fcitx5")
def test_with_fcitx5_the_keys_nihao_and_space_give_the_word(screen, home):
    start = "fcitx5 --disable=wayland >/dev/null 2>&1 & sleep 2"
    told = typed(screen, home, "fcitx", start, ["fcitx5-remote", "-o"])
    assert told == ["by the plug-in", "你好"]


@pytest.mark.foreign("Xvfb", "dbus-run-session", "xdotool", "fcitx5")
def test_with_the_interface_of_fcitx4_too(screen, home):
    # fcitx5 speaks it as well; without its other one for Qt only the bridge is left.
    start = "fcitx5 --disable=wayland,ibusfrontend >/dev/null 2>&1 & sleep 2"
    told = typed(screen, home, "fcitx", start, ["fcitx5-remote", "-o"])
    assert told == ["by the bridge", "你好"]
