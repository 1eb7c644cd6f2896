"""汇总: a figure reads the same wherever it stands, and says so where two sources differ."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.drill_down import YEAR, Depth, FigureRef
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.services.status.drill_down import open_figure
from tests.workspaces import MARCH
from ui.pages.overview.overview import OverviewPage
from ui.pages.status.aggregate import AggregatePage
from ui.widgets.label import ElidedLabel

# Just below the whole, where one decimal would say that the target is kept.
JUST_BELOW = DataValue(numerator=9996, denominator=10000)


@pytest.fixture
def office(office):
    recording.record_value(office, "I01-3", "2026-03", JUST_BELOW, "scj")
    return office


def column(table, title):
    model = table.model()
    heads = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    place = heads.index(title)
    return [model.index(row, place).data() for row in range(model.rowCount())]


def test_a_figure_reads_the_same_on_its_page_and_where_it_opens_to(office, page_test, theme):
    test = page_test(office)
    page = test.show(AggregatePage(test.desk, theme))
    year = open_figure(office, MARCH, YEAR)
    assert column(page.tables[0], "任务进度") == [line.cells[1] for line in year.lines]
    assert column(page.tables[0], "序时进度") == [line.cells[2] for line in year.lines]
    place = column(page.tables[2], "编码").index("I01-3")
    shares = column(page.tables[2], "完成率")[place], column(page.tables[2], "序时进度")[place]
    assert shares == ("99.96%", "100.0%")
    opened = open_figure(office, MARCH, FigureRef(Depth.INDICATOR, "I01-3"))
    assert f"完成率 {shares[0]}，序时进度 {shares[1]}，偏慢" in opened.words[0]
    overview = page_test(office)
    tile = overview.show(OverviewPage(overview.desk, theme)).progress.accessibleName()
    assert f"总进度 {tile.partition('：')[2].partition('，')[0]}，" in year.words[0]


def test_a_level_of_an_earlier_month_says_so(office, page_test, theme):
    level = next(
        i for i in aggregation.status(office, MARCH).indicators
        if i.indicator.aggregation is Aggregation.LEVEL and i.indicator.typed
    )  # fmt: skip
    unit = level.by_unit[0].unit
    ratio = level.indicator.kind is IndicatorKind.RATIO
    data = DataValue(numerator=1, denominator=2) if ratio else DataValue(value=3)
    recording.record_value(office, level.indicator.code, "2026-03", data, unit)
    test = page_test(office)
    page = test.show(AggregatePage(test.desk, theme), "2026-06")
    place = column(page.tables[2], "编码").index(level.indicator.code)
    assert column(page.tables[2], "完成值")[place].endswith("（截至3月）")
    page.refresh(str(MARCH))
    test.settle()
    assert "截至" not in column(page.tables[2], "完成值")[place]


def test_a_unit_compares_no_units_and_counts_its_own_tasks(unit, page_test, theme):
    test = page_test(unit)
    page = test.show(AggregatePage(test.desk, theme))
    assert [page.tabs.tabText(n) for n in range(page.tabs.count())] == ["按任务", "按指标"]
    assert "只有区市场监管局的数据" in page.header.findChild(ElidedLabel).text()
    targets = [page._target(row) for row in page.models[2].rows]
    assert "合计≥1200批次" in targets
