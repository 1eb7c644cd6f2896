"""Every chart against a picture that a person has looked at, in both looks of the window."""

from __future__ import annotations

import pytest
from matplotlib.collections import PathCollection
from msgspec.structs import replace

from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.records.records import DataValue, RecordKind
from fsdesk.domain.status.trend import indicator_trend
from fsdesk.reports.charts.bars import (
    overview_figure,
    section_figure,
    unit_figure,
    year_on_year_figure,
)
from fsdesk.reports.charts.frame import DARK_STYLE, LIGHT_STYLE
from fsdesk.reports.charts.grids import completeness_figure, heat_figure
from fsdesk.reports.charts.output import draw_chart
from fsdesk.reports.charts.trend import trend_figure
from tests.reports.conftest import make_plan, make_records, make_status, record
from tests.reports.golden import differences, same
from tests.years import year_of

SIZE = (900, 420)


def samples(month, value, year=2026):
    return record(RecordKind.VALUE, "I02-1", "scjg", DataValue(value=value), f"{year}-{month:02d}")


def trend():
    monthly = [samples(n, value) for n, value in enumerate((120, 90, 180, 140, 110, 150), start=1)]
    plan = make_plan()
    june = Period.parse("2026-06")
    return indicator_trend(year_of(plan, monthly), plan.indicators_by_code["I02-1"], june)


def reports():
    units = (("scjg", "区市场监管局"), ("nyj", "区农业农村局"), ("xx", "西兴街道"))
    states = {("scjg", f"2026-{month:02d}"): "on_time" for month in range(1, 7)}
    states |= {("nyj", f"2026-{month:02d}"): "late" for month in range(1, 6)}
    states |= {("nyj", "2026-06"): "returned", ("xx", "2026-01"): "missing"}
    return units, months_of(2026), states


def charts(style):
    status = make_status()
    before = make_status(replace(make_plan(), year=2025), [samples(6, 520, 2025)], year=2025)
    return {
        "indicators": overview_figure(status, style),
        "trend": trend_figure(trend(), style),
        "heat": heat_figure(status, style),
        "units": unit_figure(status, style),
        "completeness": completeness_figure(*reports(), style),
        "sections": section_figure(status, style),
        "years": year_on_year_figure(status, before, style),
    }


@pytest.fixture(scope="module")
def light():
    return charts(LIGHT_STYLE)


KINDS = ("indicators", "trend", "heat", "units", "completeness", "sections", "years")


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_looks_as_it_did_when_it_was_reviewed(light, kind):
    assert same(differences(draw_chart(light[kind], *SIZE, 0.8), kind))


@pytest.mark.parametrize("kind", ["heat", "trend"])
def test_the_dark_look_is_as_reviewed(kind):
    drawing = draw_chart(charts(DARK_STYLE)[kind], *SIZE, 0.8)
    assert same(differences(drawing, f"{kind}-dark"))


def test_one_other_figure_is_not_within_the_tolerance(monkeypatch):
    monkeypatch.delenv("FSDESK_RENEW", raising=False)
    other = [*make_records(), samples(5, 200)]
    assert not same(
        differences(draw_chart(overview_figure(make_status(None, other)), *SIZE, 0.8), "indicators")
    )


def test_a_chart_that_lost_its_words_is_not_within_the_tolerance(monkeypatch):
    monkeypatch.delenv("FSDESK_RENEW", raising=False)
    chart = unit_figure(make_status())
    for text in chart.figure.axes[0].texts:
        text.set_visible(False)
    assert not same(differences(draw_chart(chart, *SIZE, 0.8), "units"))


def test_drawing_again_after_another_size_gives_the_same_picture(light):
    first = draw_chart(light["heat"], *SIZE)
    draw_chart(light["heat"], 500, 300, 2.0)
    assert draw_chart(light["heat"], *SIZE).pixels == first.pixels


def test_the_marks_of_the_heat_map_differ_by_shape_not_by_colour_alone(light):
    drawn = light["heat"].figure.axes[0].collections
    marks = [c for c in drawn if isinstance(c, PathCollection) and len(c.get_offsets())]
    shapes = {
        (len(mark.get_paths()[0].vertices), bool(len(mark.get_facecolors()))) for mark in marks
    }
    assert len(marks) == len(shapes) == 3


# What the new charts say


def test_the_heat_map_has_a_cell_for_each_task_of_each_unit(light):
    status = make_status()
    spots = {spot.target[1:]: spot for spot in light["heat"].spots}
    wanted = {
        (unit.unit, task.task.code): task.light for unit in status.units for task in unit.tasks
    }
    assert set(spots) == set(wanted)
    assert all(wanted[key].label in spot.words for key, spot in spots.items())


def test_the_trend_says_each_month_beside_its_pace_and_the_forecast_in_december(light):
    words = [spot.words for spot in light["trend"].spots]
    assert words[0] == "1月：120批次，序时应完成 158批次"
    assert words[8] == "9月：序时应完成 1425批次"
    assert words[11] == "12月：预计 1580批次，序时应完成 1900批次"


def test_without_three_months_the_trend_says_why_there_is_no_forecast():
    plan = make_plan()
    year = year_of(plan, [samples(1, 100)])
    short = indicator_trend(year, plan.indicators_by_code["I02-1"], Period.parse("2026-01"))
    said = [text.get_text() for text in trend_figure(short).figure.axes[0].texts]
    assert "已有数据不足三个月，不作预测" in said


def test_reports_are_counted_beside_each_unit(light):
    said = [text.get_text() for text in light["completeness"].figure.axes[0].texts]
    assert "已报 6/6，按时 6" in said
    assert "已报 5/6，按时 0" in said
    assert "已报 0/1，按时 0" in said
