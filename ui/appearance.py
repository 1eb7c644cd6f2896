"""The appearance that the user chose, put on the application: light, dark, high contrast.

When the application's style sheet changes, Qt polishes every widget that it styled before, about a
millisecond each and 3,000 of them. Here only what is seen is polished at once; the rest waits until
it is shown.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from ui import icons, remember
from ui.theme import DARK, LIGHT, THEMES, Colours, colours, palette_of, style_sheet_of

if TYPE_CHECKING:
    from PySide6.QtGui import QStyleHints
    from PySide6.QtWidgets import QApplication


_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


class Mode(StrEnum):
    """What the user chose; `label` is the word on screen."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"system": "跟随系统", "light": "浅色", "dark": "深色", "contrast": "高对比度"}[
            self.value
        ]


class Theme(QObject):
    """Puts the colours on the application: light, dark, or as the system has it."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        """Take the mode that the user chose last and apply it."""
        super().__init__(application)
        self._application = application
        self._restyler = _Restyler(self)
        self._shown: Colours | None = None
        self._mode = self._remembered()
        self._tell_platform()
        self._hints.colorSchemeChanged.connect(self.apply)
        self.apply()

    @property
    def mode(self) -> Mode:
        """What the user chose."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Switch at once, and remember the choice."""
        self._mode = mode
        remember.store("theme", mode.value)
        self._tell_platform()
        self.apply()

    def toggle(self) -> None:
        """Switch from what is seen now to its opposite."""
        self.set_mode(Mode.LIGHT if colours().dark else Mode.DARK)

    def apply(self) -> None:
        """Put the colours of the mode on the application."""
        tones = self._wanted()
        if tones is self._shown:
            return
        self._shown = tones
        self._application.setPalette(palette_of(tones))
        if self._application.styleSheet():
            # Qt forgets whom it styled; else the new sheet would polish them all.
            self._application.style().unpolish(self._application)
        self._application.setStyleSheet(style_sheet_of(tones))
        windows = self._application.topLevelWidgets()
        for window in windows:
            self._restyler.restyle(window)
        icons.refresh(window for window in windows if window.isVisible())
        self.changed.emit()

    def _wanted(self) -> Colours:
        if self._mode is Mode.SYSTEM:
            return DARK if self._hints.colorScheme() is Qt.ColorScheme.Dark else LIGHT
        return next(tones for tones in THEMES if tones.name == self._mode.value)

    def _tell_platform(self) -> None:
        """Let title bars and native dialogs follow, where the system can do that."""
        if self._mode is Mode.SYSTEM:
            self._hints.unsetColorScheme()
        else:
            dark = self._wanted().dark
            self._hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)

    @property
    def _hints(self) -> QStyleHints:
        return self._application.styleHints()

    @staticmethod
    def _remembered() -> Mode:
        stored = remember.recall("theme")
        return Mode(stored) if stored in set(Mode) else Mode.SYSTEM


class _Restyler(QObject):
    """Lets the style sheet look at what is seen now, and at the rest when it comes to be seen.

    Nothing is laid out anew, for a theme changes no size.
    """

    def restyle(self, widget: QWidget) -> None:
        """Polish a widget and all that is seen in it; windows of their own are left out."""
        if not widget.isVisible():
            widget.installEventFilter(self)
            return
        widget.style().polish(widget)
        QWidget.update(widget)  # lists have another `update`
        # Not its other children: Python would make a thing of each layout and action.
        for child in widget.findChildren(QWidget, options=_DIRECT):
            if not child.isWindow():
                self.restyle(child)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Catch up on what was hidden when the theme changed, before it is painted."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            self.restyle(watched)
            icons.refresh([watched])
        return False
