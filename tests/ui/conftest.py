"""What the window's tests share: the house's font and theme, and an empty memory of shapes."""

from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from fsdesk import workspace as workspaces
from tests.ui.desks import WAIT, PageTest, dispose
from tests.workspaces import Clock, make_office, make_unit
from ui.app import Program
from ui.appearance import Mode, Theme
from ui.fonts import install_font


class _QtInWorkers:
    """Notes which modules with classes of Qt are loaded in another thread than the window's."""

    def __init__(self):
        self.found = []

    def find_spec(self, name, _path=None, _target=None):
        of_qt = name.split(".")[0] in {"PySide6", "shiboken6"} or name.startswith("ui.")
        if of_qt and threading.current_thread() is not threading.main_thread():
            self.found.append(name)


@pytest.fixture(autouse=True, scope="session")
def no_qt_in_workers():
    """No worker loads a module of the window: that ended the program now and then."""
    watch = _QtInWorkers()
    sys.meta_path.insert(0, watch)
    yield
    sys.meta_path.remove(watch)
    assert watch.found == []


@pytest.fixture(autouse=True)
def own_settings(tmp_path):
    """Keep what the window remembers away from the user's own settings."""
    QSettings.setPath(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings")
    )


@pytest.fixture(autouse=True)
def nothing_left_over():
    """Free what a test leaves behind: every later change of the theme would paint it anew."""
    before = QApplication.topLevelWidgets() if QApplication.instance() else []
    yield
    for widget in QApplication.topLevelWidgets() if QApplication.instance() else []:
        if widget not in before and isValid(widget):
            dispose(widget)


@pytest.fixture(scope="session")
def with_font(qapp):
    install_font(qapp)
    return qapp


@pytest.fixture(scope="session")
def only_theme(with_font):
    """The application's theme: as in the program, it is put on once."""
    return Theme(with_font)


@pytest.fixture
def theme(only_theme):
    """The light theme on the application."""
    only_theme.set_mode(Mode.LIGHT)
    return only_theme


@pytest.fixture
def page_test(qtbot, monkeypatch, theme):
    """Give a desk over a workspace, and a window for one page; several may be open."""
    opened = []

    def open_one(workspace, **options):
        opened.append(PageTest(qtbot, monkeypatch, workspace, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def start(qtbot, only_theme, monkeypatch):
    """Start the program on a folder; every started program is closed in the end."""
    monkeypatch.setattr("ui.start.Theme", lambda _application: only_theme)
    hook, started = sys.excepthook, []

    def start_it(folder, files=()):
        program = Program(QApplication.instance(), folder, None)
        started.append(program)
        program.window.show()
        program.open(files)
        qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
        return program

    yield start_it
    for program in started:
        dispose(program.window)
    sys.excepthook = hook


@pytest.fixture
def folders(tmp_path):
    """A folder with the workspaces ``office`` and ``unit``, both closed."""
    with make_office(tmp_path / "office", Clock()) as office:
        make_unit(office, tmp_path / "unit").close()
    return tmp_path


@pytest.fixture
def packet(folders):
    """The PLAN packet that the office sent to the market supervision bureau."""
    return next((folders / "issued").glob("*市场监管局*.xlsx"))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pc_clock(monkeypatch):
    """A clock for all that the window opens and makes: the PC's own."""
    clock = Clock()

    class AtThatTime(workspaces.datetime):
        @classmethod
        def now(cls, tz=None):
            return clock.now.astimezone(tz)

    monkeypatch.setattr(workspaces, "datetime", AtThatTime)
    return clock


@pytest.fixture
def office(tmp_path, clock):
    """The office's workspace on the small plan."""
    with make_office(tmp_path / "office", clock) as workspace:
        yield workspace


@pytest.fixture
def unit(office, tmp_path, clock):
    """A unit's workspace, made from the packet that the office issued."""
    with make_unit(office, tmp_path / "unit", clock=clock) as workspace:
        yield workspace
