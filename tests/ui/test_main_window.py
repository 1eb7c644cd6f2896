"""The frame: pages made late, requests between pages, period, shortcuts, remembered shape."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QSplitter, QWidget

from ui import remember
from ui.files import Files
from ui.loading import QUICK_MS
from ui.main_window import Doors, FrameFacts, MainWindow
from ui.messages import Messages
from ui.page import NavigationPlace, Page, PageSpec
from ui.tasks import TaskRunner
from ui.theme import DARK, colours
from ui.widgets.choice import Choice
from ui.widgets.frame.top_bar import period_entries

pytestmark = pytest.mark.quick


class ExamplePage(Page):
    """A page that notes what the window asks of it."""

    def __init__(self, key):
        super().__init__(key)
        self.calls = []
        self.leaves = True

    def refresh(self, period):
        self.calls.append(period)

    def show_item(self, item):
        self.calls.append(item)

    def may_leave(self):
        return self.leaves


def spec(key, roles=("office", "unit"), place=NavigationPlace.NAVIGATION):
    return PageSpec(key, key, "inbox", lambda: ExamplePage(key), frozenset(roles), place)


SPECS = (
    spec("overview"),
    spec("plan", roles=("office",)),
    spec("record"),
    spec("settings", place=NavigationPlace.TOP_BAR),
)


@pytest.fixture
def doors(theme, qapp):
    messages = Messages()
    runner = TaskRunner(messages.error)
    yield Doors(messages, runner, theme)
    runner.close()


@pytest.fixture
def make(qtbot, doors):
    def made(role="office", **factories):
        specs = [replace(s, factory=factories.get(s.key, s.factory)) for s in SPECS]
        facts = FrameFacts("区食药安办（汇总端）", role, (2025, 2026), "2026-03")
        window = MainWindow()
        window.share(doors)
        window.add_pages(specs, facts)
        window.navigation.setFocus()
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return made


def test_pages_are_made_when_first_shown(make):
    window = make()
    assert window.current_key == "overview"
    assert set(window._pages) == {"overview"}
    window.open("record")
    assert set(window._pages) == {"overview", "record"}
    assert window.page("record").calls == ["2026-03"]


def test_a_role_sees_its_own_pages_only(make):
    window = make("unit")
    assert window.keys == ("overview", "record", "settings")
    window.open("plan")
    assert window.current_key == "overview"
    with pytest.raises(KeyError):
        window.page("plan")


def test_pages_open_by_shortcut_by_arrow_and_by_click(make, qtbot):
    window = make()
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key == "record"
    qtbot.keyClick(window.navigation, Qt.Key.Key_Up)
    assert window.current_key == "plan"
    spot = window.navigation.visualItemRect(window.navigation.item(0)).center()
    qtbot.mouseClick(window.navigation.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert window.current_key == "overview"


def test_a_page_in_the_top_bar_leaves_nothing_chosen_in_the_navigation(make, qtbot):
    window = make()
    qtbot.mouseClick(window._tools["settings"], Qt.MouseButton.LeftButton)
    assert window.current_key == "settings"
    assert window.navigation.currentRow() == -1
    assert window._tools["settings"].isChecked()
    window.open("record")
    assert not window._tools["settings"].isChecked()


def test_a_page_asks_the_window_to_open_a_thing_in_another(make, qtbot):
    window = make()
    with qtbot.waitSignal(window.page_shown) as shown:
        window.page("overview").open_requested.emit("record", "T04-1")
    assert shown.args == ["record"]
    assert window.page("record").calls == ["2026-03", "T04-1"]


def test_a_change_is_shown_elsewhere_when_the_page_is_next_seen(make, qtbot):
    window = make()
    window.open("record")
    with qtbot.waitSignal(window.data_changed):
        window.page("record").data_changed.emit()
    assert window.page("record").calls == ["2026-03"]
    assert window.page("overview").calls == ["2026-03"]
    window.open("overview")
    assert window.page("overview").calls == ["2026-03", "2026-03"]
    window.mark_changed()
    assert len(window.page("overview").calls) == 3


def test_the_period_holds_for_every_page(make, qtbot):
    window = make()
    _, period = window.top_bar.findChildren(Choice)
    period.setFocus()
    with qtbot.waitSignal(window.period_changed) as changed:
        qtbot.keyClick(period, Qt.Key.Key_Down)
    assert changed.args == ["2026-Q1"]
    assert window.page("overview").calls == ["2026-03", "2026-Q1"]
    window.open("record")
    assert window.page("record").calls == ["2026-Q1"]


def test_another_year_is_asked_for_and_not_shown_before_its_workspace_is_open(make, qtbot):
    window = make()
    year, _ = window.top_bar.findChildren(Choice)
    year.setFocus()
    with qtbot.waitSignal(window.year_wanted) as wanted:
        qtbot.keyClick(year, Qt.Key.Key_Up)
    assert wanted.args == [2025]
    assert year.value == 2026
    assert window.period == "2026-03"


def test_a_year_has_twelve_months_and_each_quarter_after_its_months():
    entries = period_entries(2026)
    assert len(entries) == 16
    assert entries[2:5] == [
        ("3 月", "2026-03"),
        ("第一季度", "2026-Q1"),
        ("4 月", "2026-04"),
    ]


def test_badges_count_what_waits(make):
    window = make()
    before = window.navigation.grab().toImage()
    window.set_badge("record", 128)
    assert window.navigation.badge("record") == 128
    assert window.navigation.grab().toImage() != before
    role = Qt.ItemDataRole.AccessibleTextRole
    assert window.navigation.item(2).data(role) == "record，128 项待办"


def test_a_page_asks_for_another_period_and_says_what_waits_on_it(make, qtbot):
    window = make()
    page = window.page("overview")
    with qtbot.waitSignal(window.period_changed) as changed:
        page.period_requested.emit("2026-02")
    assert changed.args == [window.period] == ["2026-02"]
    page.period_requested.emit("2026-02")
    page.period_requested.emit("1999-01")
    assert window.period == "2026-02"
    assert page.calls == ["2026-03", "2026-02"]
    page.badge_changed.emit(3)
    assert window.navigation.badge("overview") == 3


def test_the_moon_switches_to_dark_and_says_what_it_would_do_next(make, qtbot):
    window = make()
    assert window._theme_tool.toolTip() == "换成深色"
    qtbot.mouseClick(window._theme_tool, Qt.MouseButton.LeftButton)
    assert colours() is DARK
    assert window._theme_tool.toolTip() == "换成浅色"


def test_the_windows_size_is_remembered(make):
    window = make()
    window.resize(1100, 640)
    window.close()
    again = make()
    assert (again.width(), again.height()) in {(1100, 640), (800, 640)}  # at most the screen


def test_a_page_that_is_not_ready_keeps_the_window_open(make):
    window = make()
    window.page("overview").leaves = False
    assert not window.close()
    window.page("overview").leaves = True
    assert window.close()


def test_closing_waits_for_the_work(make, doors, qtbot):
    window, done, gate = make(), [], threading.Event()
    doors.runner.run(lambda: gate.wait(20), lambda _result: done.append(True), title="保存")
    threading.Timer(0.05, gate.set).start()
    with qtbot.waitSignal(window.closing):
        window.close()
    assert done == [True]


class SlowPage(ExamplePage):
    """A page that reads until a gate opens."""

    def __init__(self, key, runner, gate):
        super().__init__(key)
        self._runner, self.gate = runner, gate
        self.go = self.header.set_primary("全部拟稿", lambda: self.calls.append("go"))
        self.field = QLineEdit()
        self.body.addWidget(self.field)

    def refresh(self, period):
        super().refresh(period)
        self._runner.run(lambda: self.gate.wait(20), lambda _: self.header.set_note("已读取"))


def test_a_page_that_reads_says_so_and_its_buttons_wait(make, doors, qtbot):
    gate = threading.Event()
    window = make(overview=lambda: SlowPage("总览", doors.runner, gate))
    window.show()
    page = window.page("overview")
    page.field.setFocus()
    qtbot.waitUntil(lambda: not page.isEnabled())
    assert page.header._note.text() == "正在读取…"
    page.go.click()
    assert "go" not in page.calls

    gate.set()
    qtbot.waitUntil(page.isEnabled)
    assert page.header._note.text() == "已读取"
    page.go.click()
    assert "go" in page.calls


def test_a_page_that_shows_the_same_anew_does_not_interrupt_who_types(make, doors, qtbot):
    gate = threading.Event()
    gate.set()
    window = make(overview=lambda: SlowPage("总览", doors.runner, gate))
    qtbot.waitUntil(lambda: not doors.runner.busy)
    gate.clear()
    window.mark_changed()
    qtbot.wait(QUICK_MS + 50)
    assert window.page("overview").isEnabled()

    window.top_bar.go_to_period("2026-04")
    qtbot.waitUntil(lambda: not window.page("overview").isEnabled())
    gate.set()
    qtbot.waitUntil(window.page("overview").isEnabled)


def test_messages_appear_in_the_window(make, doors):
    window = make()
    doors.messages.info("已保存。")
    assert [banner.text for banner in window.banners.banners] == ["已保存。"]
    assert window.banners.isVisible()


@pytest.mark.parametrize("size", [(1366, 728), (911, 485)])
def test_messages_move_nothing_and_long_ones_wrap(make, doors, qtbot, size):
    window = make()
    window.show()
    window.resize(*size)
    QApplication.processEvents()
    before = places(window)

    doors.messages.info("已保存。", "撤销", lambda: None)
    doors.messages.warn("有三个单位的文件没有签名，" * 8)
    QApplication.processEvents()

    assert places(window) == before
    stack, strip = window.page("overview").geometry(), window.status
    for banner in window.banners.banners:
        corner = banner.mapTo(window, QPoint(0, 0))
        assert 0 <= corner.x() < corner.x() + banner.width() <= window.width()
        assert corner.y() + banner.height() <= strip.mapTo(window, QPoint(0, 0)).y()
        assert banner.width() < stack.width()
        (words,) = [it for it in banner.findChildren(QLabel) if it.text()]
        assert words.height() >= words.heightForWidth(words.width())
        banner.dismiss()
    QApplication.processEvents()
    assert places(window) == before
    assert window.banners.isHidden()


def places(window):
    """Where everything stands but the messages."""
    return {
        widget: (widget.mapTo(window, QPoint(0, 0)), widget.size())
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and not window.banners.isAncestorOf(widget)
        and widget is not window.banners
    }  # fmt: skip


def test_a_splitter_is_remembered(qtbot):
    def made():
        splitter = QSplitter()
        qtbot.addWidget(splitter)
        splitter.addWidget(QWidget())
        splitter.addWidget(QWidget())
        splitter.resize(600, 200)
        splitter.show()
        remember.keep_splitter(splitter, "plan")
        return splitter

    first = made()
    first.moveSplitter(150, 1)
    qtbot.waitUntil(lambda: made().sizes()[0] == first.sizes()[0])


def test_files_are_asked_for_in_the_folder_used_last(qtbot, monkeypatch, tmp_path):
    asked = []

    def answer(_window, _title, folder, _kinds=""):
        asked.append(folder)
        return str(tmp_path / "甲.xlsx"), ""

    dialogs = "ui.files.QFileDialog"
    monkeypatch.setattr(f"{dialogs}.getOpenFileName", answer)
    monkeypatch.setattr(f"{dialogs}.getSaveFileName", answer)
    monkeypatch.setattr(f"{dialogs}.getOpenFileNames", lambda *given: ([answer(*given)[0]], ""))
    monkeypatch.setattr(f"{dialogs}.getExistingDirectory", lambda *_: str(tmp_path))
    files = Files()
    assert files.open_one("选择报送包") == tmp_path / "甲.xlsx"
    assert files.open_many("选择报送包") == [tmp_path / "甲.xlsx"]
    assert asked == [str(Path.home()), str(tmp_path)]
    assert files.save("导出", "三月.xlsx") == tmp_path / "甲.xlsx"
    assert files.folder("选择文件夹") == tmp_path


def test_a_cancelled_dialog_gives_nothing(qtbot, monkeypatch):
    dialogs = "ui.files.QFileDialog"
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(f"{dialogs}.{name}", lambda *_: ("", ""))
    monkeypatch.setattr(f"{dialogs}.getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(f"{dialogs}.getExistingDirectory", lambda *_: "")
    files = Files()
    assert files.open_one("选择") is None
    assert files.open_many("选择") == []
    assert files.save("导出", "a.xlsx") is None
    assert files.folder("选择") is None


def test_a_file_is_revealed_by_its_folder(qtbot, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(
        "ui.files.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile())
    )
    path = tmp_path / "甲.xlsx"
    Files().reveal(path)
    Files().reveal(tmp_path)
    Files().launch(path)
    assert opened == [str(tmp_path), str(tmp_path), str(path)]
