"""Every page comes back as it was left: splitters, tabs, filters, views, sort orders."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QTabWidget

from tests.ui.desks import WAIT
from ui.remember import _REST_MS
from ui.widgets.choice import Choice
from ui.widgets.later import Later
from ui.widgets.search_field import SearchField
from ui.widgets.tables.report_table import ReportTable

_MOVED = 40


@pytest.fixture
def begin(qtbot, start):
    def begin_it(folder):
        program = start(folder)
        program.window.resize(1366, 728)
        qtbot.waitUntil(lambda: program.window.current_key != "start", timeout=WAIT)
        return program

    return begin_it


def pages(qtbot, program):
    for spec in program.window.specs:
        if spec.key != "start":
            program.window.open(spec.key)
            qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
            page = program.window.page(spec.key)
            for place in page.findChildren(Later):  # as if every tab had been seen
                assert place.part
            qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
            yield spec.title, page


def parts(page, kind):
    return [part for part in page.findChildren(kind) if getattr(part, "kept", True)]


def change(qtbot, page):
    """Move and choose whatever there is."""
    for splitter in parts(page, QSplitter):
        splitter.moveSplitter(splitter.sizes()[0] - _MOVED, 1)
    for choice in parts(page, Choice):
        choice.setCurrentIndex(choice.count() - 1)
        choice.activated.emit(choice.count() - 1)
    for table in parts(page, ReportTable):
        table.horizontalHeader().setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    for field in parts(page, SearchField):
        field.setText("甲")
    for tabs in parts(page, QTabWidget):
        tabs.setCurrentIndex(tabs.count() - 1)
    timers = [timer for timer in page.findChildren(QTimer) if timer.interval() == _REST_MS]
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))


def shape(page):
    """What is seen of a page's shape; where a splitter can't be seen, what it would be."""
    heads = [table.horizontalHeader() for table in parts(page, ReportTable)]
    return {
        "splitters": [bytes(splitter.saveState().data()) for splitter in parts(page, QSplitter)],
        "tabs": [tabs.currentIndex() for tabs in parts(page, QTabWidget)],
        "choices": [choice.currentText() for choice in parts(page, Choice)],
        "marked": [bool(choice.property("narrowed")) for choice in parts(page, Choice)],
        "sorted": [(head.sortIndicatorSection(), head.sortIndicatorOrder()) for head in heads],
    }


@pytest.mark.parametrize("role", ["office", "unit"])
def test_every_page_comes_back_as_it_was_left(qtbot, begin, folders, role):
    first = begin(folders / role)
    left = {}
    for title, page in pages(qtbot, first):
        before = shape(page)
        change(qtbot, page)
        qtbot.waitUntil(lambda: not first.runner.busy, timeout=WAIT)
        left[title] = shape(page)
        changed = any(left[title][name] for name in before)
        assert not changed or left[title] != before, title
    first.window.close()
    found, searched = {}, set()
    for title, page in pages(qtbot, begin(folders / role)):
        found[title] = shape(page)
        searched |= {field.text() for field in parts(page, SearchField)}
    assert searched == {""}  # what was searched is forgotten
    assert {
        (title, name): (found[title][name], was)
        for title, parts_of in left.items()
        for name, was in parts_of.items()
        if found[title][name] != was
    } == {}
