"""分单位 in the window: what goes along is chosen, and the city's figure opens down to a unit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fsdesk.domain.ladder.carrying import Carry
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.drill_down import Depth, FigureRef
from fsdesk.services.ladder import drawing, unit_parts
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from tests.workspaces import MARCH, import_files
from ui.pages.ladder.page import LadderPage
from ui.pages.status.drill_down import DrillPage


def test_what_goes_along_is_chosen_once_and_stays(page_test, levels):
    levels.link()
    test = page_test(levels.upper)
    page = test.show(LadderPage(test.desk))
    assert page.figures.carry.value == Carry()
    page.figures.carry.setFocus()
    QTest.keyClick(page.figures.carry, Qt.Key.Key_Down)
    test.settle()
    assert test.told.news[-1] == "已改随报送带上的内容，下次取数时带上。"
    assert unit_parts.carrying(levels.upper) == Carry(below=True)
    page.refresh("2026-04")
    test.settle()
    assert page.figures.carry.value == Carry(below=True)


def test_the_citys_figure_opens_down_to_a_unit_of_the_district(page_test, levels, tmp_path):
    levels.link()
    recording.record_value(levels.own, "I01-1", "2026-03", DataValue(30.0), "scj")
    drawing.draw(levels.upper, MARCH)
    import_files(
        levels.city, exchange.export_report(levels.upper, MARCH, tmp_path / "区.xlsx").file
    )
    test = page_test(levels.city)
    page = test.show(DrillPage(test.desk))
    page.open(FigureRef(Depth.FIGURE, "I07-1", "bjq"))
    test.settle()
    for begins in ("分单位", "区市场监管局"):
        rows = page.table.model()
        row = next(
            n for n in range(rows.rowCount()) if str(rows.index(n, 0).data()).endswith(begins)
        )
        page.table.selectRow(row)
        test.qtbot.keyClick(page.table, Qt.Key.Key_Return)
        test.settle()
    assert "区市场监管局的数随滨江区的报送包送来" in page.words.text()
    test.qtbot.mouseClick(page.up, Qt.MouseButton.LeftButton)
    test.settle()
    assert "合计 30批次" in page.words.text()
