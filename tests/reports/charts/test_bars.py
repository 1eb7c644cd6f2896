from __future__ import annotations

from io import BytesIO

import pytest
from msgspec.structs import replace
from PIL import Image
from pypdf import PdfReader

from fsdesk.domain.output.pages import Paper
from fsdesk.domain.records.records import DataValue, RecordKind
from fsdesk.domain.status.lights import Light
from fsdesk.reports.charts.bars import (
    change_text,
    overview_figure,
    section_figure,
    unit_figure,
    year_on_year_figure,
    year_pairs,
)
from fsdesk.reports.charts.frame import DARK_STYLE, LIGHT_STYLE, ROW_NAME, ROW_WORDS, rgb
from fsdesk.reports.charts.grids import heat_figure
from fsdesk.reports.charts.output import draw_chart
from fsdesk.reports.charts.pages import chart_pdf, picture
from tests.reports.conftest import make_plan, make_status, record


def texts(chart, sign):
    return [text.get_text() for text in chart.figure.axes[0].texts if text.get_gid() == sign]


def words(chart):
    return texts(chart, ROW_WORDS)


def names(chart):
    return [text.replace("\n", "") for text in texts(chart, ROW_NAME)]


def bars(chart):
    return chart.figure.axes[0].patches


def test_a_bar_for_each_indicator_with_data_as_long_as_its_attainment(status):
    chart = overview_figure(status)
    reached = {
        row: found.attainment
        for row, found in enumerate(status.indicators)
        if found.attainment is not None
    }
    drawn = {round(bar.get_y() + bar.get_height() / 2): bar.get_width() for bar in bars(chart)}
    assert drawn == reached
    assert names(chart) == [found.indicator.name for found in status.indicators]
    assert words(chart)[0] == "■ 34.2%  650批次 / ≥1900批次"
    assert words(chart)[2] == "○ —"


def test_pace_marks_stand_at_the_pace_of_the_status(status):
    marks = overview_figure(status).figure.axes[0].collections[0]
    places = [segment[0][0] for segment in marks.get_segments()]
    assert places == [found.pace for found in status.indicators]


def test_units_are_ranked_and_those_without_reports_come_last(status):
    chart = unit_figure(status)
    units = {unit.name: unit for unit in status.units}
    shown = [units[name] for name in names(chart)]
    known = [unit for unit in shown if unit.progress is not None]
    assert shown[: len(known)] == known
    standing = [unit.standing for unit in known]
    assert standing == sorted(standing, reverse=True)
    assert len(bars(chart)) == len(known)
    assert "○ 未报" in words(chart)


def test_lights_of_a_section_add_up_to_its_tasks(status):
    chart = section_figure(status)
    assert sum(bar.get_width() for bar in bars(chart)) == len(status.tasks)
    said = sorted(spot.words for spot in chart.spots)
    assert said == sorted(
        [
            "压实安全责任：■ 滞后 1 项",
            "压实安全责任：● 正常 1 项",
            "严格监管执法：● 正常 1 项",
            "严格监管执法：○ 数据不足 1 项",
        ]
    )


def test_lights_differ_without_colour(status):
    assert len({bar.get_hatch() for bar in bars(overview_figure(status))}) == 2


