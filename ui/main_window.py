"""The window's frame: top bar, navigation, pages, status strip; no data and no rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QMainWindow, QPushButton, QStackedWidget, QWidget

from ui import icons, remember
from ui.theme import colours, set_role
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.frame.banner import BannerArea
from ui.widgets.frame.navigation import Navigation
from ui.widgets.frame.status_strip import StatusStrip
from ui.widgets.frame.top_bar import TopBar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QToolButton

    from fsdesk.domain.plan.units import WorkspaceRole
    from ui.appearance import Theme
    from ui.loading import Loading
    from ui.messages import Messages
    from ui.page import Page, PageSpec
    from ui.tasks import TaskRunner

_FIRST_SIZE = QSize(1280, 720)  # fits 1366×768 with a task bar
_SMALLEST = QSize(910, 480)  # 1366×768 at 150 %, less the task bar
# Where the window is high enough, a message has room that nothing else takes.
_HIGH_ENOUGH, _MESSAGE_ROOM = 640, 26
_DIGITS = 9
_TITLE = "食药安工作台"


class FrameFacts(NamedTuple):
    """What the frame says: who works here, such as ``区食药安办（汇总端）``, and where it begins.

    The role decides which pages there are. The years are those of the unit's workspaces; the period
    lies in the year of this one.
    """

    owner: str
    role: WorkspaceRole
    years: tuple[int, ...]
    period: str


class Doors(NamedTuple):
    """What the whole window shares: the way to the user, to background work, to the colours."""

    messages: Messages
    runner: TaskRunner
    theme: Theme


class MainWindow(QMainWindow):
    """Holds the pages and carries their requests from one to another.

    A page is made when it is first shown, and refreshed only when it is seen.
    """

    period_changed = Signal(str)
    year_wanted = Signal(int)  # another year's workspace
    page_shown = Signal(str)
    data_changed = Signal()
    closing = Signal()

    _loading: Loading
    _theme_tool: QToolButton

    def __init__(self) -> None:
        """Build the frame; it is painted before anything else is loaded."""
        super().__init__()
        self._specs: dict[str, PageSpec] = {}
        self._pages: dict[str, Page] = {}
        self._tools: dict[str, QToolButton] = {}
        self._fresh: set[str] = set()
        self.current_key = ""
        self.guard: Callable[[], bool] = lambda: True  # may keep the window open, after the pages
        self._doors: Doors | None = None
        self.top_bar = TopBar()
        self.navigation = Navigation()
        self.banners = BannerArea()
        self.status = StatusStrip()
        self._stack = QStackedWidget()
        self._message_room = QFrame()
        for ground in (self._stack, self._message_room):
            set_role(ground, "page")
        self.setWindowTitle(_TITLE)
        self.setCentralWidget(self._laid_out())
        self._connect()
        self._restore()

    # What the wiring and the pages use

    @property
    def period(self) -> str:
        """The period that holds for every page."""
        return self.top_bar.period

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all pages of this role, in order."""
        return tuple(self._specs)

    @property
    def specs(self) -> tuple[PageSpec, ...]:
        """What is known of all pages of this role, in order."""
        return tuple(self._specs.values())

    def page(self, key: str) -> Page:
        """Return a page, made now if it was never shown; a `KeyError` where this role has none."""
        if key not in self._pages:
            page = self._specs[key].factory()
            page.remember_as(key)
            page.open_requested.connect(self.open)
            page.data_changed.connect(lambda: self.mark_changed(key))
            page.period_requested.connect(self.top_bar.go_to_period)
            page.badge_changed.connect(lambda count: self.set_badge(key, count))
            page.export_requested.connect(self.status.export_wanted)
            self._pages[key] = page
            self._stack.addWidget(page)
        return self._pages[key]

    def open(self, key: str, item: object = None, *, enter: bool = False) -> None:
        """Show a page, and there what the item names; unknown pages are passed over.

        `enter` puts the cursor into the page, for who works without a mouse. Who was in another
        page and follows a link comes into this one too, where he was last, but on no button.
        """
        if key not in self._specs:
            return
        from ui.page import takes_keys

        page = self.page(key)
        moved = key != self.current_key
        here, left, last = self.focusWidget(), self._stack.currentWidget(), page.focusWidget()
        self.current_key = key
        self._stack.setCurrentWidget(page)
        # Else Qt would put the cursor on the first button of the page's head, such as 下发计划.
        if moved and here is not None and left.isAncestorOf(here):
            enter = enter or last is None or not takes_keys(last)
        self.navigation.choose(key)
        for other, tool in self._tools.items():
            tool.setChecked(other == key)
        self._refresh_current()
        if enter:
            page.enter()
        if item is not None:
            page.show_item(item)
        if moved:
            self.page_shown.emit(key)

    def mark_changed(self, writer: str = "") -> None:
        """Note that data changed: every page but the writer's is refreshed when next seen."""
        self._fresh &= {writer}
        self._refresh_current()
        self.data_changed.emit()

    def share(self, doors: Doors) -> None:
        """Take what the whole window shares, before it takes in pages."""
        from ui.loading import Loading

        self._doors = doors
        self._loading = Loading(doors.runner, self)
        doors.messages.attach(self, self.banners, lambda: self.current_key)
        self.status.follow(doors.runner)
        self._theme_tool = self.top_bar.add_tool("moon", "")
        self._theme_tool.clicked.connect(doors.theme.toggle)
        doors.theme.changed.connect(self._show_theme_tool)
        self._show_theme_tool()

    def add_pages(self, page_specs: Sequence[PageSpec], facts: FrameFacts) -> None:
        """Take in those pages that are of the role, and show the first of them."""
        added = [spec for spec in page_specs if facts.role in spec.roles]
        self._specs |= {spec.key: spec for spec in added}
        self._name(facts)
        self._add_ways(added)
        self.open(added[0].key, enter=True)

    def set_badge(self, key: str, count: int) -> None:
        """Show how many things wait on a page."""
        self.navigation.set_badge(key, count)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let pages write what is being typed, wait for running work, remember the shape."""
        field = self.focusWidget()
        if field is not None:  # an open cell hands over what was typed, as on any other way out
            field.clearFocus()
        may_leave = all(page.may_leave() for page in self._pages.values())
        if not may_leave or not self.guard():
            event.ignore()
            return
        remember.store_window(self)
        if self._doors is not None:
            self._doors.runner.close()
            self.closing.emit()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button that has the cursor, as it does in a dialog."""
        button = self.focusWidget()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and isinstance(button, QPushButton) and not event.isAutoRepeat():
            button.click()
            return
        super().keyPressEvent(event)

    # Building

    def _name(self, facts: FrameFacts) -> None:
        self.top_bar.set_owner(facts.owner)
        self.top_bar.set_period(facts.years, facts.period)
        # Windows of two years are told apart where only their titles are seen.
        whose = (facts.owner, f"{self.top_bar.year} 年") if facts.owner else ()
        self.setWindowTitle(" — ".join((_TITLE, *whose)))

    def _add_ways(self, specs: Sequence[PageSpec]) -> None:
        """Put pages into the navigation or the top bar, with their keys."""
        from ui.page import NavigationPlace

        for spec in specs:
            if spec.place is NavigationPlace.TOP_BAR:
                tool = self.top_bar.add_tool(spec.icon, spec.title, checkable=True)
                tool.clicked.connect(lambda _checked=False, key=spec.key: self.open(key))
                self._tools[spec.key] = tool
            elif spec.place is NavigationPlace.NAVIGATION:
                self.navigation.add_page(spec.key, spec.title, spec.icon)
                number = len(self.navigation.keys)
                if number <= _DIGITS:
                    shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
                    shortcut.activated.connect(lambda key=spec.key: self.open(key, enter=True))

    def _laid_out(self) -> QWidget:
        pages = boxed(column_of((self._stack, 1), self._message_room, spacing=0))
        middle = row_of(self.navigation, (pages, 1), spacing=0)
        frame = boxed(column_of(self.top_bar, (middle, 1), self.status, spacing=0))
        self.banners.lie_on(pages, frame)
        return frame

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for messages where there is some; it never depends on whether one is shown."""
        super().resizeEvent(event)
        self._message_room.setFixedHeight(_MESSAGE_ROOM if self.height() >= _HIGH_ENOUGH else 0)

    def _connect(self) -> None:
        self.navigation.page_chosen.connect(self.open)
        self.status.unsaved.page_wanted.connect(self.open)
        self.navigation.itemActivated.connect(lambda _: self.open(self.current_key, enter=True))
        self.top_bar.period_changed.connect(self._change_period)
        self.top_bar.year_wanted.connect(self.year_wanted)

    def _restore(self) -> None:
        """Take the last place and size, or one that fits the screen."""
        room = QGuiApplication.primaryScreen().availableSize()
        self.setMinimumSize(_SMALLEST.boundedTo(room))
        if not remember.restore_window(self):
            self.resize(_FIRST_SIZE.boundedTo(room))

    # Reacting

    def _change_period(self, period: str) -> None:
        self._fresh.clear()
        self._refresh_current()
        self.period_changed.emit(period)

    def _refresh_current(self) -> None:
        if self.current_key and self.current_key not in self._fresh:
            self._fresh.add(self.current_key)
            page, period = self._pages[self.current_key], self.period
            self._loading.watch(page, period, lambda: page.refresh(period))

    def _show_theme_tool(self) -> None:
        dark = colours().dark
        tip = "换成浅色" if dark else "换成深色"
        icons.put(self._theme_tool, "sun" if dark else "moon")
        self._theme_tool.setToolTip(tip)
        self._theme_tool.setAccessibleName(tip)
