"""Charts of 5 to 100 units with long names: every text is read, and none over another."""

from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib.text import Text

from fsdesk.domain.output.pages import Paper, PaperSize
from fsdesk.domain.periods import Period
from fsdesk.domain.status.trend import Forecast, Trend
from fsdesk.reports.charts.bars import overview_figure, section_figure, unit_figure
from fsdesk.reports.charts.frame import ROW_NAME, SOURCE, with_mark
from fsdesk.reports.charts.grids import completeness_figure, heat_figure
from fsdesk.reports.charts.output import draw_chart
from fsdesk.reports.charts.pages import chart_pages, with_source
from fsdesk.reports.charts.trend import trend_figure
from tests.reports.districts import SIZES, district, district_reports, district_status

SOURCE_WORDS = (
    "数据来源：各单位报送，报告期2026年6月，覆盖12/100个单位　"
    "制图：某市某某新城经济技术开发区食品药品安全委员会办公室　2026年7月8日"
)
MARK = "（数据覆盖率145/1480，已报送12/100）（2026年7月8日发布）"
DRAW = {
    "indicators": lambda count: overview_figure(district_status(count)),
    "units": lambda count: unit_figure(district_status(count)),
    "sections": lambda count: section_figure(district_status(count)),
    "heat": lambda count: heat_figure(district_status(count)),
    "completeness": lambda count: completeness_figure(*district_reports(count)),
}


def boxes(figure):
    """The texts that are seen, with the rectangles that their letters take."""
    figure.canvas.draw()
    return [
        (text.get_text(), text.get_window_extent())
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text()
    ]


def assert_apart(figure):
    found = boxes(figure)
    width, height = figure.get_size_inches() * figure.dpi
    for words, box in found:
        assert box.x0 >= -1, words
        assert box.y0 >= -1, words
        assert box.x1 <= width + 1, words
        assert box.y1 <= height + 1, words
    for (words, box), (other, place) in combinations(found, 2):
        across = min(box.x1, place.x1) - max(box.x0, place.x0)
        down = min(box.y1, place.y1) - max(box.y0, place.y0)
        # A box holds the room above and below the letters, which is free.
        assert across <= 1 or down <= 0.25 * min(box.height, place.height), (words, other)


@pytest.mark.parametrize("kind", DRAW)
@pytest.mark.parametrize("count", SIZES)
def test_a_saved_picture_is_as_high_as_its_rows_need(kind, count):
    chart = with_mark(DRAW[kind](count), MARK)
    with_source(chart, SOURCE_WORDS)
    assert_apart(chart.figure)


@pytest.mark.parametrize("kind", DRAW)
@pytest.mark.parametrize("count", SIZES)
def test_each_page_can_be_read_and_every_row_is_on_one(kind, count):
    chart = with_mark(DRAW[kind](count), MARK)
    rows = [text for text in chart.figure.axes[0].texts if text.get_gid() == ROW_NAME]
    seen, sizes = [], []
    for _ in chart_pages(chart, SOURCE_WORDS, Paper()):
        assert_apart(chart.figure)
        shown = [text for text in rows if text.get_visible()]
        seen += shown
        sizes.append(len(shown))
        assert min(text.get_fontsize() for text in shown) >= 7
    assert seen == rows
    assert len(sizes) == 1 or sizes[-1] > 1


@pytest.mark.parametrize("kind", ["heat", "units"])
def test_larger_paper_takes_more_rows(kind):
    pages = [
        len(list(chart_pages(DRAW[kind](60), SOURCE_WORDS, Paper(size)))) for size in PaperSize
    ]
    assert pages[1] < pages[0]


@pytest.mark.parametrize("count", [5, 18])
@pytest.mark.parametrize("kind", DRAW)
@pytest.mark.parametrize("size", [(760, 380), (1100, 560)])
def test_the_screen_shows_no_text_over_another(kind, count, size):
    chart = DRAW[kind](count)
    draw_chart(chart, *size)
    assert_apart(chart.figure)


def test_each_page_says_whose_it_is_and_its_number():
    chart = DRAW["units"](60)
    said = []
    for _ in chart_pages(chart, SOURCE_WORDS, Paper()):
        (foot,) = [text for text in chart.figure.texts if text.get_gid() == SOURCE]
        said.append(foot.get_text().replace("\n", ""))
    assert all("制图：某市" in words for words in said)
    assert said[1].endswith(f"第2页，共{len(said)}页")


def test_a_name_that_is_cut_short_says_so():
    whole = [unit.name for unit in district(18).directory.units[1:]]
    texts = DRAW["completeness"](18).figure.axes[0].texts
    names = [text.get_text().replace("\n", "") for text in texts if text.get_gid() == ROW_NAME]
    for name, shown in zip(whole, names, strict=True):
        assert shown == name or (shown.endswith("…") and name.startswith(shown[:-1]))
    assert any(shown.endswith("…") for shown in names)


@pytest.mark.parametrize("expected", [60, 92, 99, 100, 101, 110, 160])
@pytest.mark.parametrize("inches", [(7.0, 2.9), (10.0, 4.6), (11.7, 8.3)])
def test_where_the_trend_ends_its_target_and_forecast_stand_apart(expected, inches):
    june = Period.parse("2026-06")
    ahead = Forecast(expected, expected - 4.1, expected + 4.3)
    pace = tuple(month / 12 * 100 for month in range(1, 13))
    trend = Trend("", "总进度", "%", 100.0, june, (4.0, 11, 20, 31, 40, 47), pace, ahead)
    chart = with_mark(trend_figure(trend), MARK)
    chart.figure.set_size_inches(*inches)
    assert_apart(chart.figure)
