"""Parts that are made when they are first seen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QSplitter

from ui.page import Page
from ui.widgets.boxes import boxed, column_of
from ui.widgets.drop_zone import DropZone
from ui.widgets.later import LaterTabs

KEY = "later-test"


class TwoTabs(Page):
    """A page with a tab that is seen at once, one for later, and a button below both."""

    def __init__(self):
        super().__init__("两页")
        self.made = []
        self.tabs = LaterTabs()
        self.body.addWidget(self.tabs)
        self.here = self.tabs.add("现在", lambda: self.make("甲"))
        self.later = self.tabs.add("以后", lambda: self.make("乙"))
        self.below = QPushButton("下一步")
        self.body.addWidget(self.below)

    def make(self, word):
        self.made.append(word)
        split = QSplitter()
        for number in (1, 2):
            split.addWidget(boxed(column_of(QLineEdit(f"{word}{number}"))))
        split.addWidget(DropZone("拖到这里", "选择文件…", list))
        return split


@pytest.fixture
def page(qtbot):
    made = TwoTabs()
    qtbot.addWidget(made)
    made.remember_as(KEY)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_part_is_made_when_it_is_seen_and_shows_what_was_brought_last(page):
    assert page.made == ["甲"]
    shown = []
    for word in ("旧的", "新的"):
        page.later.bring(lambda part, word=word: shown.append((word, part)))
    assert (page.made, shown, page.later.is_made) == (["甲"], [], False)
    page.tabs.setCurrentIndex(1)
    part = page.later.part
    assert part.isVisible()
    assert part.height() > 100  # before anything is painted
    assert (page.made, shown) == (["甲", "乙"], [("新的", part)])
    assert page.tabs.currentWidget() is part
    page.later.bring(lambda part: shown.append(("现在", part)))
    assert shown[-1] == ("现在", part)


def test_tab_leads_through_a_part_as_if_it_had_always_been_there(page):
    page.tabs.setCurrentIndex(1)
    page.tabs.tabBar().setFocus()
    told = []
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        told.append(QApplication.focusWidget())
    part = page.later.part
    fields = [part.widget(place).findChild(QLineEdit) for place in (0, 1)]
    assert told == [*fields, part.widget(2), page.below]


def test_a_part_comes_back_as_it_was_left_and_fits_a_low_screen(page, qtbot):
    page.resize(900, 400)
    page.tabs.setCurrentIndex(1)
    split = page.later.part
    assert split.widget(2).layout().contentsMargins().top() < 10
    split.setSizes([200, 400, 200])
    split.moveSplitter(300, 1)
    left = split.sizes()
    qtbot.wait(600)
    again = TwoTabs()
    qtbot.addWidget(again)
    again.resize(900, 400)
    again.remember_as(KEY)
    again.show()
    qtbot.waitExposed(again)
    assert again.made == ["乙"]  # the tab that was open
    assert again.later.part.sizes() == left
