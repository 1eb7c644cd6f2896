"""A change of the theme costs what is seen; what is hidden follows when it is shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from tests.ui.desks import WAIT
from tests.ui.looking import settle
from ui import icons
from ui.appearance import Mode
from ui.theme import set_role

MODES = [Mode.DARK, Mode.CONTRAST]


STYLING = {QEvent.Type.StyleChange, QEvent.Type.PaletteChange, QEvent.Type.FontChange}


class Styled(QObject):
    """Notes which pages get another style, in whole or in part."""

    def __init__(self, pages):
        super().__init__()
        self._pages, self.pages = pages, set()

    def eventFilter(self, watched, event):
        if event.type() in STYLING and isinstance(watched, QWidget):
            self.pages |= {it for it in self._pages if it is watched or it.isAncestorOf(watched)}
        return False


@pytest.fixture
def note(qapp):
    """Begin to note; not before all is made, for Python must not see what is half made."""
    begun = []

    def begin(pages):
        begun.append(Styled(pages))
        qapp.installEventFilter(begun[0])
        return begun[0]

    yield begin
    qapp.removeEventFilter(begun[0])


def form(kind=QWidget):
    """One of each kind of part, in the roles that have colours of their own."""
    made = kind()
    made.resize(300, 400)
    column = QVBoxLayout(made)
    title, fault = QLabel("标题"), QLabel("有误")
    set_role(title, "section")
    set_role(fault, "error")
    table, button = QTableWidget(2, 2), QPushButton("打印")
    icons.put(button, "printer")
    set_role(button, "primary")
    choice = QComboBox()
    choice.addItems(["一月", "二月"])
    for part in (
        title,
        fault,
        QLineEdit("内容"),
        choice,
        QSpinBox(),
        QCheckBox("勾选"),
        table,
        button,
    ):
        part.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # where the cursor is, is no matter here
        column.addWidget(part)
    return made


def menu():
    made = QMenu()
    icons.put(made.addAction("打印"), "printer")
    made.addAction("保存").setEnabled(False)
    return made


def look_of(widget):
    settle()
    return widget.grab().toImage()


@pytest.fixture
def stack(qtbot):
    """Two pages that were both seen; the first is shown."""
    made = QStackedWidget()
    qtbot.addWidget(made)
    for _ in range(2):
        made.addWidget(form())
    made.resize(300, 400)
    made.show()
    made.setCurrentIndex(1)
    settle()
    made.setCurrentIndex(0)
    settle()
    return made


def test_only_what_is_seen_is_styled_at_once(theme, stack, note):
    styled = note([stack.widget(0), stack.widget(1)])
    theme.set_mode(Mode.DARK)
    assert styled.pages == {stack.widget(0)}


def test_a_hidden_page_catches_up_once(theme, stack, note):
    theme.set_mode(Mode.DARK)
    theme.set_mode(Mode.CONTRAST)
    styled = note([stack.widget(1)])
    stack.setCurrentIndex(1)
    assert styled.pages == {stack.widget(1)}
    stack.setCurrentIndex(0)
    styled.pages.clear()
    stack.setCurrentIndex(1)
    assert styled.pages == set()


@pytest.mark.parametrize("mode", MODES)
def test_a_hidden_page_looks_as_made_anew_when_it_is_shown(theme, stack, qtbot, mode):
    theme.set_mode(Mode.DARK if mode is Mode.CONTRAST else Mode.CONTRAST)
    theme.set_mode(mode)
    stack.setCurrentIndex(1)
    fresh = QStackedWidget()
    qtbot.addWidget(fresh)
    fresh.addWidget(form())
    fresh.resize(stack.size())
    fresh.show()
    assert look_of(stack.widget(1)) == look_of(fresh.widget(0))


def test_a_hidden_part_of_a_page_that_is_seen_follows(theme, stack):
    page = stack.widget(0)
    part = page.findChildren(QPushButton)[-1]
    part.hide()
    theme.set_mode(Mode.DARK)
    part.show()
    changed = look_of(part)
    theme.set_mode(Mode.LIGHT)
    assert look_of(part) != changed
    theme.set_mode(Mode.DARK)
    assert look_of(part) == changed


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("make", [menu, lambda: form(QDialog)], ids=["menu", "dialog"])
def test_a_window_that_was_closed_looks_as_made_anew(theme, qtbot, make, mode):
    used, fresh = make(), make()
    for one in (used, fresh):
        qtbot.addWidget(one)
    used.show()
    settle()
    used.hide()
    theme.set_mode(mode)
    looks = []
    for one in (used, fresh):
        one.show()
        looks.append(look_of(one))
        one.hide()
    assert looks[0] == looks[1]


def test_no_hidden_page_of_the_program_is_styled(start, folders, qtbot, theme, note):
    window = (program := start(folders / "office")).window
    for key in window.keys:
        window.open(key)
        qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
        settle()
    assert len(window.keys) > 6
    styled = note([window.page(key) for key in window.keys])
    theme.set_mode(Mode.DARK)
    assert styled.pages == {window.page(window.current_key)}
