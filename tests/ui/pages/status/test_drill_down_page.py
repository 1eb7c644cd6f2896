"""数据溯源: Enter goes deeper, the path leads back, files open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.drill_down import Depth, FigureRef
from fsdesk.services.records import recording
from ui.pages.plan.plan import PlanPage
from ui.pages.status.aggregate import AggregatePage
from ui.pages.status.drill_down import DrillPage


@pytest.fixture
def bench(page_test, office):
    recording.record_value(office, "I01-1", "2026-03", DataValue(value=240), unit="scj")
    return page_test(office)


@pytest.fixture
def page(bench):
    return bench.show(DrillPage(bench.desk))


def go_deeper(bench, page, begins):
    model = page.table.model()
    texts = [str(model.index(row, c).data()) for row in range(model.rowCount()) for c in (0, 1)]
    row = next(n // 2 for n, text in enumerate(texts) if text.startswith(begins))
    page.table.selectRow(row)
    bench.qtbot.keyClick(page.table, Qt.Key.Key_Return)
    bench.settle()


def crumbs(page):
    return [b.text() for b in page._path.findChildren(QPushButton) if not b.isHidden()]


def test_enter_goes_deeper_and_the_path_leads_back(bench, page):
    assert "总进度" in page.words.text()
    for begins in ("T01-1", "I01-1", "区市场监管局", "2026年3月"):
        go_deeper(bench, page, begins)
    assert "没有佐证材料" in page.words.text()
    assert page.table.model().rows[0].cells == ("填报内容", "240批次")

    link = next(b for b in page._path.findChildren(QPushButton) if b.text() == "I01-1")
    bench.qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    bench.settle()
    assert "目标 ≥1200批次" in page.words.text()
    bench.qtbot.mouseClick(page.up, Qt.MouseButton.LeftButton)
    bench.settle()
    assert page._level.spot == FigureRef(Depth.TASK, "T01-1")


def test_a_file_that_is_gone_is_told(bench, page, office, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(bench.files, "launch", opened.append)
    line = page.table.model().rows[0]
    there = tmp_path / "packet.xlsx"
    there.write_bytes(b"")
    page._open_line(type(line)(("来源", ""), file=there))
    page._open_line(type(line)(("来源", ""), file=tmp_path / "gone.xlsx"))
    bench.settle()

    assert opened == [there]
    assert bench.told.warnings == ["文件已不在工作区中：gone.xlsx。有备份时可以从备份恢复。"]


def test_figures_of_other_pages_lead_here(bench):
    wanted = []
    plan = bench.show(PlanPage(bench.desk))
    plan.open_requested.connect(lambda key, item: wanted.append((key, item)))
    links = [b for b in plan.detail.findChildren(QPushButton) if b.text() == "溯源"]
    bench.qtbot.mouseClick(links[0], Qt.MouseButton.LeftButton)

    assert wanted == [("drill", FigureRef(Depth.INDICATOR, "I01-1"))]


def test_a_row_of_the_aggregate_opens_its_figure(bench, theme):
    wanted = []
    page = bench.show(AggregatePage(bench.desk, theme))
    page.open_requested.connect(lambda key, item: wanted.append((key, item)))
    for tab in range(3):
        page.tabs.setCurrentIndex(tab)
        bench.qtbot.keyClick(page.tables[tab], Qt.Key.Key_Return)

    assert [key for key, _ in wanted] == ["drill"] * 3
    assert [item.depth for _, item in wanted] == [Depth.TASK, Depth.UNIT, Depth.INDICATOR]
