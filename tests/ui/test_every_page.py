"""Every page of both roles: nothing cut off, no character missing, everything in reach."""

from __future__ import annotations

import shutil
import sys

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QPushButton,
    QTabBar,
    QTabWidget,
)

from tests.ui import looking
from tests.ui.desks import dispose
from ui.app import Program
from ui.appearance import Mode

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first one may make the demo
WAIT = 60_000
PERIOD = "2026-02"
# The screen of most offices less the task bar, and the same at 150 %.
SIZES = {"1366x768": (1366, 728), "150%": (911, 485), "2560x1440": (2560, 1400)}


@pytest.fixture(autouse=True)
def nothing_left_over():
    """Here one window serves many tests, so what a test leaves is still in use."""


@pytest.fixture(scope="module", params=["office", "unit"])
def program(request, demo_year, only_theme, tmp_path_factory):
    settings = str(tmp_path_factory.mktemp("settings"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, settings)
    patch = pytest.MonkeyPatch()
    patch.setattr("ui.start.Theme", lambda _application: only_theme)
    hook = sys.excepthook
    name = "office" if request.param == "office" else "units/区市场监管局"
    folder = shutil.copytree(demo_year / name, tmp_path_factory.mktemp("program") / "workspace")
    made = Program(QApplication.instance(), folder, None)
    made.flashes = looking.Flashes(made.window)
    QApplication.instance().installEventFilter(made.flashes)
    made.window.show()
    made.open()
    yield made
    QApplication.instance().removeEventFilter(made.flashes)
    dispose(made.window)
    sys.excepthook = hook
    patch.undo()


@pytest.fixture
def pages(qtbot, program):
    """Walk through all pages, each at rest."""

    def walk():
        settle(qtbot, program)
        program.window.top_bar.set_period((2026,), PERIOD)
        program.window.period_changed.emit(PERIOD)
        for spec in program.window.specs:
            if spec.key == "start":
                continue
            program.window.open(spec.key)
            program.window.page(spec.key).refresh(PERIOD)
            settle(qtbot, program)
            looking.settle()
            yield spec.title, program.window.page(spec.key)

    return walk


def settle(qtbot, program):
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


@pytest.mark.parametrize("size", SIZES)
def test_no_text_is_cut_off_and_everything_is_in_the_window_and_clear_of_its_neighbours(
    program, pages, size
):
    program.window.resize(*SIZES[size])
    found = {}
    for title, page in pages():
        for part in parts_of(page):
            looking.settle()
            found[title, part] = (
                looking.clipped(program.window),
                looking.misplaced(program.window),
            )
    assert program.window.size().toTuple() == SIZES[size]
    assert len(found) > 12
    assert {place: bad for place, bad in found.items() if any(bad)} == {}


@pytest.mark.parametrize("size", ["1366x768", "150%"])
def test_messages_move_no_button_of_any_page(program, pages, size):
    program.window.resize(*SIZES[size])
    messages, banners = program.messages, program.window.banners
    for title, page in pages():
        for banner in banners.banners:
            banner.dismiss()
        before = buttons_of(page)
        messages.info("已保存。", "撤销", lambda: None)
        messages.warn("有三个单位的文件没有签名，请与本单位核实后再接收。" * 3)
        looking.settle()
        assert buttons_of(page) == before, title
        assert len(banners.banners) == 2
        for banner in banners.banners:
            banner.dismiss()
        looking.settle()
        assert buttons_of(page) == before, title


def buttons_of(page):
    """Where every button of a page stands in the window."""
    found = [each for each in page.findChildren(QAbstractButton) if each.isVisible()]
    return {each: (each.mapTo(page.window(), QPoint(0, 0)), each.size()) for each in found}


def parts_of(page):
    """Turn over the tabs of a page one after another; the name of each, or nothing."""
    tabs = [each for each in page.findChildren(QTabWidget) if each.isVisible()]
    if not tabs:
        yield ""
        return
    for number in range(tabs[0].count()):
        tabs[0].setCurrentIndex(number)
        yield tabs[0].tabText(number)
    tabs[0].setCurrentIndex(0)


def test_the_font_has_every_character_and_no_english_is_left(program, pages):
    program.window.resize(*SIZES["1366x768"])
    found = {
        title: (looking.missing_glyphs(program.window), looking.english(program.window))
        for title, _ in pages()
    }
    assert {title: bad for title, bad in found.items() if any(bad)} == {}


def test_every_field_has_a_name_and_tab_reaches_it_from_above(program, pages):
    found = {}
    for title, page in pages():
        order = looking.tab_order(program.window)
        unreached = [looking._name(w) for w in looking.focusable(page) if w not in order]
        found[title] = (
            looking.nameless(program.window),
            unreached,
            looking.jumps_back(page, order),
            looking.traps(page),
        )
        assert looking.focusable(page), title
    assert {title: bad for title, bad in found.items() if any(bad)} == {}


@pytest.mark.parametrize("way", ["keys", "link"])
def test_the_cursor_comes_into_the_page_and_onto_no_button(qtbot, program, way):
    window = program.window
    window.resize(*SIZES["1366x768"])
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    found = {}
    for spec in window.specs[1:]:
        other = "plan" if spec.key != "plan" else "ledger"
        window.open(spec.key)
        settle(qtbot, program)
        page = window.page(spec.key)
        for button in page.header.findChildren(QPushButton)[:1]:
            button.setFocus()  # as who pressed it, and comes back now
        window.open(other, enter=True)
        settle(qtbot, program)
        numbered = window.navigation.keys[:9]
        if way == "link":
            window.page(other).open_requested.emit(spec.key, None)
        elif spec.key in numbered:
            key = Qt.Key(Qt.Key.Key_1 + numbered.index(spec.key))
            qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        else:
            window.open(spec.key, enter=True)
        settle(qtbot, program)
        assert window.current_key == spec.key
        at = QApplication.focusWidget()
        if not page.isAncestorOf(at) or isinstance(at, QAbstractButton | QTabBar):
            found[spec.title] = looking._name(at) if at else None
    assert found == {}


@pytest.mark.parametrize("mode", [Mode.DARK, Mode.CONTRAST])
def test_every_page_is_drawn_in_dark_and_high_contrast(program, pages, only_theme, mode):
    program.messages.warn("有三个单位的文件没有签名，请与本单位核实后再接收。")
    only_theme.set_mode(mode)
    for title, page in pages():
        assert looking.left_in_old_colours(program.window) == [], title
        image = page.grab().toImage()
        step = max(image.width() // 60, 1)
        spots = [
            image.pixelColor(x, y).lightness()
            for x in range(0, image.width(), step)
            for y in range(0, image.height(), step)
        ]
        dark = sum(spot < 100 for spot in spots) / len(spots)
        assert dark > 0.5 or title in ("打印", "读取文件"), (title, dark)  # paper stays white
    only_theme.set_mode(Mode.LIGHT)
    assert looking.left_in_old_colours(program.window) == []
    program.window.banners.banners[0].dismiss()


def test_no_widget_flashes_as_a_window_of_its_own(program, pages):
    assert len(list(pages())) > 6
    assert program.flashes.seen == []
