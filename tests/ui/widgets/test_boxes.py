"""Rows, columns, frames and splitters made in one call."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, row_of, scrolling, splitter


def test_a_row_takes_parts_room_and_stretch_in_order(qtbot):
    frame, inner = QWidget(), column_of(QLabel("a"), QLabel("b"))
    qtbot.addWidget(frame)
    first, last = QLabel("first"), QLabel("last")
    box = row_of(first, 12, (inner, 2), None, (last, 0, Qt.AlignmentFlag.AlignTop), parent=frame)
    assert frame.layout() is box
    assert [box.itemAt(place).widget() for place in (0, 4)] == [first, last]
    assert box.itemAt(1).sizeHint().width() == 12
    assert box.itemAt(2).layout() is inner
    assert [box.stretch(place) for place in range(5)] == [0, 0, 2, 0, 0]
    assert box.itemAt(3).expandingDirections() == Qt.Orientation.Horizontal
    assert box.itemAt(4).alignment() == Qt.AlignmentFlag.AlignTop
    assert all(label.parentWidget() is frame for label in (first, last))


@pytest.mark.parametrize(
    ("margins", "wanted"), [(0, (0, 0, 0, 0)), (7, (7, 7, 7, 7)), ((1, 2, 3, 4), (1, 2, 3, 4))]
)
def test_margins_are_one_number_or_four(qtbot, margins, wanted):
    frame = boxed(column_of(QLabel("a"), margins=margins))
    qtbot.addWidget(frame)
    room = frame.layout().contentsMargins()
    assert (room.left(), room.top(), room.right(), room.bottom()) == wanted
    assert frame.layout().spacing() == SPACE_S


def test_room_of_minus_one_is_left_to_the_style(qtbot):
    plain, ours = QWidget(), QWidget()
    for frame in (plain, ours):
        qtbot.addWidget(frame)
    ours.setLayout(row_of(spacing=-1, margins=-1))
    plain.setLayout(type(ours.layout())())
    assert ours.layout().contentsMargins() == plain.layout().contentsMargins()
    assert ours.layout().spacing() == plain.layout().spacing() != SPACE_S


def test_a_splitter_and_an_area_hold_what_they_are_given(qtbot):
    left, right = QLabel("left"), QLabel("right")
    made = splitter(left, (right, 1), upright=True)
    qtbot.addWidget(made)
    assert [made.widget(0), made.widget(1)] == [left, right]
    assert made.orientation() == Qt.Orientation.Vertical
    assert not made.childrenCollapsible()
    assert right.sizePolicy().verticalStretch() == 1
    area = scrolling(QLabel("long"))
    qtbot.addWidget(area)
    assert area.widgetResizable()