@pytest.mark.parametrize("style", [LIGHT_STYLE, DARK_STYLE])
def test_lights_differ_for_every_kind_of_colour_vision(style):
    # What is left of red and green with dichromacy (Viénot, Brettel and Mollon 1999), linear RGB.
    kinds = {
        "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
        "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    }
    for matrix in kinds.values():
        seen = [seen_as(rgb(style.fill(light)), matrix) for light in Light]
        for place, one in enumerate(seen):
            for other in seen[place + 1 :]:
                assert max(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.12


def seen_as(colour, matrix):
    linear = [part**2.2 for part in colour]
    mixed = [sum(f * part for f, part in zip(row, linear, strict=True)) for row in matrix]
    return [min(max(part, 0.0), 1.0) ** (1 / 2.2) for part in mixed]


@pytest.mark.slow
@pytest.mark.parametrize("draw", [overview_figure, unit_figure, section_figure, heat_figure])
@pytest.mark.parametrize("ending", ["png", "svg"])
def test_every_chart_can_be_saved_without_a_missing_character(status, draw, ending):
    # matplotlib warns of a missing glyph, and warnings are errors here.
    assert picture(draw(status), "制图：区食药安办", ending) == picture(
        draw(status), "制图：区食药安办", ending
    )


@pytest.mark.parametrize("draw", [overview_figure, unit_figure, section_figure, heat_figure])
def test_a_pdf_has_the_pages_of_the_paper_and_a_title(status, draw):
    data, count = chart_pdf(draw(status), "制图：区食药安办", Paper())
    assert chart_pdf(draw(status), "制图：区食药安办", Paper()) == (data, count)
    book = PdfReader(BytesIO(data))
    assert book.metadata.title == draw(status).title
    assert len(book.pages) == count == 1
    assert [round(float(side)) for side in book.pages[0].mediabox[2:]] == [842, 595]
    text = book.pages[0].extract_text()
    assert status.period.label in text
    assert "制图：区食药安办" in text


def test_the_screen_gets_the_size_that_it_asks_for(status):
    drawing = draw_chart(overview_figure(status, DARK_STYLE), 640, 320, 1.5)
    assert (drawing.width, drawing.height) == (960, 480)
    picture = Image.frombytes("RGBA", (drawing.width, drawing.height), drawing.pixels)
    assert picture.convert("RGB").getpixel((2, 2)) == (0x1F, 0x23, 0x29)


def test_the_mouse_finds_the_numbers_of_a_bar_and_nothing_beside_the_chart(status):
    drawing = draw_chart(overview_figure(status), 1000, 500)
    place, first = drawing.spots[0]
    middle = ((place.left + place.right) / 2, (place.top + place.bottom) / 2)
    assert [spot for spot_place, spot in drawing.spots if spot_place.holds(*middle)] == [first]
    assert first.target == ("indicator", "I02-1")
    assert first.words == "食品监督抽检批次：34.2%  650批次 / ≥1900批次，序时进度 50.0%，滞后"
    assert not any(spot_place.holds(0.001, 0.001) for spot_place, _ in drawing.spots)
    # The first row stands above the second.
    assert place.bottom <= drawing.spots[1][0].top + 1e-9


# Year on year


@pytest.fixture
def before():
    plan = replace(make_plan(), year=2025)
    values = [
        record(RecordKind.VALUE, "I02-1", "scjg", DataValue(value=520), "2025-06"),
        record(
            RecordKind.VALUE, "I02-2", "scjg", DataValue(numerator=9, denominator=20), "2025-05"
        ),
    ]
    return make_status(plan, values, year=2025)


def test_last_year_stands_beside_this_year_for_the_same_indicator(status, before):
    chart = year_on_year_figure(status, before)
    assert names(chart) == ["食品监督抽检批次", "学校食堂A级比例"]
    assert words(chart) == [
        "+25.0%  650批次，去年同期520批次",
        "+5.0个百分点  50%，去年同期45%（截至5月）",
    ]
    lengths = [bar.get_width() for bar in bars(chart)]
    now, then = status.indicators, before.indicators
    assert lengths == [
        now[0].attainment, now[1].attainment, then[0].attainment, then[1].attainment,
    ]  # fmt: skip


def test_growth_from_nothing_is_said_in_words(status, before):
    now, then = year_pairs(status, before)[0]
    nothing = replace(then, figure=replace(then.figure, value=0.0))
    assert change_text(now, nothing) == "去年同期为0"
    assert change_text(now, replace(then, figure=now.figure)) == "持平"
    unknown = replace(then, figure=replace(then.figure, value=None))
    assert change_text(now, unknown) == "—"
