"""A person at the window: keys go to where the cursor stands, the mouse to what can be seen."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QMenu,
    QMessageBox,
    QWidget,
)

from ui.models.rows import ROW_ROLE

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton
_MOST_TABS = 200
_LOOK_MS = 10


class Hands:
    """Keys and mouse on one running program; nothing of it is called."""

    def __init__(self, qtbot, program, monkeypatch):
        self.qtbot, self.program, self._patch = qtbot, program, monkeypatch
        self.questions = []

    @property
    def window(self):
        return self.program.window

    def settle(self):
        self.qtbot.waitUntil(lambda: not self.program.runner.busy, timeout=WAIT)

    def wait(self, fact):
        self.qtbot.waitUntil(fact, timeout=WAIT)
        self.settle()

    # Keys

    @property
    def at(self):
        """Where a key goes now."""
        if QApplication.activeWindow() is None:  # a dialog went: the system gives the focus back
            self.window.activateWindow()
            self.qtbot.waitUntil(self.window.isActiveWindow, timeout=WAIT)
        return QApplication.focusWidget() or QApplication.activeWindow()

    def press(self, *keys):
        """Press keys such as ``Tab`` or ``Ctrl+Down``, one after another."""
        for name in keys:
            stroke = QKeySequence(name)[0]
            assert stroke.key() != Qt.Key.Key_unknown, name
            self.qtbot.keyClick(self.at, stroke.key(), stroke.keyboardModifiers())
        self.settle()

    def type(self, text):
        """Type; what is not on the keyboard comes from an input method."""
        if text.isascii():
            self.qtbot.keyClicks(self.at, text)
            return
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.at, event)

    def go_to(self, wanted, key="Tab"):
        """Press Tab (or Shift+Tab) until the cursor stands in a widget."""
        passed = []
        for _ in range(_MOST_TABS):
            if self._stands_in(wanted):
                return self.at
            passed.append(_name(self.at))
            self.press(key)
        raise AssertionError(f"{_name(wanted)} is not reached by {key}: {passed[:40]}")

    def _stands_in(self, wanted):
        at = QApplication.focusWidget()
        return at is wanted or (at is not None and at.focusProxy() is wanted)

    def choose(self, field, word):
        """Walk a drop-down by the arrows until an entry stands in it."""
        self.go_to(field)
        row = field.findText(word)
        assert row >= 0, [field.itemText(n) for n in range(field.count())]
        for _ in range(field.count()):
            if field.currentIndex() != row:
                self.press("Down" if field.currentIndex() < row else "Up")
        assert field.currentText() == word

    def pick(self, key, words):
        """Open a menu by its key and walk it by the arrows to an entry; Return does it."""

        def look():
            menu = QApplication.activePopupWidget()
            if not isinstance(menu, QMenu):
                QTimer.singleShot(_LOOK_MS, self.window, look)
                return
            try:
                self._walk_to(menu, words)
            except BaseException:
                menu.close()
                raise

        QTimer.singleShot(0, self.window, look)
        self.press(key)

    def _walk_to(self, menu, words):
        passed = []
        for _ in menu.actions():
            self.qtbot.keyClick(menu, Qt.Key.Key_Down)
            at = menu.activeAction()
            passed.append(at.text() if at else "")
            if passed[-1] == words:
                self.qtbot.keyClick(menu, Qt.Key.Key_Return)
                return
        raise AssertionError(f"{words} is not in the menu: {passed}")

    # Mouse

    def click(self, widget):
        """Click in the middle of what is seen."""
        assert widget.isVisible(), _name(widget)
        assert widget.isEnabled(), _name(widget)
        self.qtbot.mouseClick(widget, LEFT)
        self.settle()

    def double_click(self, widget):
        """Press twice at once, as people do who think that everything wants it."""
        self.qtbot.mouseClick(widget, LEFT)
        self.qtbot.mouseDClick(widget, LEFT)
        self.settle()

    def go(self, key):
        """Click a page in the navigation."""
        entries = self.window.navigation
        spot = entries.visualItemRect(entries.item(entries.keys.index(key))).center()
        self.qtbot.mouseClick(entries.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        self.settle()
        return self.window.page(key)

    def tab(self, tabs, title):
        place = next(n for n in range(tabs.count()) if title in tabs.tabText(n))
        spot = tabs.tabBar().tabRect(place).center()
        self.qtbot.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=spot)
        self.settle()

    def row(self, table, wanted, keys=Qt.KeyboardModifier.NoModifier):
        """Click the first row that is wanted."""
        model = table.model()
        for number in range(model.rowCount()):
            index = model.index(number, 0)
            if wanted(index.data(ROW_ROLE)):
                table.scrollTo(index)
                spot = table.visualRect(index).center()
                self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, spot)
                self.settle()
                return
        raise AssertionError("no such row")

    # Dialogs

    def answer(self, words):
        """When the next question comes, walk to a button by Tab and press it; Esc for None."""

        def look():
            box = QApplication.activeModalWidget()
            if not isinstance(box, QMessageBox) or not box.isActiveWindow():
                QTimer.singleShot(_LOOK_MS, self.window, look)
                return
            self.questions.append((box.text(), box.informativeText()))
            try:
                self._press_in(box, words)
            except BaseException:
                box.reject()
                raise

        QTimer.singleShot(0, self.window, look)

    def _press_in(self, box, words):
        if words is None:
            self.qtbot.keyClick(box, Qt.Key.Key_Escape)
            return
        button = next(b for b in box.buttons() if b.text() == words)
        for _ in range(len(box.buttons()) + 1):
            if button.hasFocus():
                break
            self.qtbot.keyClick(QApplication.focusWidget() or box, Qt.Key.Key_Tab)
        assert button.hasFocus(), words
        self.qtbot.keyClick(button, Qt.Key.Key_Return)

    def give_file(self, *files):
        """What the system's file dialog gives next: opened, saved, or a folder."""
        names = [str(file) for file in files]
        first = names[0] if names else ""
        for verb, given in (
            ("getOpenFileNames", (names, "")),
            ("getOpenFileName", (first, "")),
            ("getSaveFileName", (first, "")),
            ("getExistingDirectory", first),
        ):
            self._patch.setattr(QFileDialog, verb, lambda *_, given=given: given)

    def export(self, file):
        """Check the report, choose where it goes, and write it, all by keys and one button."""
        self.give_file(file)
        self.press("F9")
        self.wait(self.window.page("recording").export.isVisible)
        self.click(self.button("更改…"))
        self.press("F9")

    # What is seen

    def button(self, words):
        """The one button that can be seen with these words."""
        found = [
            b
            for b in self.window.findChildren(QAbstractButton)
            if b.isVisible() and b.text() == words
        ]
        assert len(found) == 1, (words, len(found))
        return found[0]

    @property
    def told(self):
        """The words of the banners, the newest first."""
        return [banner.text for banner in self.window.banners.banners]


def _name(widget):
    if not isinstance(widget, QWidget):
        return str(widget)
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text}".strip()
