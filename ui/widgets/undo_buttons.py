"""撤销 and 重做: two buttons with their keys, the one way in which a page offers to go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from ui.widgets.buttons import button

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QPushButton, QWidget

_KEYS = {"撤销": ("Ctrl+Z",), "重做": ("Ctrl+Y", "Ctrl+Shift+Z")}


class UndoButtons(QObject):
    """The two buttons; a page puts them where it has room and says what they would do."""

    def __init__(
        self, page: QWidget, undo: Callable[[], object], redo: Callable[[], object]
    ) -> None:
        """Make them; their keys work while the focus is in the page."""
        super().__init__(page)
        self.undo = self._made("撤销", undo, "undo-2", page)
        self.redo = self._made("重做", redo, "redo-2", page)
        self.offer(None, None)

    @property
    def both(self) -> tuple[QPushButton, QPushButton]:
        """撤销 and 重做, in their order."""
        return self.undo, self.redo

    def offer(self, back: str | None, forth: str | None) -> None:
        """Say what can be undone and done again: in words, "" where it has none, None: nothing."""
        for made, verb, what in ((self.undo, "撤销", back), (self.redo, "重做", forth)):
            made.setEnabled(what is not None)
            known = f"{verb}（{_KEYS[verb][0]}）" + (f"：{what}" if what else "")
            made.setToolTip(known if what is not None else f"没有可以{verb}的改动")

    def _made(
        self, verb: str, action: Callable[[], object], icon: str, page: QWidget
    ) -> QPushButton:
        made = button(verb, action, icon=icon)
        # A button's own shortcut waits for its picture of being pressed; a key should not.
        for keys in _KEYS[verb]:
            shortcut = QShortcut(QKeySequence(keys), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(made.click)
        return made
