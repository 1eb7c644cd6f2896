"""Tables of records: sorting, filtering, copying, lights in cells, remembered columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from fsdesk.domain.status.lights import Light
from ui.models.rows import ROW_ROLE, RowColumn, RowsModel
from ui.theme import LIGHT
from ui.widgets.lights import light_at
from ui.widgets.tables.report_table import ReportTable

pytestmark = pytest.mark.usefixtures("theme")


@dataclass(frozen=True)
class Row:
    name: str
    value: float | None
    light: Light


ROWS = (
    Row("食堂", 9.0, Light.GREEN),
    Row("抽检\n批次", 1900.0, Light.RED),
    Row("哨点", None, Light.GREY),
)
COLUMNS = (
    RowColumn[Row](
        "亮灯", lambda row: "", sort=lambda row: row.light.urgency, light=lambda row: row.light
    ),
    RowColumn[Row]("名称", lambda row: row.name, stretch=True, tip=lambda row: f"详见{row.name}"),
    RowColumn[Row](
        "完成值",
        lambda row: "" if row.value is None else f"{row.value:,.0f}",
        sort=lambda row: row.value,
        number=True,
        width=90,
        ground=lambda row: QColor(LIGHT.red_ground) if row.light is Light.RED else None,
    ),
    RowColumn[Row](
        "进度", lambda row: "50.0%", light=lambda row: row.light, pace=lambda row: (0.5, 0.75)
    ),
)


@pytest.fixture
def model(qapp):
    made = RowsModel(COLUMNS)
    made.set_rows(ROWS)
    return made


@pytest.fixture
def table(qtbot, model):
    made = ReportTable("tasks")
    qtbot.addWidget(made)
    made.show_rows(model)
    made.resize(640, 240)
    with qtbot.waitExposed(made):
        made.show()
    return made


def names(table):
    shown = table.model()
    return [shown.index(row, 0).data(ROW_ROLE).name for row in range(shown.rowCount())]


def test_the_model_keeps_qts_rules(model, table):
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(model, mode, model)
    model.sort(2)
    model.set_wanted("食")
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.set_wanted("")
    model.set_rows(ROWS[:1])
    assert model.rowCount() == 1


def test_what_is_chosen_stays_chosen_while_it_is_seen(table, model):
    table.choose_row(ROWS[1])
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert (table.currentIndex().row(), table.selected_rows()) == (0, [ROWS[1]])
    model.set_wanted("抽检")
    assert table.selected_rows() == [ROWS[1]]
    model.set_wanted("食堂")
    assert table.selected_rows() == []
    model.set_wanted("")
    assert len(names(table)) == 3


def test_what_has_no_value_comes_first_and_equal_rows_keep_their_order(table, model):
    rows = [Row(name, value, Light.GREEN) for name, value in (("甲", 1), ("乙", None), ("丙", 1))]
    model.set_rows(rows)
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert names(table) == ["乙", "甲", "丙"]
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert names(table) == ["甲", "丙", "乙"]


def test_numbers_within_texts_are_sorted_as_numbers(table, model):
    texts = ["〔2026〕10号", "〔2026〕9号", "", "T01-10", "T01-9", "9" * 5000, "10"]
    model.set_rows([Row(text, None, Light.GREEN) for text in texts])
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert names(table) == ["", "10", "9" * 5000, "T01-9", "T01-10", "〔2026〕9号", "〔2026〕10号"]


def test_what_is_last_stays_last(qapp):
    model = RowsModel(COLUMNS, last=lambda row: row.name == "食堂")
    model.set_rows(ROWS)
    assert model.shown[-1] is ROWS[0]
    for order in Qt.SortOrder:
        model.sort(2, order)
        assert model.shown[-1] is ROWS[0]


def test_numbers_stand_at_the_right_and_their_heads_too(model):
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    role = Qt.ItemDataRole.TextAlignmentRole
    assert model.index(0, 2).data(role) == right
    assert model.headerData(2, Qt.Orientation.Horizontal, role) == right
    assert model.index(0, 1).data(role) != right
    assert model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == "详见食堂"
    assert model.index(0, 1).data(Qt.ItemDataRole.FontRole) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_rows_stay_in_their_order_until_a_head_is_clicked(table):
    assert names(table) == ["食堂", "抽检\n批次", "哨点"]
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert names(table) == ["哨点", "食堂", "抽检\n批次"]
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert names(table) == ["抽检\n批次", "食堂", "哨点"]


def test_a_filter_wants_every_word_in_any_column(table):
    table.model().set_wanted("抽检 1,900")
    assert names(table) == ["抽检\n批次"]
    table.model().set_wanted("抽检 食堂")
    assert names(table) == []
    table.model().set_wanted("")
    assert len(names(table)) == 3


def named(table, name):
    assert table.choose_rows(lambda row: row.name == name)


def test_what_was_chosen_stays_so_among_other_records_or_its_neighbour_is(table, model):
    """Whoever acts on the chosen row after a reload acts on the one that is marked."""
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    named(table, "食堂")
    told = []
    table.row_chosen.connect(told.append)
    raised = replace(ROWS[0], value=5000.0)
    table.show_again((raised, *ROWS[1:]), lambda row: row.name)
    assert names(table)[0] == "食堂"
    assert table.current_row() == told[-1] == raised
    assert table.selected_rows() == [raised]

    table.show_again(ROWS[1:], lambda row: row.name)  # it is gone
    assert table.selected_rows() == [table.current_row()] == [ROWS[1]]
    table.show_again((), lambda row: row.name)
    assert table.current_row() is None
    table.show_again(ROWS, lambda row: row.name, first=False)
    assert table.selected_rows() == []
    table.show_again(ROWS, lambda row: row.name)
    assert table.currentIndex().row() == 0


def test_looking_again_moves_no_row_from_under_the_mouse(table, model):
    marks = {row.name: "" for row in ROWS}
    model = RowsModel((RowColumn[Row]("新", lambda row: marks[row.name]),))
    model.set_rows(ROWS)
    table.show_rows(model)
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    before = names(table)
    marks[before[0]] = "看过"
    model.look_again()
    assert names(table) == before
    assert model.index(0, 0).data() == "看过"


def test_a_single_table_lets_one_row_be_chosen(qtbot, model):
    table = ReportTable("one", model, single=True)
    qtbot.addWidget(table)
    table.selectAll()
    named(table, "哨点")
    assert len(table.selected_rows()) == 1


def test_selected_rows_are_copied_with_their_heads(table, qtbot):
    table.choose_first()
    table.selectionModel().select(
        table.model().index(1, 0),
        QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
    )
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "亮灯\t名称\t完成值\t进度",
        "正常\t食堂\t9\t50.0%",
        "滞后\t抽检 批次\t1,900\t50.0%",
    ]


def test_nothing_selected_copies_nothing(qtbot):
    empty = ReportTable("empty")
    qtbot.addWidget(empty)
    empty.choose_first()
    assert empty.selected_text() == ""
    assert empty.current_row() is None


def test_a_row_is_chosen_by_arrow_and_opened_by_enter_and_double_click(table, qtbot):
    table.choose_first()
    with qtbot.waitSignal(table.row_chosen) as chosen:
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert chosen.args == [ROWS[1]]
    opened = []
    table.row_opened.connect(opened.append)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    spot = table.visualRect(table.model().index(2, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opened == [ROWS[1], ROWS[2]]
    assert table.current_row() == ROWS[2]


def test_lights_and_bars_are_drawn_in_their_cells(table):
    image = table.viewport().grab().toImage()
    for row, record in enumerate(ROWS):
        for column in (0, 3):
            index = table.model().index(row, column)
            assert light_at(index) is record.light
            cell = table.visualRect(index)
            seen = {
                image.pixelColor(x, y).name()
                for x in range(cell.left(), cell.right())
                for y in range(cell.top(), cell.bottom())
            }
            assert getattr(LIGHT, record.light.value) in seen


def test_hairlines_lie_between_rows_and_models_may_colour_cells(table):
    image = table.viewport().grab().toImage()
    bottom = table.rowViewportPosition(1) + table.rowHeight(1) - 1
    assert image.pixelColor(3, bottom) == QColor(LIGHT.line)
    inside = table.visualRect(table.model().index(1, 2)).topLeft()
    assert image.pixelColor(inside.x() + 2, inside.y() + 2) == QColor(LIGHT.red_ground)


def test_choosing_a_row_moves_no_letter(table):
    table.clearFocus()
    before = table.viewport().grab().toImage()
    table.choose_first()
    after = table.viewport().grab().toImage()
    ink = QColor(LIGHT.text)
    row = range(table.rowHeight(0))
    columns = range(table.viewport().width())
    assert [x for x in columns if any(before.pixelColor(x, y) == ink for y in row)] == [
        x for x in columns if any(after.pixelColor(x, y) == ink for y in row)
    ]


def test_columns_are_remembered(table, qtbot, model):
    table.setColumnWidth(2, 143)
    again = []

    def width_of_a_new_table():
        made = ReportTable("tasks")
        qtbot.addWidget(made)
        made.show_rows(model)
        again.append(made.columnWidth(2))
        return again[-1] == 143

    qtbot.waitUntil(width_of_a_new_table)


def test_dense_rows_are_lower(qtbot, model):
    made = ReportTable("dense", dense=True)
    qtbot.addWidget(made)
    made.show_rows(model)
    assert made.rowHeight(0) == 26
