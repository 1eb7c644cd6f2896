"""A chart under the mouse: values, zoom, pulling, opening; and the same without a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from fsdesk.reports.charts.bars import overview_figure
from fsdesk.reports.charts.output import draw_chart
from tests.reports.conftest import make_status
from ui.widgets.pictures.chart_view import ChartView
from ui.widgets.pictures.lens import MOST_ZOOM

SIZE = (600, 400)


@pytest.fixture
def view(qtbot, theme):
    made = ChartView("指标完成率图")
    qtbot.addWidget(made)
    made.resize(*SIZE)
    made.show()
    made.show_drawing(draw_chart(overview_figure(make_status()), *SIZE))
    return made


def middle(view, number):
    box = view.lens.box(view.drawing.spots[number][0])
    return box.center().toPoint()


def wheel(view, point, steps):
    event = QWheelEvent(
        QPointF(point), view.mapToGlobal(QPointF(point)), QPoint(), QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def test_the_mouse_says_the_numbers_of_what_it_is_over(view, qtbot):
    with qtbot.waitSignal(view.pointed) as told:
        qtbot.mouseMove(view, middle(view, 0))
    assert told.args == ["食品监督抽检批次：34.2%  650批次 / ≥1900批次，序时进度 50.0%，滞后"]
    assert view.accessibleDescription() == told.args[0]
    assert view.cursor().shape() is Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(view.pointed) as told:
        qtbot.mouseMove(view, QPoint(3, 3))
    assert told.args == [""]


def test_a_click_opens_what_is_under_it_and_nothing_beside_the_chart(view, qtbot):
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle(view, 1))
    assert opened.args[0].target == ("indicator", "I02-2")
    with qtbot.assertNotEmitted(view.opened):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))


def test_the_wheel_zooms_about_the_mouse_and_asks_for_a_sharper_picture(view, qtbot):
    point = middle(view, 0)
    with qtbot.waitSignal(view.wanted) as asked:
        wheel(view, point, 1)
        wheel(view, point, 1)
    assert asked.args[1] == pytest.approx(view.devicePixelRatioF() * view.zoom)
    assert view.zoom > 1.5
    # What was under the mouse still is.
    assert view._found(QPointF(point))[1] is view.drawing.spots[0][1]
    for _ in range(20):
        wheel(view, point, 1)
    assert view.zoom == MOST_ZOOM
    for _ in range(30):
        wheel(view, point, -1)
    assert view.zoom == 1.0


def test_a_pull_moves_a_zoomed_chart_but_never_out_of_its_frame(view, qtbot):
    view.zoom_by(3.0)
    before = view.lens.whole
    start = QPoint(300, 200)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(60, 40))
    with qtbot.assertNotEmitted(view.opened):
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 40))
    assert view.lens.whole.left() > before.left()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    qtbot.mouseMove(view, QPoint(590, 390))
    for _ in range(5):
        view._pressed = QPointF(0, 0)
        qtbot.mouseMove(view, QPoint(590, 390))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(590, 390))
    assert view.lens.whole.left() <= 0
    assert view.lens.whole.right() >= view.width()


def test_a_double_click_shows_the_whole_again(view, qtbot):
    view.zoom_by(3.0)
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert view.zoom == 1.0
    assert view.lens.whole.left() == pytest.approx(0, abs=0.5)


def test_the_keys_do_what_the_mouse_does(view, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.spot.target == ("indicator", "I02-2")
    qtbot.keyClick(view, Qt.Key.Key_Up)
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args[0].target == ("indicator", "I02-1")
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom > 1
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.zoom == 1
    with qtbot.waitSignal(view.copy_wanted):
        qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_words_take_the_place_of_a_chart_that_cannot_be_made(view, qtbot):
    view.show_text("没有可比的数据")
    assert view.spot is None
    assert view.drawing is None
    qtbot.keyClick(view, Qt.Key.Key_Right)
    wheel(view, QPoint(10, 10), 1)
    assert view.zoom == 1.0
    view.grab()


def test_what_is_pointed_at_is_framed(view, qtbot):
    plain = view.grab().toImage()
    qtbot.mouseMove(view, middle(view, 0))
    assert view.grab().toImage() != plain
