"""News and warnings have a place of their own at the foot of the page: they move nothing there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget

from ui import icons
from ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable

NOTICE_MS = 8000
# So long a new message takes no clicks: they are meant for what it covers.
UNTOUCHED_MS = 400
# What is told within this time is told of the same step.
SAME_STEP_S = 1.0
# A message stays readable, and leaves the buttons free that stand to the right.
_WIDEST, _SHARE = 720, 0.62
_MOST = 3


class Banner(QFrame):
    """One message with an optional action and a cross."""

    dismissed = Signal()

    def __init__(
        self, text: str, role: str, picture: str, parent: QWidget | None = None, cause: str = ""
    ) -> None:
        """Show one sentence in the role ``notice`` or ``warning``, with the icon of that name."""
        super().__init__(parent)
        self.text, self.cause = text, cause
        self.shown_at = time.monotonic()
        set_role(self, role)
        self.setAccessibleName(text)
        symbol = QLabel()
        icons.put(symbol, picture)
        words = label(text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        cross = QToolButton()
        cross.setToolTip("关闭此提示")
        cross.setAccessibleName("关闭此提示")
        icons.put(cross, "x")
        cross.clicked.connect(self.dismiss)
        self._row = row_of(
            symbol, (words, 1), cross, margins=(SPACE_M, SPACE_XS, SPACE_XS, SPACE_XS), parent=self
        )
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        QTimer.singleShot(UNTOUCHED_MS, self, self._take_clicks)

    def _take_clicks(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    def add_action(self, verb: str, action: Callable[[], object]) -> None:
        """Put a button before the cross; using it closes the banner."""
        button = QPushButton(verb)
        set_role(button, "link")
        button.clicked.connect(lambda: (self.dismiss(), action()))
        self._row.insertWidget(self._row.count() - 1, button)

    def height_at(self, width: int) -> int:
        """Return how high it is at a width, with all that is in it styled as it will be seen."""
        for part in (self, *self.findChildren(QWidget)):
            part.ensurePolished()
        self._row.invalidate()
        return self._row.totalHeightForWidth(width)

    def dismiss(self) -> None:
        """Close it."""
        self.hide()
        self.setParent(None)
        self.deleteLater()
        self.dismissed.emit()


class BannerArea(QWidget):
    """Holds the latest few banners, the newest on top, over the foot of what it lies on.

    Each has a cause: what is told of it later, in another step, takes the place of what was told
    before, so that no warning stands beside news to the contrary.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty area, which takes no room."""
        super().__init__(parent)
        self._below: QWidget | None = None
        self._column = column_of(spacing=SPACE_XS, parent=self)
        self.hide()

    def lie_on(self, below: QWidget, parent: QWidget) -> None:
        """Lie over the foot of a widget, as a child of one that holds it."""
        self.setParent(parent)
        self._below = below
        below.installEventFilter(self)

    @property
    def banners(self) -> list[Banner]:
        """What is shown, the newest first."""
        return [found for found in reversed(self.children()) if isinstance(found, Banner)]

    def show_notice(
        self,
        text: str,
        verb: str = "",
        action: Callable[[], object] | None = None,
        cause: str = "",
        *,
        stays: bool = False,
    ) -> None:
        """Show news for some seconds, longer while the mouse is over it; or until it is closed."""
        banner = self._add(Banner(text, "notice", "circle-check", self, cause), verb, action)
        if stays:
            return
        timer = QTimer(banner)
        timer.setInterval(NOTICE_MS)
        timer.timeout.connect(lambda: None if banner.underMouse() else banner.dismiss())
        timer.start()

    def show_warning(
        self,
        text: str,
        verb: str = "",
        action: Callable[[], object] | None = None,
        cause: str = "",
    ) -> None:
        """Show a warning until it is closed, or its cause goes."""
        self._add(Banner(text, "warning", "triangle-alert", self, cause), verb, action)

    def settle(self, cause: str) -> None:
        """Take away what was told of a cause: it is gone."""
        for banner in self.banners:
            if banner.cause == cause:
                banner.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what it lies on."""
        if watched is self._below and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def _add(self, banner: Banner, verb: str, action: Callable[[], object] | None) -> Banner:
        for old in self.banners:
            if old is not banner and _gives_way(old, banner):
                old.dismiss()
        if verb and action is not None:
            banner.add_action(verb, action)
        self._column.insertWidget(0, banner)
        banner.dismissed.connect(self._settle_down)
        self.show()
        for surplus in self.banners[_MOST:]:
            surplus.dismiss()
        self._place()
        return banner

    def _settle_down(self) -> None:
        self.setVisible(bool(self.banners))
        self._place()

    def _place(self) -> None:
        """Take as much room as the messages need, at the foot on the left."""
        below = self._below
        if below is None or not self.banners:
            return
        corner = below.mapTo(self.parentWidget(), QPoint(0, 0))
        width = min(_WIDEST, round(below.width() * _SHARE))
        gaps = SPACE_XS * (len(self.banners) - 1)
        height = sum(banner.height_at(width) for banner in self.banners) + gaps
        foot = corner.y() + below.height() - SPACE_S
        self.setGeometry(QRect(corner.x() + SPACE_L, foot - height, width, height))
        self._column.activate()
        self.raise_()


def _gives_way(old: Banner, new: Banner) -> bool:
    """Tell whether a message goes as a newer one comes: the same again, or later of its cause."""
    if old.text == new.text:
        return True
    same_step = new.shown_at - old.shown_at < SAME_STEP_S
    return bool(new.cause) and old.cause == new.cause and not same_step
