"""News and warnings at the top of the page: they push, cover nothing and block nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget

from ui import icons
from ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable

NOTICE_MS = 8000
_MOST = 3


class Banner(QFrame):
    """One message with an optional action and a cross."""

    dismissed = Signal()

    def __init__(self, text: str, role: str, picture: str, parent: QWidget | None = None) -> None:
        """Show one sentence in the role ``notice`` or ``warning``, with the icon of that name."""
        super().__init__(parent)
        self.text = text
        set_role(self, role)
        self.setAccessibleName(text)
        symbol = QLabel()
        symbol.setPixmap(icons.icon(picture).pixmap(icons.SIZE, icons.SIZE))
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

    def add_action(self, verb: str, action: Callable[[], object]) -> None:
        """Put a button before the cross; using it closes the banner."""
        button = QPushButton(verb)
        set_role(button, "link")
        button.clicked.connect(lambda: (self.dismiss(), action()))
        self._row.insertWidget(self._row.count() - 1, button)

    def dismiss(self) -> None:
        """Close it."""
        self.hide()
        self.setParent(None)
        self.deleteLater()
        self.dismissed.emit()


class BannerArea(QWidget):
    """Holds the latest few banners, the newest on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty area, which takes no room."""
        super().__init__(parent)
        self._column = column_of(
            spacing=SPACE_XS, margins=(SPACE_L, SPACE_S, SPACE_L, SPACE_S), parent=self
        )
        self.hide()

    @property
    def banners(self) -> list[Banner]:
        """What is shown, the newest first."""
        return [found for found in reversed(self.children()) if isinstance(found, Banner)]

    def show_notice(
        self, text: str, verb: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Show news for some seconds; longer while the mouse is over it."""
        banner = self._add(Banner(text, "notice", "circle-check", self), verb, action)
        timer = QTimer(banner)
        timer.setInterval(NOTICE_MS)
        timer.timeout.connect(lambda: None if banner.underMouse() else banner.dismiss())
        timer.start()

    def show_warning(
        self, text: str, verb: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Show a warning until it is closed."""
        self._add(Banner(text, "warning", "triangle-alert", self), verb, action)

    def _add(self, banner: Banner, verb: str, action: Callable[[], object] | None) -> Banner:
        for old in self.banners:
            if old is not banner and old.text == banner.text:
                old.dismiss()  # the same again: once is enough
        if verb and action is not None:
            banner.add_action(verb, action)
        self._column.insertWidget(0, banner)
        banner.dismissed.connect(lambda: self.setVisible(bool(self.banners)))
        self.show()
        for surplus in self.banners[_MOST:]:
            surplus.dismiss()
        return banner
