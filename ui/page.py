"""What every page of the window is, and how the window is told of it."""

from __future__ import annotations

from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QScrollArea,
    QSplitter,
    QTabBar,
    QTabWidget,
    QWidget,
)

from fsdesk.domain.plan.units import WorkspaceRole
from ui import remember
from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.boxes import column_of
from ui.widgets.choice import Choice
from ui.widgets.drop_zone import DropZone
from ui.widgets.later import Later
from ui.widgets.page_header import PageHeader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QResizeEvent


_LOW = 480  # logical pixels: 1366×768 at 150 %


class Page(QFrame):
    """Head and body; a page knows no other page and asks the window by signals.

    Subclasses fill `body`, and override `refresh` and, where others may open something in them,
    `show_item`. `first` takes the cursor when the page is opened by keys; None: what comes first.
    """

    first: QWidget | None = None
    # Wider than this, names would stand too far from their figures; 0 where room is never too wide.
    widest = 1440

    # Open the page of that key, and there the thing that the second argument names; or None.
    open_requested = Signal(str, object)
    # This page wrote to the workspace: other pages are stale, badges and status may have changed.
    data_changed = Signal()
    # Change the period that holds for every page.
    period_requested = Signal(str)
    # So many things wait on this page.
    badge_changed = Signal(int)
    # Have exported what waits, of whatever period that is.
    export_requested = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """Make head and empty body."""
        super().__init__(parent)
        set_role(self, "page")
        self.header = PageHeader(title)
        self.body = column_of(spacing=SPACE_M, margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_L))
        self._whole = column_of(self.header, (self.body, 1), spacing=0, parent=self)
        self._low = False

    def remember_as(self, key: str) -> None:
        """Give its splitters, tabs, filters and views their last state and keep the next ones.

        What is typed to search is forgotten: a list that hides rows tomorrow would surprise.
        """
        self._remember_in(self, key)

    def _remember_in(self, whole: QWidget, key: str) -> None:
        for number, splitter in enumerate(whole.findChildren(QSplitter)):
            remember.keep_splitter(splitter, f"{key}/{number}")
        for choice in whole.findChildren(Choice):
            if choice.kept:
                remember.keep_choice(choice, f"{key}/{choice.accessibleName()}")
        for number, place in enumerate(whole.findChildren(Later)):
            place.made.connect(partial(self._take_in, place, f"{key}/later-{number}"))
        for number, tabs in enumerate(whole.findChildren(QTabWidget)):
            remember.keep_tabs(tabs, f"{key}/{number}")

    def _take_in(self, place: QWidget, key: str, _part: QWidget) -> None:
        """Treat what was made later as the rest of the page."""
        self._remember_in(place, key)
        for zone in place.findChildren(DropZone):
            zone.give_room(low=self._low)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave what is too wide empty, and drop zones the room that they need on a low screen."""
        super().resizeEvent(event)
        spare = self.width() - self.widest if self.widest else 0
        self._whole.setContentsMargins(0, 0, max(spare, 0), 0)
        if self._low != (self.height() < _LOW):
            self._low = not self._low
            for zone in self.findChildren(DropZone):
                zone.give_room(low=self._low)

    def refresh(self, period: str) -> None:
        """Show the data of a period, such as ``2026-03`` or ``2026-Q1``.

        Called when the page is first shown, when the period changed, and when another page wrote,
        each time not before the page is seen.
        """

    def enter(self) -> None:
        """Put the cursor into `first`, or else into the first list or field of the body.

        Where there is none, or none yet, the page itself has it: Enter must press no button that
        nobody chose, for it may send or write.
        """
        scrolling = None
        for widget in self._in_order():
            if takes_keys(widget):
                if not isinstance(widget, QScrollArea):
                    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
                    return
                # What scrolls comes before the fields in it; one begins to work in these.
                scrolling = scrolling or widget
        (scrolling or self).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _in_order(self) -> Iterator[QWidget]:
        """Yield `first` and what Tab leads to in the body; the whole window lies in that chain."""
        if self.first is not None:
            yield self.first
        widget = self.nextInFocusChain()
        while widget is not self:
            if self.isAncestorOf(widget) and not self.header.isAncestorOf(widget):
                yield widget
            widget = widget.nextInFocusChain()

    @property
    def fault(self) -> str:
        """The identity of a fault that the page itself tells of, for F1; mostly none."""
        return ""

    def show_item(self, item: object) -> None:
        """Open what another page pointed at; called after `refresh`."""

    def may_leave(self) -> bool:
        """Write what is still being typed; False keeps the window from closing."""
        return True


def takes_keys(widget: QWidget) -> bool:
    """Tell whether one begins to work there: buttons act, the words of tabs lead elsewhere."""
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    open_to_all = widget.isVisible() and widget.isEnabled()
    only_acts = isinstance(widget, QAbstractButton | QTabBar | QTabWidget)
    return by_tab and open_to_all and not only_acts


class NavigationPlace(Enum):
    """Where the way to a page lies."""

    NAVIGATION = auto()
    TOP_BAR = auto()
    NOWHERE = auto()


class PageSpec(Struct, frozen=True):
    """What the window must know of a page before it is made, which is when it is first shown.

    Its key is stable: what it remembers is kept under it. `help` is the heading, or the bold words
    at the beginning, of what the handbook tells its role of this page; the title by default. `load`
    imports what the page is made of.
    """

    key: str
    title: str
    icon: str
    factory: Callable[[], Page]
    roles: frozenset[WorkspaceRole] = frozenset(WorkspaceRole)
    place: NavigationPlace = NavigationPlace.NAVIGATION
    help: str = ""
    load: Callable[[], object] = tuple
