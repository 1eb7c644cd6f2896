"""Buttons by their part in the design, each with what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QToolButton

from ui import icons
from ui.theme import set_role
from ui.widgets.boxes import row_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QHBoxLayout


class _PrimaryButton(QPushButton):
    """The button of a main action: who clicks twice out of habit means it once."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pass the second click over."""
        event.accept()


def button(
    verb: str, action: Callable[[], object], role: str = "", icon: str = "", tip: str = ""
) -> QPushButton:
    """Make a button; the action is called without Qt's `checked`.

    The role is ``primary``, ``danger`` or ``link``; none for a quiet one.
    """
    made = _PrimaryButton(verb) if role == "primary" else QPushButton(verb)
    made.clicked.connect(lambda: action())  # noqa: PLW0108 - without Qt's `checked`
    if role:
        set_role(made, role)
    if icon:
        icons.put(made, icon, "on_accent" if role == "primary" else "text")
    made.setToolTip(tip)
    return made


def button_row(*buttons: QPushButton) -> QHBoxLayout:
    """Put buttons side by side at the right."""
    return row_of(None, *buttons)


def tool(icon: str, words: str, action: Callable[[], object]) -> QToolButton:
    """Make a small button of an icon alone; its words are its tip and what a reader says."""
    made = QToolButton()
    icons.put(made, icon)
    made.setIconSize(QSize(icons.SIZE, icons.SIZE))
    made.setToolTip(words)
    made.setAccessibleName(words)
    made.clicked.connect(lambda: action())  # noqa: PLW0108 - without Qt's `checked`
    return made
