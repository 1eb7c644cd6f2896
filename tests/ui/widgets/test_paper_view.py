"""A preview of pages: fitted, enlarged, one page by its number."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from fsdesk.domain.output.pages import Paper, PaperPage, TextItem
from ui.widgets.pictures.paper_view import Fit, PaperView

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot):
    made = PaperView()
    qtbot.addWidget(made)
    made.resize(900, 600)
    paper = Paper()
    page = PaperPage(paper.width, paper.height, (TextItem(60, 60, "进展情况表", 16),))
    made.show_pages((page,) * 4)
    made.show()
    qtbot.waitExposed(made)
    return made


def choose(view, zoom):
    view.zoom.set_value(zoom)
    view.zoom.chosen.emit(zoom)
    QApplication.processEvents()


def test_a_page_fills_the_width_or_is_seen_whole_or_is_as_large_as_wanted(view):
    wide = view.sheets[0].width()
    assert 900 - 120 < wide < 900
    choose(view, Fit.PAGE)
    assert view.sheets[0].height() < 600
    choose(view, 1.0)
    assert view.sheets[0].width() == round(297 * 96 / 25.4)
    choose(view, Fit.WIDTH)
    view.resize(1200, 600)
    QApplication.processEvents()
    assert view.sheets[0].width() > wide


def test_buttons_and_the_wheel_with_ctrl_make_pages_larger_and_smaller(view, qtbot):
    choose(view, 1.0)
    before = view.sheets[0].width()
    qtbot.mouseClick(view.larger, LEFT)
    assert view.sheets[0].width() == round(before * 1.25)
    assert view.zoom.currentText() == "125 %"
    qtbot.mouseClick(view.smaller, LEFT)
    assert view.sheets[0].width() == before
    place = QPointF(200, 200)
    down = QWheelEvent(
        place, view.mapToGlobal(place), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.sheets[0].parentWidget().parentWidget(), down)
    assert view.sheets[0].width() == round(before / 1.25)


def test_a_page_is_gone_to_by_its_number_and_scrolling_tells_the_number(view):
    assert (view.number.value(), view.number.text()) == (1, "第 1 页，共 4 页")
    view.number.setValue(3)
    QApplication.processEvents()
    top = view.sheets[2].mapTo(view, QPoint(0, 0)).y()
    assert 0 < top < 200
    bar = view.findChild(type(view.sheets[0].parentWidget().parentWidget().parentWidget()))
    bar.verticalScrollBar().setValue(0)
    assert view.number.value() == 1


def test_without_pages_nothing_can_be_pressed(view):
    view.show_pages(())
    assert not view.number.isEnabled()
    assert not view.zoom.isEnabled()
