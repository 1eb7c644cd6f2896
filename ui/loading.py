"""A page whose content is still being read says so, and its buttons wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from ui.page import Page
    from ui.tasks import BackgroundTask, TaskRunner

# What is read faster than this is not spoken of: the page would only flicker.
QUICK_MS = 150


class Loading(QObject):
    """Watches what a page reads when it comes to show something else than before.

    A page that shows the same anew, after something was stored, goes on as it is: somebody may be
    typing there.
    """

    def __init__(self, runner: TaskRunner, parent: QObject) -> None:
        """Begin with nothing shown."""
        super().__init__(parent)
        self._runner = runner
        self._shown: dict[Page, str] = {}
        self._waits: dict[Page, set[BackgroundTask]] = {}
        self._focus: dict[Page, tuple[QWidget, QWidget | None]] = {}
        runner.finished.connect(self._note_end)

    def watch(self, page: Page, period: str, refresh: Callable[[], object]) -> None:
        """Let a page read its content of a period, and wait for it where that is another one."""
        before = set(self._runner.tasks)
        refresh()
        if self._shown.get(page) == period:
            return
        self._shown[page] = period
        begun = set(self._runner.tasks) - before
        if begun:
            self._waits[page] = begun
            QTimer.singleShot(QUICK_MS, self, lambda: self._say(page))

    def _say(self, page: Page) -> None:
        if page not in self._waits or not shiboken6.isValid(page) or not page.isEnabled():
            return
        focus = QApplication.focusWidget()
        page.header.set_loading(loading=True)
        page.setEnabled(False)
        if focus is not None and (focus is page or page.isAncestorOf(focus)):
            # Qt passed the cursor on to whatever is open, such as 导出 in the strip.
            page.window().setFocus()
            self._focus[page] = focus, QApplication.focusWidget()

    def _note_end(self, task: BackgroundTask) -> None:
        for page, begun in list(self._waits.items()):
            begun.discard(task)
            if not begun:
                del self._waits[page]
                if shiboken6.isValid(page):
                    self._go_on(page)

    def _go_on(self, page: Page) -> None:
        if not page.isEnabled():
            page.setEnabled(True)
            page.header.set_loading(loading=False)
        had, since = self._focus.pop(page, (None, None))
        # Nobody went elsewhere meanwhile: the cursor is put back.
        if had is not None and shiboken6.isValid(had) and QApplication.focusWidget() is since:
            had.setFocus()
        if page.hasFocus():  # what it could be put into was not there yet
            page.enter()
